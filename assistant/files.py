"""Files written whole: whoever reads one finds what it was before, or all that it is now."""

import os
import secrets
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

#: What a file that visitors or conversations stand behind may be: read by this user of the machine only.
PRIVATE = 0o600


def write_whole(path: Path, content: bytes, mode: int = PRIVATE) -> None:
    """Write a file beside its place, then put it there in one step; its folder is made where it is missing.

    Args:
        path: the file; one that is there is replaced.
        content: all of it.
        mode: its permissions.

    Raises:
        OSError: it cannot be written; what was there stays.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = draft_of(path)
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()


def draft_of(path: Path) -> Path:
    """Return a name beside a file that nothing has yet, hidden from whoever looks for files of its kind."""
    return path.with_name(f".{path.name}.{secrets.token_hex(8)}")


@contextmanager
def undisturbed() -> Iterator[None]:
    """Have Ctrl-C and SIGTERM wait until what is inside is done: for the few steps that only make sense together."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def stays_inside(name: str) -> bool:
    """Return whether a name in an archive leads to a file below the folder that it is put into."""
    parts = name.split("/")
    return bool(name) and "\\" not in name and "\0" not in name and not {"", ".", ".."} & set(parts)
