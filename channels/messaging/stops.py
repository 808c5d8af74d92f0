"""Who asked to be sent nothing any more."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from channels.database import make_private
from channels.messaging.people import conversation_of

_TABLE = "CREATE TABLE IF NOT EXISTS stops (person TEXT PRIMARY KEY)"


class Stops:
    """The people who wrote STOP, in an SQLite file that several processes share; only a keyed hash of each is kept.

    A new ASSISTANT_SECRET makes other hashes: whoever wrote STOP before it is no longer found.

    Args:
        path: the file; it is made when it is first needed. Nothing in it expires.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, channel: str, person: str) -> None:
        """Note that a person wants nothing any more."""
        with self._open() as connection:
            connection.execute("INSERT OR IGNORE INTO stops VALUES (?)", (conversation_of(channel, person),))

    def remove(self, channel: str, person: str) -> None:
        """Note that a person wants answers again."""
        with self._open() as connection:
            connection.execute("DELETE FROM stops WHERE person = ?", (conversation_of(channel, person),))

    def has(self, channel: str, person: str) -> bool:
        """Return whether a person wants nothing any more."""
        with self._open() as connection:
            found = connection.execute("SELECT 1 FROM stops WHERE person = ?", (conversation_of(channel, person),))
            return found.fetchone() is not None

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        make_private(self._path)
        with closing(sqlite3.connect(self._path, timeout=10)) as connection, connection:
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute(_TABLE)
            yield connection
