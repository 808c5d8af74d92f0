"""Words that several commands say to an operator."""

from datetime import datetime
from pathlib import Path

from assistant.settings import ROOT


def when(time: datetime) -> str:
    """Return a date and time as an operator reads them, in the zone of this machine."""
    return f"{time.astimezone():%d/%m/%Y à %H:%M}"


def place(path: Path) -> str:
    """Return a path as an operator knows it: from the project's folder, where it lies below it."""
    whole = path.resolve()
    return str(whole.relative_to(ROOT)) if whole.is_relative_to(ROOT) else str(whole)


def not_written(error: OSError) -> str:
    """Return the line that says which file cannot be read or written, and why."""
    return f"{error.filename or 'Un fichier'} ne peut pas être lu ou écrit ({error.strerror or type(error).__name__})."
