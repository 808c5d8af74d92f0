"""What visitors say of answers: kept with the decision, without a word of what they wrote."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

from channels.database import make_private

#: What may be said of an answer.
VERDICTS = ("yes", "wrong", "incomplete", "other", "unclear")
#: What a decision holds out of a visitor's own words.
_OWN_WORDS = ("uncovered", "other_name")

_TABLE = """
CREATE TABLE IF NOT EXISTS feedback (
    key TEXT PRIMARY KEY, said_at TEXT NOT NULL, verdict TEXT NOT NULL, decisions TEXT NOT NULL
)"""
_INSERT = "INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?)"


@dataclass(frozen=True)
class Feedback:
    """What a visitor said of an answer.

    Attributes:
        said_at: when, in UTC.
        verdict: one of `VERDICTS`.
        decisions: the decisions of the answer, as they were kept with the turn, without the visitor's words.
    """

    said_at: datetime
    verdict: str
    decisions: list[dict[str, Any]]


class FeedbackStore:
    """Feedback in an SQLite file, which only this user of the machine can read.

    Args:
        path: the file; it is made with the first feedback.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, conversation: str, message: str, verdict: str, decisions: Sequence[dict[str, Any]]) -> None:
        """Keep what is said of the answer to a message; said again, it replaces what was said before.

        The key does not give the conversation away, which may be erased while this stays.
        """
        key = sha256(f"{conversation}\n{message}".encode()).hexdigest()
        kept = [{name: value for name, value in one.items() if name not in _OWN_WORDS} for one in decisions]
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        with self._open() as connection:
            connection.execute(_INSERT, (key, now, verdict, json.dumps(kept, ensure_ascii=False)))

    def all(self) -> list[Feedback]:
        """Return all feedback, newest first."""
        if not self._path.exists():
            return []
        with self._open() as connection:
            rows = connection.execute(
                "SELECT said_at, verdict, decisions FROM feedback ORDER BY said_at DESC, rowid DESC"
            )
            return [Feedback(datetime.fromisoformat(at), verdict, json.loads(kept)) for at, verdict, kept in rows]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        make_private(self._path)
        with closing(sqlite3.connect(self._path)) as connection, connection:
            connection.execute(_TABLE)
            yield connection
