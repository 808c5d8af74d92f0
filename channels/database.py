"""What SQLite files share: nobody else of the machine reads them, and what is deleted is overwritten."""

from pathlib import Path
from typing import Any


def make_private(database: Path) -> None:
    """Make a database that no other user of the machine can read; SQLite gives its log files the same rights."""
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    database.touch(mode=0o600)


def set_up(connection: Any) -> None:
    """Have SQLite overwrite what is deleted, and write ahead (two readers never wait for a writer)."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA secure_delete=ON")


#: Has SQLite empty its write-ahead log, which still holds what was erased.
OVERWRITE = "PRAGMA wal_checkpoint(TRUNCATE)"
