"""Words that several commands say to an operator."""

import errno
from datetime import datetime
from pathlib import Path

from assistant.settings import ROOT

#: What the system says most of the time, in French.
_PROBLEMS = {
    errno.ENOSPC: "il n'y a plus de place sur le disque",
    errno.EACCES: "l'accès est refusé",
    errno.EPERM: "l'accès est refusé",
    errno.EROFS: "le disque est en lecture seule",
    errno.ENOENT: "il n'existe pas",
    errno.ENOTDIR: "son dossier n'en est pas un",
    errno.EEXIST: "un fichier est à la place de son dossier",
    errno.EISDIR: "c'est un dossier",
}


def when(time: datetime) -> str:
    """Return a date and time as an operator reads them, in the zone of this machine."""
    return f"{time.astimezone():%d/%m/%Y à %H:%M}"


def place(path: Path) -> str:
    """Return a path as an operator knows it: from the project's folder, where it lies below it."""
    whole = path.resolve()
    return str(whole.relative_to(ROOT)) if whole.is_relative_to(ROOT) else str(whole)


def not_written(error: OSError) -> str:
    """Return the line that says which file cannot be read or written, and why."""
    why = _PROBLEMS.get(error.errno or 0, error.strerror or type(error).__name__)
    return f"{error.filename or 'Un fichier'} ne peut pas être lu ou écrit ({why})."
