"""Whether what is sent to an address can be read on the way."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit


def is_safe(address: str) -> bool:
    """Return whether nobody on the way can read what is sent to an address: https, or this machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        local = host == "localhost" or (bool(re.fullmatch(r"[0-9.]+|.*:.*", host)) and ip_address(host).is_loopback)
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and local))
