"""Which sites' pages may talk to the assistant."""

import re
from collections.abc import Sequence

from assistant.settings import Settings

VARIABLE = "ASSISTANT_ORIGINES"
#: An origin as browsers send it: no path, no trailing slash.
_ORIGIN = re.compile(r"https?://(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?")


def allowed_origins(named: Sequence[str] | None) -> frozenset[str]:
    """Return the origins that an operator allows beside the assistant's own.

    Args:
        named: those of `credentials.yml`; None takes those of ASSISTANT_ORIGINES, separated by commas or spaces.

    Raises:
        ValueError: one could never be that of a browser; the message names it, in French. `*` is none either: each site
            is named.
    """
    place = "origins" if named is not None else VARIABLE
    if named is None:
        named = Settings.read().origins
    if isinstance(named, str):
        named = re.split(r"[,\s]+", named.strip(", \t\n"))
    return frozenset(_origin(name, place) for name in named if name != "")


def _origin(name: object, place: str) -> str:
    origin = str(name).lower().rstrip("/")
    if not _ORIGIN.fullmatch(origin):
        raise ValueError(f"{place} : « {name} » n'est pas l'origine d'un site, comme https://www.exemple.org.")
    return origin
