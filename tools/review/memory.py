"""What was decided on groups of questions, so that nobody is asked the same thing twice."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Literal

from assistant.understanding.normalise import normalise
from channels.database import make_private, set_up
from channels.messaging.people import conversation_of
from tools.report.proposals import FEWEST, Proposal

Decision = Literal["accepted", "dismissed", "later"]

#: A group that was decided on comes again when it is asked that many times as often as then.
GREW = 2.0

_TABLE = """
CREATE TABLE IF NOT EXISTS reviewed (
    question TEXT PRIMARY KEY, decision TEXT NOT NULL, decided_at REAL NOT NULL, seen_at REAL NOT NULL,
    per_day REAL NOT NULL
)"""


@dataclass(frozen=True)
class Past:
    """What was decided on a group.

    Attributes:
        decision: what.
        at: when.
        per_day: how many times a day it was asked then.
    """

    decision: Decision
    at: datetime
    per_day: float

    def settles(self, count: int, days: float) -> bool:
        """Whether the group need not come again: it was not put off, and has not grown markedly.

        Args:
            count: how many times it was asked.
            days: in how many days.
        """
        grew = count >= GREW * self.per_day * days and count - self.per_day * days >= FEWEST
        return self.decision != "later" and not grew


class Memory:
    """Decisions on groups of questions, in an SQLite file that only this user of the machine can read.

    Of a question it keeps a keyed hash, from which nobody gets back to a text; and that only as long as such questions
    are kept themselves.

    Args:
        path: the file; it is made with the first decision.
        days: how many days the questions are kept.
        now: the time.
    """

    def __init__(self, path: Path, days: float, now: datetime) -> None:
        self._path = path
        self._days = days
        self._now = now

    def past(self, group: Proposal) -> Past | None:
        """Return what was decided last on a group, if it is one: it shares at least half of its questions.

        Raises:
            sqlite3.Error: the file cannot be read.
        """
        if not self._path.exists():
            return None
        keys = _keys(group)
        marks = ", ".join("?" * len(keys))
        query = f"SELECT decision, decided_at, per_day FROM reviewed WHERE question IN ({marks}) ORDER BY decided_at"
        with self._open() as connection:
            rows = connection.execute(query, keys).fetchall()
        if not rows or 2 * len(rows) < len(keys):
            return None
        decision, at, per_day = rows[-1]
        return Past(decision, datetime.fromtimestamp(at, timezone.utc), per_day)

    def keep(self, decided: Iterable[tuple[Proposal, Decision]], days: float) -> None:
        """Keep decisions; a later one on the same questions replaces the one before.

        Args:
            decided: the groups with what was decided.
            days: in how many days they were asked as often as they say.

        Raises:
            sqlite3.Error: the file cannot be written.
        """
        at = self._now.timestamp()
        rows = [(key, what, at, at, group.count / days) for group, what in decided for key in _keys(group)]
        if rows:
            with self._open() as connection:
                connection.executemany("INSERT OR REPLACE INTO reviewed VALUES (?, ?, ?, ?, ?)", rows)

    def forget(self, groups: Iterable[Proposal]) -> None:
        """Keep no decision on some groups any more."""
        self._each("DELETE FROM reviewed WHERE question = :key", groups)

    def refresh(self, groups: Iterable[Proposal]) -> None:
        """Note that some groups are still asked, and forget those that no kept question is of any more."""
        self._each("UPDATE reviewed SET seen_at = :now WHERE question = :key", groups)
        if self._path.exists():
            past = self._now - timedelta(days=self._days)
            with self._open() as connection:
                connection.execute("DELETE FROM reviewed WHERE seen_at <= ?", (past.timestamp(),))

    def _each(self, statement: str, groups: Iterable[Proposal]) -> None:
        rows = [{"key": key, "now": self._now.timestamp()} for group in groups for key in _keys(group)]
        if rows and self._path.exists():
            with self._open() as connection:
                connection.executemany(statement, rows)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        make_private(self._path)
        with closing(sqlite3.connect(self._path)) as connection, connection:
            set_up(connection)
            connection.execute(_TABLE)
            yield connection


def _keys(group: Proposal) -> Sequence[str]:
    """Return what the questions of a group are kept as."""
    texts = dict.fromkeys(map(normalise, (group.representative, *group.questions)))
    return [conversation_of("revue", text) for text in texts]
