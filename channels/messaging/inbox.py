"""Which messages of the apps came in already: each is handled once, also after a restart and by several processes."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import Enum
from hashlib import sha256
from pathlib import Path

from channels.database import make_private

#: The longest that an app goes on trying (WhatsApp: seven days), and a day.
KEPT_SECONDS = 8 * 86_400.0
#: A process that took a message and did not finish it within that time is taken for dead. It is longer than it takes to
#: send a message as often, and with waits as long, as `sending` allows.
LEASE_SECONDS = 150.0

_TABLE = "CREATE TABLE IF NOT EXISTS inbox (key TEXT PRIMARY KEY, taken_at REAL NOT NULL, done INTEGER NOT NULL)"
#: Each message that comes in forgets those that are past: without walking all of them.
_INDEX = "CREATE INDEX IF NOT EXISTS inbox_by_time ON inbox (taken_at)"
_TAKE = """
INSERT INTO inbox VALUES (:key, :now, 0)
ON CONFLICT (key) DO UPDATE SET taken_at = :now WHERE done = 0 AND taken_at < :now - :lease
"""


class State(Enum):
    """What a message that comes in is."""

    #: Nobody has it: whoever asked has it now.
    NEW = "new"
    #: It is being answered.
    TAKEN = "taken"
    #: It was answered.
    DONE = "done"


class Inbox:
    """The messages that came in, in an SQLite file; only a hash of each one's id is kept.

    Args:
        path: the file; it is made with the first message.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def take(self, channel: str, message: str) -> State:
        """Take a message, unless it is taken or done.

        Args:
            channel: the name of the channel.
            message: the app's own id of the message.
        """
        key, now = _key(channel, message), time.time()
        with self._open() as connection:
            connection.execute("DELETE FROM inbox WHERE taken_at < ?", (now - KEPT_SECONDS,))
            taken = connection.execute(_TAKE, {"key": key, "now": now, "lease": LEASE_SECONDS}).rowcount
            if taken:
                return State.NEW
            (done,) = connection.execute("SELECT done FROM inbox WHERE key = ?", (key,)).fetchone()
            return State.DONE if done else State.TAKEN

    def done(self, channel: str, message: str) -> None:
        """Note that a message was answered."""
        with self._open() as connection:
            connection.execute("UPDATE inbox SET done = 1 WHERE key = ?", (_key(channel, message),))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        make_private(self._path)
        with closing(sqlite3.connect(self._path, timeout=10)) as connection, connection:
            connection.execute(_TABLE)
            connection.execute(_INDEX)
            yield connection


def _key(channel: str, message: str) -> str:
    return sha256(f"{channel}\n{message}".encode()).hexdigest()
