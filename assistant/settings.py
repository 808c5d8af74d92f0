"""The settings that an operator may change, each by one environment variable, and their defaults."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Where the assistant listens and keeps things.

    Attributes:
        host: the address that Rasa listens on; the action server never leaves this machine.
        port: Rasa's port.
        actions_port: the action server's port.
        database: the SQLite file of the conversations.
        feedback: the SQLite file of what visitors say of answers, beside it.
        journal: the SQLite file in which decisions are counted, beside it.
        review: the SQLite file of what an editor decided on questions without an answer, beside it.
        handovers: the SQLite file of the conversations that a person has, beside it.
        conversation_hours: a conversation is erased that many hours after its last message.
        knowledge: the folder of the knowledge.
        origins: the sites whose pages may talk to the assistant, beside its own, separated by commas or spaces.
        question_days: how many days the masked text of a question that got no answer is kept; 0 keeps none.
        passages: whether a passage of a source is quoted where no fact answers.
        secret: what conversations in a browser are signed with; one is made and kept beside them if it is empty.
    """

    host: str
    port: int
    actions_port: int
    database: Path
    conversation_hours: float
    knowledge: Path
    origins: str
    question_days: float
    passages: bool
    secret: str

    @property
    def feedback(self) -> Path:  # noqa: D102  # said above
        return self.database.with_name("feedback.db")

    @property
    def handovers(self) -> Path:  # noqa: D102  # said above
        return self.database.with_name("handovers.db")

    @property
    def journal(self) -> Path:  # noqa: D102  # said above
        return self.database.with_name("journal.db")

    @property
    def review(self) -> Path:  # noqa: D102  # said above
        return self.database.with_name("review.db")

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Return the settings of an environment.

        Raises:
            ValueError: a number is not one, or no port; the message names the variable, in French.
        """
        return cls(
            host=environment.get("ASSISTANT_HOTE", "127.0.0.1"),
            port=_port(environment, "ASSISTANT_PORT", 5005),
            actions_port=_port(environment, "ASSISTANT_PORT_ACTIONS", 5055),
            database=Path(environment.get("ASSISTANT_BASE", str(ROOT / "var" / "conversations.db"))),
            conversation_hours=_number(environment, "ASSISTANT_HEURES_CONSERVATION", 24),
            knowledge=Path(environment.get("ASSISTANT_CONNAISSANCES", str(ROOT / "knowledge"))),
            origins=environment.get("ASSISTANT_ORIGINES", ""),
            question_days=_number(environment, "ASSISTANT_JOURS_QUESTIONS", 0),
            passages=_switch(environment, "ASSISTANT_PASSAGES", "oui"),
            secret=environment.get("ASSISTANT_SECRET", ""),
        )

    def for_rasa(self) -> dict[str, str]:
        """Return the variables that Rasa's own files (`endpoints.yml`) name."""
        return {
            "RASA_TELEMETRY_ENABLED": "false",
            "SANIC_HOST": "127.0.0.1",
            "ACTIONS_URL": f"http://127.0.0.1:{self.actions_port}/webhook",
            "CONVERSATIONS_DB": str(self.database),
            "CONVERSATION_HOURS": str(self.conversation_hours),
            "JOURNAL_DB": str(self.journal),
            "HANDOVERS_DB": str(self.handovers),
            "QUESTION_DAYS": str(self.question_days),
        }


def _number(environment: Mapping[str, str], name: str, default: float) -> float:
    value = environment.get(name, str(default))
    try:
        number = float(value)
    except ValueError:
        raise ValueError(f"{name} doit être un nombre, pas « {value} ».") from None
    if not number >= 0:  # nan is neither
        raise ValueError(f"{name} doit être positif, pas « {value} ».")
    return number


def _switch(environment: Mapping[str, str], name: str, default: str) -> bool:
    value = environment.get(name, default)
    if value not in {"oui", "non"}:
        raise ValueError(f"{name} doit être oui ou non, pas « {value} ».")
    return value == "oui"


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    number = _number(environment, name, default)
    if not 1 <= number <= 65535 or number != int(number):
        raise ValueError(f"{name} doit être un numéro de port, de 1 à 65535, pas « {environment.get(name)} ».")
    return int(number)
