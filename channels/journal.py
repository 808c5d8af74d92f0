"""What visitors asked and what was decided: decisions are counted, questions without an answer kept only where told."""

import json
import logging
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from assistant.dialogue.records import Candidate
from channels.database import OVERWRITE, make_private, set_up
from channels.messaging.people import conversation_of
from channels.texts import TEXTS

logger = logging.getLogger(__name__)

#: Channels by which the assistant is tried, measured and tested: nobody who writes there is a visitor.
NO_VISITORS = frozenset({"rest", "shell", "cmdline"})
#: The decisions after which a question is worth reading: what was asked got no answer.
UNANSWERED = frozenset({"choices", "clarify", "refusal", "off_topic", "write_to"})
#: A question that may be distress, however little, is not kept.
_DISTRESS = "detresse"
_MOST_DISTRESS = 0.02
#: How long, in seconds, a decision waits for another process that writes: a visitor waits as long.
_PATIENCE = 0.2
_DAY = 86_400.0

_TABLES = """
CREATE TABLE IF NOT EXISTS decisions (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, channel TEXT NOT NULL, first INTEGER NOT NULL, part INTEGER NOT NULL,
    kind TEXT NOT NULL, reason TEXT NOT NULL, facts TEXT NOT NULL, subject TEXT, unknown TEXT, other_name TEXT,
    candidates TEXT NOT NULL, model TEXT NOT NULL, knowledge TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS decisions_by_time ON decisions (at);
CREATE TABLE IF NOT EXISTS questions (
    decision INTEGER PRIMARY KEY, at REAL NOT NULL, conversation TEXT NOT NULL, text TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS questions_by_time ON questions (at);
CREATE INDEX IF NOT EXISTS questions_by_conversation ON questions (conversation);
CREATE TABLE IF NOT EXISTS told (conversation TEXT PRIMARY KEY, at REAL NOT NULL, ended INTEGER NOT NULL);
"""
_COLUMNS = "at, channel, first, part, kind, reason, facts, subject, unknown, other_name, candidates, model, knowledge"
_INSERT = f"INSERT INTO decisions ({_COLUMNS}) VALUES ({', '.join('?' * len(_COLUMNS.split(', ')))})"
_SELECT = (
    f"SELECT {', '.join(f'decisions.{name}' for name in _COLUMNS.split(', '))}, questions.text FROM decisions "
    "LEFT JOIN questions ON questions.decision = decisions.id AND questions.at >= :kept "
    "WHERE decisions.at >= :start AND decisions.at < :end ORDER BY decisions.at, decisions.id"
)


@dataclass(frozen=True)
class Turn:
    """One message of a visitor and what was decided on it.

    Attributes:
        conversation: the id of the conversation; it is not kept.
        channel: the name of the channel.
        decisions: the decisions, as they are kept with the turn.
        text: the message as the guard let it pass: personal addresses and numbers are masked.
        first: whether it is the first message of its conversation.
        at: when, in seconds since 1970.
    """

    conversation: str
    channel: str
    decisions: Sequence[dict[str, Any]]
    text: str
    first: bool
    at: float


@dataclass(frozen=True)
class Entry:
    """One decision, as the journal has it. Whose it was, nobody knows.

    Attributes:
        at: when, in UTC.
        channel: the name of the channel.
        first: whether its message was the first one of its conversation.
        part: 0, or 1 for the second answer to one message.
        kind, reason, facts, subject, unknown, other_name, model, knowledge: as in the decision.
        candidates: the best candidates.
        text: the masked question, where it got no answer and is kept.
    """

    at: datetime
    channel: str
    first: bool
    part: int
    kind: str
    reason: str
    facts: tuple[str, ...]
    subject: str | None
    unknown: str | None
    other_name: str | None
    candidates: tuple[Candidate, ...]
    model: str
    knowledge: str
    text: str | None


