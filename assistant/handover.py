"""Whether a person of the organisation can take a conversation over: what the operator set up, and the hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

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
    if channel not in CHANNELS or not all(environment.get(name, "").strip() for name in VARIABLES):
        return None
    try:
        return desk(environment, now)
    except ValueError:  # `make pret` says so, and so does the start of the channel
        return None


def desk(environment: Mapping[str, str], now: datetime) -> Desk:
    """Return whether somebody answers now, or when again.

    Raises:
        ValueError: the hours cannot be read; the message is in French.
    """
    opens = hours(environment).opens(now)
    return Desk(in_french(opens, now) if opens else "")


def hours(environment: Mapping[str, str]) -> Hours:
    """Return the hours of an environment.

    Raises:
        ValueError: they cannot be read; the message is in French.
    """
    given = {name: environment.get(name, "").strip() or default for name, default in OPTIONAL.items()}
    return Hours.parse(given["CHATWOOT_HORAIRES"], given["CHATWOOT_FUSEAU"])
