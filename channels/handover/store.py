"""Which conversations are handed over, and what a person answered that the website has not shown yet."""

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from channels.database import make_private

_TABLES = """
CREATE TABLE IF NOT EXISTS handovers (
    conversation TEXT PRIMARY KEY, channel TEXT NOT NULL, address TEXT NOT NULL, contact TEXT NOT NULL,
    number INTEGER NOT NULL, at REAL NOT NULL, warned INTEGER NOT NULL DEFAULT 0, ended INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS handovers_by_number ON handovers (number);
CREATE TABLE IF NOT EXISTS replies (
    id INTEGER PRIMARY KEY AUTOINCREMENT, conversation TEXT NOT NULL, person INTEGER NOT NULL, text TEXT NOT NULL
);
"""
_FOUND = "SELECT conversation, channel, address, contact, number FROM handovers WHERE ended = 0 AND "


@dataclass(frozen=True)
class Handover:
    """A conversation that a person has.

    Attributes:
        conversation: its id.
        channel: the name of the channel.
        address: whom to send to there, and where: an app's own id of a person cannot be found again otherwise.
        contact: what Chatwoot calls the visitor.
        number: what Chatwoot calls the conversation.
    """

    conversation: str
    channel: str
    contact: str
    number: int
    address: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """What the website is to show.

    Attributes:
        id: greater than that of the one before.
        person: whether a person says it, or else the assistant.
        text: what is said.
    """

    id: int
    person: bool
    text: str


class HandoverStore:
    """Handovers in an SQLite file, which only this user of the machine can read.

    Args:
        path: the file; it is made with the first handover.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def begin(self, handover: Handover) -> None:
        """Note that a person has a conversation now."""
        row = (
            *(handover.conversation, handover.channel, json.dumps(dict(handover.address))),
            *(handover.contact, handover.number, time.time()),
        )
        with self._open() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO handovers (conversation, channel, address, contact, number, at) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )

    def of(self, conversation: str) -> Handover | None:
        """Return the handover of a conversation that a person has."""
        return self._found("conversation = ?", conversation)

    def numbered(self, number: int) -> Handover | None:
        """Return the handover that Chatwoot calls so, as long as a person has it."""
        return self._found("number = ?", number)

    def touch(self, conversation: str) -> None:
        """Note that something was said: the conversation is kept from then on."""
        with self._open() as connection:
            connection.execute("UPDATE handovers SET at = ? WHERE conversation = ?", (time.time(), conversation))

    def warn(self, conversation: str) -> bool:
        """Note that the visitor was told whom to call; return whether that is new."""
        change = "UPDATE handovers SET warned = 1 WHERE conversation = ? AND warned = 0"
        with self._open() as connection:
            return connection.execute(change, (conversation,)).rowcount > 0

    def end(self, conversation: str) -> bool:
        """Note that the assistant has a conversation again; return whether that is new."""
        change = "UPDATE handovers SET ended = 1, address = '{}' WHERE conversation = ? AND ended = 0"
        with self._open() as connection:
            return connection.execute(change, (conversation,)).rowcount > 0

    def passed_on(self, conversation: str) -> bool:
        """Return whether a person has a conversation or had it."""
        if not self._path.exists():
            return False
        with self._open() as connection:
            query = "SELECT 1 FROM handovers WHERE conversation = ?"
            return connection.execute(query, (conversation,)).fetchone() is not None

    def add(self, conversation: str, text: str, person: bool) -> None:
        """Keep what the website is to show."""
        with self._open() as connection:
            connection.execute(
                "INSERT INTO replies (conversation, person, text) VALUES (?, ?, ?)", (conversation, person, text)
            )

    def replies(self, conversation: str, after: int) -> list[Reply]:
        """Return what the website has not shown yet, and forget what it has: all up to an id."""
        with self._open() as connection:
            connection.execute("DELETE FROM replies WHERE conversation = ? AND id <= ?", (conversation, after))
            query = "SELECT id, person, text FROM replies WHERE conversation = ? ORDER BY id"
            return [Reply(id, bool(person), text) for id, person, text in connection.execute(query, (conversation,))]

    def erase(self, conversation: str) -> None:
        """Erase all of a conversation."""
        if self._path.exists():
            with self._open() as connection:
                for table in ("handovers", "replies"):
                    connection.execute(f"DELETE FROM {table} WHERE conversation = ?", (conversation,))

    def purge(self, seconds: float) -> None:
        """Erase the conversations in which nothing was said for so long."""
        if self._path.exists():
            with self._open() as connection:
                connection.execute("DELETE FROM handovers WHERE at < ?", (time.time() - seconds,))
                connection.execute("DELETE FROM replies WHERE conversation NOT IN (SELECT conversation FROM handovers)")

    def _found(self, where: str, value: str | int) -> Handover | None:
        if not self._path.exists():
            return None
        with self._open() as connection:
            row = connection.execute(_FOUND + where, (value,)).fetchone()
        if row is None:
            return None
        conversation, channel, address, contact, number = row
        return Handover(conversation, channel, contact, number, json.loads(address))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        make_private(self._path)
        with closing(sqlite3.connect(self._path, timeout=10)) as connection, connection:
            connection.execute("PRAGMA secure_delete=ON")
            connection.executescript(_TABLES)
            yield connection