class Journal:
    """The decisions on visitors' messages, in an SQLite file, which only this user of the machine can read.

    Args:
        path: the file; it is made when it is first needed.
        days: how many days the question of a visitor who was told is kept where it got no answer; 0 keeps none.
    """

    def __init__(self, path: Path, days: float = 0) -> None:
        self._path = path
        self._days = days
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    @property
    def keeps_questions(self) -> bool:
        """Whether questions without an answer are kept: visitors are told so."""
        return self._days > 0

    @property
    def notice(self) -> str:
        """What visitors are told where questions are kept."""
        days = f"{self._days:g}".replace(".", ",")
        return TEXTS["questions_gardees"].format(duree=f"{days} jours" if self._days >= 2 else f"{days} jour")

    def note(self, turn: Turn) -> None:
        """Keep what was decided on a message, and the message itself where that is allowed.

        It never fails: the visitor has an answer, and is to get it.
        """
        if turn.channel in NO_VISITORS:
            return
        with _saying_what_fails():
            erased = 0
            with self._open() as connection:
                for part, decision in enumerate(turn.decisions):
                    number = connection.execute(_INSERT, _row(turn, part, decision)).lastrowid
                    if self.keeps_questions and _is_worth_reading(turn, decision):
                        _keep(connection, number, turn)
                if self.keeps_questions and any(decision["kind"] == "distress" for decision in turn.decisions):
                    erased = _end(connection, turn.conversation)
            self._overwrite(erased)

    def tell(self, conversation: str, at: float | None = None) -> bool:
        """Note that a visitor is told that questions without an answer are kept: only then they are.

        Returns:
            Whether they are to be told now; False where they were, where nothing is kept, or where this fails.
        """
        if not self.keeps_questions:
            return False
        with _saying_what_fails(), self._open() as connection:
            row = (_key(conversation), time.time() if at is None else at)
            return connection.execute("INSERT OR IGNORE INTO told VALUES (?, ?, 0)", row).rowcount == 1
        return False

    def untell(self, conversation: str) -> None:
        """Take back that a visitor was told, with what is kept of them: what was said did not reach them."""
        with _saying_what_fails():
            self.erase(conversation)

    def has_told(self, conversation: str) -> bool:
        """Return whether questions of a conversation are kept: not any more after distress or erasure."""
        if not self.keeps_questions:
            return False
        with _saying_what_fails(), self._open() as connection:
            return _is_told(connection, _key(conversation))
        return False

    def erase(self, conversation: str) -> None:
        """Erase the questions of a conversation. That something was decided stays counted.

        Raises:
            sqlite3.Error: they could not be erased.
        """
        if not self.keeps_questions or not self._path.exists():  # what was kept before was erased at the start
            return
        key = (_key(conversation),)
        with self._open() as connection:
            connection.execute("DELETE FROM told WHERE conversation = ?", key)
            erased = connection.execute("DELETE FROM questions WHERE conversation = ?", key).rowcount
        self._overwrite(erased)

    def purge(self) -> None:
        """Erase the questions that were kept for their days: all of them, where none are kept."""
        past = (time.time() - self._days * _DAY,)
        with _saying_what_fails():
            if self._path.exists():
                with self._open() as connection:
                    connection.execute("DELETE FROM told WHERE at <= ?", past)
                    erased = connection.execute("DELETE FROM questions WHERE at <= ?", past).rowcount
                self._overwrite(erased)

    def entries(self, start: datetime, end: datetime) -> list[Entry]:
        """Return the decisions from `start` until before `end`, oldest first.

        Raises:
            sqlite3.Error: the file cannot be read.
        """
        if not self._path.exists():
            return []
        # The days count here too: the assistant may have been off, and not have purged.
        kept = time.time() - self._days * _DAY
        times = {"start": start.timestamp(), "end": end.timestamp(), "kept": kept}
        with self._open() as connection:
            return [_entry(row) for row in connection.execute(_SELECT, times)]

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._connection:
                self._connection.close()
                self._connection = None

    def _overwrite(self, erased: int) -> None:
        if erased:
            with self._open() as connection:
                connection.execute(OVERWRITE)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Yield the one connection, in a transaction: to open one takes longer than to note a decision."""
        with self._lock:
            if self._connection is None:
                make_private(self._path)
                connection = sqlite3.connect(self._path, timeout=_PATIENCE, check_same_thread=False)
                set_up(connection)
                connection.executescript(_TABLES)
                self._connection = connection
            with self._connection:
                yield self._connection


def _is_worth_reading(turn: Turn, decision: dict[str, Any]) -> bool:
    """Return whether a message is a question that got no answer: no button, and nothing near distress."""
    distress = sum(one["score"] for one in decision["candidates"] if one["label"].split("/")[0] == _DISTRESS)
    asked = decision["reason"] != "chosen" and not turn.text.startswith("/")
    return decision["kind"] in UNANSWERED and asked and distress < _MOST_DISTRESS


def _keep(connection: sqlite3.Connection, number: int | None, turn: Turn) -> None:
    key = _key(turn.conversation)
    if _is_told(connection, key):
        connection.execute("INSERT INTO questions VALUES (?, ?, ?, ?)", (number, turn.at, key, turn.text))


def _end(connection: sqlite3.Connection, conversation: str) -> int:
    """Erase what was kept of somebody in distress, and keep nothing more: what they said before belongs to it."""
    key = (_key(conversation),)
    connection.execute("UPDATE told SET ended = 1 WHERE conversation = ?", key)
    return connection.execute("DELETE FROM questions WHERE conversation = ?", key).rowcount


@contextmanager
def _saying_what_fails() -> Iterator[None]:
    """Go on where the journal cannot be written: an answer matters more."""
    try:
        yield
    except Exception as error:  # whatever it is; its message might hold what a visitor wrote
        logger.error("Le journal des décisions n'a pas pu être écrit : %s", type(error).__name__)


def _is_told(connection: sqlite3.Connection, key: str) -> bool:
    return connection.execute("SELECT 1 FROM told WHERE conversation = ? AND ended = 0", (key,)).fetchone() is not None


def _key(conversation: str) -> str:
    """Return what a conversation is kept as: without the secret, nobody gets from it to the conversation."""
    return conversation_of("journal", conversation)


def _row(turn: Turn, part: int, decision: dict[str, Any]) -> tuple[Any, ...]:
    own = [decision[name] for name in ("subject", "unknown", "other_name")]
    facts, candidates = (json.dumps(decision[name], ensure_ascii=False) for name in ("facts", "candidates"))
    versions = (decision["model"], decision["knowledge"])
    when = (int(turn.at), turn.channel, turn.first, part)
    return (*when, decision["kind"], decision["reason"], facts, *own, candidates, *versions)


def _entry(row: Sequence[Any]) -> Entry:
    at, channel, first, part, kind, reason, facts, subject, unknown, other_name, candidates, *rest = row
    return Entry(
        datetime.fromtimestamp(at, timezone.utc),
        channel,
        bool(first),
        part,
        kind,
        reason,
        tuple(json.loads(facts)),
        subject,
        unknown,
        other_name,
        tuple(Candidate(**one) for one in json.loads(candidates)),
        *rest,
    )
