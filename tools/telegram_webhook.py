"""`make telegram-webhook URL=https://…`: tell Telegram where to send what people write to the bot."""

import argparse
import os
import re
import sys
from collections.abc import Mapping
from datetime import datetime, timezone
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpx

from channels.telegram import Telegram

_DESCRIPTION = """\
Dit à Telegram où envoyer ce que les gens écrivent au bot. Il faut TELEGRAM_TOKEN et TELEGRAM_SECRET (docs/canaux.md).
"""
#: Where the connector listens; it is added to an address that does not name it.
PATH = "/webhooks/telegram/webhook"
#: What Telegram shall send: edits come too, so that they are seen to be no new message.
UPDATES = ("message", "callback_query", "edited_message")
#: The ports that Telegram calls.
PORTS = (443, 80, 88, 8443)
_TIMEOUT_SECONDS = 15.0
#: What Telegram accepts as a secret.
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class WebhookError(Exception):
    """What was asked for cannot be done; the message is in French and holds neither the token nor the secret."""


def address(given: str, local_api: bool = False) -> str:
    """Return the whole address of the webhook.

    Args:
        given: the server's address, or the webhook's.
        local_api: whether the Bot API is the operator's own, which takes other ports and loopback.

    Raises:
        WebhookError: Telegram would not call that address.
    """
    try:
        url = urlsplit(given.strip())
        port = url.port
    except ValueError:
        url, port = SplitResult("", "", "", "", ""), None
    if not url.hostname:
        raise WebhookError("Cette adresse ne peut pas être lue : donnez-la en entier, comme https://bot.exemple.org")
    if url.username or url.query or url.fragment:
        raise WebhookError("L'adresse ne doit contenir ni nom d'utilisateur, ni « ? », ni « # ».")
    if url.scheme != "https" and not (local_api and url.scheme == "http" and _is_loopback(url.hostname)):
        raise WebhookError("L'adresse doit commencer par https:// : Telegram n'envoie rien sans chiffrement.")
    if port not in {None, *PORTS} and not local_api:
        raise WebhookError(f"Telegram n'appelle que les ports {', '.join(map(str, PORTS))}, pas {port}.")
    path = url.path.rstrip("/")
    return url._replace(path=path if path.endswith(PATH) else path + PATH).geturl()


def call(telegram: Telegram, method: str, body: Mapping[str, Any]) -> Any:
    """Call a method of the Bot API, and return its result.

    Raises:
        WebhookError: Telegram refuses, or cannot be reached.
    """
    try:
        answer = httpx.post(telegram.url(method), json=dict(body), timeout=_TIMEOUT_SECONDS)
        content = answer.json()
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError):
        raise WebhookError("Telegram n'a pas été compris : vérifiez TELEGRAM_TOKEN et TELEGRAM_API.") from None
    except httpx.HTTPError as error:
        raise WebhookError(f"Pas de réseau : Telegram ne peut pas être atteint ({type(error).__name__}).") from None
    if isinstance(content, dict) and content.get("ok") is True:
        return content.get("result")
    if answer.status_code in {401, 404}:
        raise WebhookError("Telegram ne reconnaît pas TELEGRAM_TOKEN : recopiez-le depuis @BotFather.")
    raise WebhookError(f"Telegram refuse (HTTP {answer.status_code}){_reason(content, telegram)}.")


def shown(webhook: Mapping[str, Any]) -> str:
    """Return what Telegram knows of the webhook, in French."""
    if not webhook.get("url"):
        return "Aucune adresse n'est enregistrée : le bot ne reçoit rien."
    lines = [
        f"Adresse          : {webhook['url']}",
        f"Reçoit           : {', '.join(webhook.get('allowed_updates') or ['tout'])}",
        f"En attente       : {webhook.get('pending_update_count', 0)}",
    ]
    if webhook.get("last_error_date"):
        when = datetime.fromtimestamp(webhook["last_error_date"], timezone.utc)
        lines.append(f"Dernière erreur  : {when:%Y-%m-%d %H:%M} UTC, {webhook.get('last_error_message', '?')}")
    return "\n".join(lines)


def main() -> int:
    """Do what was asked for; return the exit code."""
    options = _options()
    telegram = Telegram.from_credentials(None)
    try:
        print(_done(telegram, options))
    except WebhookError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _done(telegram: Telegram, options: argparse.Namespace) -> str:
    """Do what was asked for, and return what to say."""
    if not telegram.settings["TELEGRAM_TOKEN"]:
        raise WebhookError("TELEGRAM_TOKEN manque : c'est le jeton que donne @BotFather (docs/canaux.md).")
    if options.voir:
        webhook = call(telegram, "getWebhookInfo", {})
        return _without_secrets(shown(webhook), telegram)
    if options.retirer:
        call(telegram, "deleteWebhook", {"drop_pending_updates": False})
        return "L'adresse est retirée : le bot ne reçoit plus rien."
    secret = telegram.settings["TELEGRAM_SECRET"]
    if not secret:
        raise WebhookError("TELEGRAM_SECRET manque : choisissez un secret au hasard (docs/canaux.md).")
    if not _SECRET.fullmatch(secret):
        raise WebhookError("TELEGRAM_SECRET doit avoir de 1 à 256 caractères parmi A-Z, a-z, 0-9, _ et -.")
    url = address(options.url, local_api="TELEGRAM_API" in os.environ)
    body = {
        "url": url,
        "secret_token": secret,
        "allowed_updates": list(UPDATES),
        "drop_pending_updates": False,
    }
    call(telegram, "setWebhook", body)
    return f"Telegram enverra les messages à {url}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make telegram-webhook", description=_DESCRIPTION, add_help=False)
    where = parser.add_argument_group("adresse")
    where.add_argument("url", nargs="?", metavar="URL", help="l'adresse publique du serveur, en https")
    parser.add_argument("--voir", action="store_true", help="montrer ce que Telegram a enregistré")
    parser.add_argument("--retirer", action="store_true", help="retirer l'adresse : le bot ne reçoit plus rien")
    parser.add_argument("-h", "--help", action="help", help="montrer cette aide")
    options = parser.parse_args()
    if [bool(options.url), options.voir, options.retirer].count(True) != 1:
        parser.exit(2, "Donnez l'adresse du serveur (URL=https://…), ou bien --voir, ou bien --retirer.\n")
    return options


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _reason(content: Any, telegram: Telegram) -> str:
    """Return what Telegram says of a refusal, in its English."""
    description = content.get("description") if isinstance(content, dict) else None
    if not isinstance(description, str) or _without_secrets(description, telegram) != description:
        return ""
    return f" : « {description} »"


def _without_secrets(text: str, telegram: Telegram) -> str:
    """Return a text without the token and the secret, should Telegram have repeated them."""
    for name in telegram.variables:
        value = telegram.settings[name]
        text = text.replace(value, "•••") if value else text
    return text


if __name__ == "__main__":
    sys.exit(main())
