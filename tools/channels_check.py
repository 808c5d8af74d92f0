"""`make channels-check`: which messaging apps are configured, what is missing, and whether their credentials work."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import yaml
from tabulate import tabulate

from assistant.settings import Settings
from channels.messaging.probes import Probe
from channels.messaging.switched import Switched
from tools.servers import CREDENTIALS

_DESCRIPTION = """\
Dit, pour chaque messagerie, ce qui est configuré, ce qui manque, et si les clés sont acceptées : un appel à la
messagerie, qui ne change rien et n'envoie de message à personne. Aucune clé n'est montrée. Le code de sortie est 0 si
tout ce qui est configuré fonctionne ou n'a pas pu être joint, 1 s'il manque quelque chose ou si une clé est refusée.
"""
_TIMEOUT_SECONDS = 5.0
#: What each variable is for; docs/canaux.md says where to find it.
PURPOSES = {
    "TELEGRAM_TOKEN": "le jeton du bot, donné par @BotFather",
    "TELEGRAM_SECRET": "un secret que vous choisissez, par lequel Telegram se fait reconnaître",
    "TELEGRAM_API": "l'adresse de l'API, si vous avez votre propre serveur Bot API",
    "MESSENGER_TOKEN": "le jeton d'accès de la page Facebook",
    "MESSENGER_APP_SECRET": "la clé secrète de l'application Meta, qui signe ce qui arrive",
    "MESSENGER_VERIFY_TOKEN": "un mot que vous choisissez, demandé quand le webhook est enregistré",
    "WHATSAPP_TOKEN": "le jeton d'accès de WhatsApp",
    "WHATSAPP_APP_SECRET": "la clé secrète de l'application Meta, qui signe ce qui arrive",
    "WHATSAPP_VERIFY_TOKEN": "un mot que vous choisissez, demandé quand le webhook est enregistré",
    "WHATSAPP_PHONE_NUMBER_ID": "l'identifiant, chez Meta, de votre numéro de téléphone",
    "META_GRAPH_VERSION": "la version de l'API de Meta",
    "META_GRAPH_URL": "l'adresse de l'API de Meta",
    "TWILIO_ACCOUNT_SID": "l'identifiant du compte Twilio",
    "TWILIO_AUTH_TOKEN": "le jeton du compte, qui signe aussi ce qui arrive",
    "TWILIO_FROM": "vos expéditeurs, pour SMS et pour WhatsApp",
    "TWILIO_PUBLIC_URL": "l'adresse publique que vous avez donnée à Twilio",
    "TWILIO_API": "l'adresse de l'API de Twilio",
    "SLACK_BOT_TOKEN": "le jeton du bot dans votre espace Slack",
    "SLACK_SIGNING_SECRET": "le secret de l'application Slack, qui signe ce qui arrive",
    "SLACK_API": "l'adresse de l'API de Slack",
    "CHATWOOT_URL": "l'adresse de votre Chatwoot",
    "CHATWOOT_INBOX_IDENTIFIER": "l'identifiant de la boîte de réception « API »",
    "CHATWOOT_ACCOUNT_ID": "le numéro du compte Chatwoot",
    "CHATWOOT_TOKEN": "le jeton d'accès d'un agent",
    "CHATWOOT_WEBHOOK_SECRET": "le secret par lequel Chatwoot se fait reconnaître",
    "CHATWOOT_HORAIRES": "quand une personne répond",
    "CHATWOOT_FUSEAU": "le fuseau horaire de ces horaires",
    "CALLBACK_URL": "l'adresse de votre système, où vont les réponses",
    "CALLBACK_SECRET": "le secret partagé avec votre système, qui signe dans les deux sens",
}


class State(Enum):
    """What a channel is found to be, as it is said."""

    OFF = "fermé"
    INCOMPLETE = "incomplet"
    REFUSED = "à corriger"
    UNREACHED = "pas de réseau"
    UNTRIED = "configuré, pas essayé"
    NOTHING_TO_TRY = "configuré"
    WORKS = "fonctionne"


#: What must be mended.
BAD = frozenset({State.INCOMPLETE, State.REFUSED})


@dataclass(frozen=True)
class Result:
    """What a call showed, in a line without a secret."""

    state: State
    said: str


@dataclass(frozen=True)
class Channel:
    """A channel as it was found.

    Attributes:
        name: the channel's name.
        state: what it is.
        variables: each variable: its name, how it is given, what it is for.
        results: what the calls showed.
    """

    name: str
    state: State
    variables: Sequence[tuple[str, str, str]]
    results: Sequence[Result]


class CredentialsError(Exception):
    """The channels cannot be looked at; the message is in French and quotes no value."""


def connectors(credentials: Path) -> list[type[Switched]]:
    """Return the channels with variables that a file of channels opens.

    Raises:
        CredentialsError: the file or a channel in it cannot be read.
    """
    try:
        named = yaml.safe_load(credentials.read_text("utf-8")) or {}
        found = [_class(name) for name in named if "." in name]
    except (OSError, yaml.YAMLError, ImportError, AttributeError, TypeError) as error:
        raise CredentialsError(f"{credentials} ne peut pas être lu ({type(error).__name__}).") from None
    return [one for one in found if isinstance(one, type) and issubclass(one, Switched)]


def examine(kind: type[Switched], network: bool) -> Channel:
    """Find out how a channel is configured and, if it is, whether its credentials work.

    Raises:
        CredentialsError: a variable has a value that the channel cannot even be made with.
    """
    try:
        connector = kind.from_credentials(None)
    except ValueError as error:  # its message might quote a secret
        raise CredentialsError(f"{kind.name()} : une valeur ne convient pas ({type(error).__name__}).") from None
    missing = set(connector.missing)
    variables = [
        *((name, _given(connector, name, missing), PURPOSES.get(name, "")) for name in kind.variables),
        *((name, _chosen(connector, name, missing), PURPOSES.get(name, "")) for name in kind.optional),
    ]
    if not any(connector.settings[name] for name in kind.variables):
        return Channel(kind.name(), State.OFF, variables, ())
    if missing:
        return Channel(kind.name(), State.INCOMPLETE, variables, ())
    probes = connector.probes()
    if not probes:
        return Channel(kind.name(), State.NOTHING_TO_TRY, variables, ())
    if not network:
        return Channel(kind.name(), State.UNTRIED, variables, ())
    results = tuple(_results(probes))
    return Channel(kind.name(), min((result.state for result in results), key=_WORST.index), variables, results)


def attempt(client: httpx.Client, probe: Probe) -> Result:
    """Make a call, and say what it showed; nothing that came back is quoted, nor any error's message."""
    try:
        answer = client.request(probe.method, probe.url, headers=dict(probe.headers))
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError, ValueError):
        return Result(State.REFUSED, f"{probe.what} : une valeur contient ce qui ne peut pas être envoyé, recopiez-la")
    except httpx.HTTPError as error:
        return Result(State.UNREACHED, f"{probe.what} : pas de réseau ({type(error).__name__})")
    if answer.status_code == 429 or answer.is_server_error:
        return Result(State.UNREACHED, f"{probe.what} : indisponible pour l'instant (HTTP {answer.status_code})")
    if not answer.is_success:
        return Result(State.REFUSED, f"{probe.what} : refusé (HTTP {answer.status_code})")
    try:
        content = answer.json()
        problem = _problem(content, probe)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Result(State.REFUSED, f"{probe.what} : la réponse ne vient pas de la messagerie, vérifiez l'adresse")
    return Result(State.REFUSED if problem else State.WORKS, f"{probe.what} : {problem or 'accepté'}")


