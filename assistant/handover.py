"""Whether a person of the organisation can take a conversation over: what the operator set up, and the hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from assistant.addresses import is_safe
from assistant.opening import Hours, in_french

#: What Chatwoot is reached by (docs/canaux.md); with all of it, conversations can be handed over.
VARIABLES = (
    "CHATWOOT_URL",
    "CHATWOOT_INBOX_IDENTIFIER",
    "CHATWOOT_ACCOUNT_ID",
    "CHATWOOT_TOKEN",
    "CHATWOOT_WEBHOOK_SECRET",
)
#: What may be given beside it.
OPTIONAL: Mapping[str, str] = {"CHATWOOT_HORAIRES": "", "CHATWOOT_FUSEAU": "Europe/Paris"}
#: Channels by which a person's reply reaches a visitor later on. By REST and in the shell, the assistant is tried.
CHANNELS = frozenset({"website", "socketio", "telegram", "twilio", "messenger", "whatsapp", "slack"})
#: The fewest characters of the secret: Chatwoot makes some of 24.
MIN_SECRET = 20
#: What a visitor writes to talk to the assistant again; compared folded.
RESUME = "reprendre l'assistant"


@dataclass(frozen=True)
class Desk:
    """Where people of the organisation take conversations over.

    Attributes:
        back: when somebody answers again, as it is said; nothing where somebody does now.
    """

    back: str = ""


def desk_for(channel: str, environment: Mapping[str, str], now: datetime) -> Desk | None:
    """Return where a conversation can be handed over, or None where it cannot.

    Args:
        channel: the channel that the visitor writes by.
        environment: the environment variables.
        now: the time.
    """
    return desk(given(environment), now) if channel in CHANNELS and is_set_up(environment) else None


def desk(settings: Mapping[str, str], now: datetime) -> Desk:
    """Return whether somebody answers now, or when again."""
    opens = _hours(settings).opens(now)
    return Desk(in_french(opens, now) if opens else "")


def given(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of an environment, or their defaults."""
    defaults = dict.fromkeys(VARIABLES, "") | dict(OPTIONAL)
    return {name: environment.get(name, "").strip() or default for name, default in defaults.items()}


def is_set_up(environment: Mapping[str, str]) -> bool:
    """Return whether all that is needed is there, and will do."""
    settings = given(environment)
    return all(settings[name] for name in VARIABLES) and not problems(settings)


def problems(settings: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong with values that are given, in French and without quoting one."""
    found = {}
    if settings["CHATWOOT_URL"] and not is_safe(settings["CHATWOOT_URL"]):
        found["CHATWOOT_URL"] = "doit commencer par https:// (ou par http:// sur cette machine)"
    if settings["CHATWOOT_ACCOUNT_ID"] and not settings["CHATWOOT_ACCOUNT_ID"].isdecimal():
        found["CHATWOOT_ACCOUNT_ID"] = "doit être un nombre"
    if 0 < len(settings["CHATWOOT_WEBHOOK_SECRET"]) < MIN_SECRET:
        found["CHATWOOT_WEBHOOK_SECRET"] = f"doit avoir au moins {MIN_SECRET} caractères"
    try:
        _hours(settings)
    except ValueError as error:
        found["CHATWOOT_HORAIRES"] = str(error)
    return found


def _hours(settings: Mapping[str, str]) -> Hours:
    return Hours.parse(settings["CHATWOOT_HORAIRES"], settings["CHATWOOT_FUSEAU"])