def report(channels: Sequence[Channel]) -> str:
    """Return the table and, below it, the details of each channel."""
    rows = [[one.name, one.state.value, _counted(one)] for one in channels]
    parts = [str(tabulate(rows, ["canal", "état", "variables"], "simple", disable_numparse=True))]
    return "\n\n".join([*parts, *(_details(one) for one in channels)])


def main() -> int:
    """Print what is found; return the exit code."""
    options = _options()
    try:
        Settings.read()
        channels = [examine(kind, not options.sans_reseau) for kind in connectors(options.credentials)]
    except (CredentialsError, ValueError) as error:  # a wrong setting, which its message names
        print(error, file=sys.stderr)
        return 1
    print(report(channels) if channels else "Aucune messagerie n'est ouverte dans ce fichier.")
    return 1 if any(channel.state in BAD for channel in channels) else 0


#: What a channel is when its calls show different things: the first of these.
_WORST = (State.REFUSED, State.UNREACHED, State.WORKS)


def _class(name: str) -> Any:
    module, _, attribute = name.rpartition(".")
    return getattr(import_module(module), attribute)


def _given(connector: Switched, name: str, missing: set[str]) -> str:
    """Say how a variable that is needed is given."""
    if not connector.settings[name]:
        return "manque"
    return "ne convient pas" if name in missing else "donnée"


def _chosen(connector: Switched, name: str, missing: set[str]) -> str:
    """Say how a variable that is not needed is given."""
    if name in missing:
        return "ne convient pas"
    return "par défaut" if connector.settings[name] == connector.optional[name] else "donnée"


def _results(probes: Sequence[Probe]) -> Iterator[Result]:
    with httpx.Client(timeout=_TIMEOUT_SECONDS) as client:
        for probe in probes:
            yield attempt(client, probe)


def _problem(content: Any, probe: Probe) -> str:
    """Return what is wrong in an answer, or nothing.

    Raises:
        TypeError: it is no object.
    """
    if not isinstance(content, dict):
        raise TypeError
    return probe.problem(content)


def _counted(channel: Channel) -> str:
    needed = [given for _, given, _ in channel.variables if given != "par défaut"]
    there = len([given for given in needed if given == "donnée"])
    return f"{there} sur {len(needed)}"


def _details(channel: Channel) -> str:
    table = str(tabulate(channel.variables, tablefmt="plain", disable_numparse=True))
    lines = [*table.splitlines(), *(result.said for result in channel.results)]
    return "\n".join([f"{channel.name} : {channel.state.value}", *(f"  {line}" for line in lines)])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make channels-check", description=_DESCRIPTION, add_help=False)
    parser.add_argument("-h", "--help", action="help", help="montrer cette aide")
    parser.add_argument("--sans-reseau", action="store_true", help="ne rien appeler : dire seulement ce qui est donné")
    parser.add_argument("--credentials", type=Path, default=CREDENTIALS, metavar="FICHIER", help="les canaux ouverts")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
