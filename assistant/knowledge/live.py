"""The knowledge of a running assistant: an edit is picked up, a bad edit is refused and said."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.knowledge.base import Knowledge
from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.loader import knowledge_files, load_knowledge
from assistant.knowledge.search import PassageIndex
from assistant.settings import Settings
from assistant.understanding.mentions import MentionFinder

logger = logging.getLogger(__name__)

#: How often, in seconds, the files are looked at.
INTERVAL = 1.0


@dataclass(frozen=True)
class Current:
    """A knowledge, and what finds its names, and the sentences of its sources, in messages.

    Attributes:
        knowledge: what is known.
        finder: finds its names.
        passages: finds the sentences of its sources; None where none is to be quoted.
    """

    knowledge: Knowledge
    finder: MentionFinder
    passages: PassageIndex | None = None

    @classmethod
    def of(cls, knowledge: Knowledge, quoting: bool) -> "Current":
        """Return a knowledge with what finds in it.

        Args:
            knowledge: what is known.
            quoting: whether sentences of its sources may be quoted.
        """
        return cls(knowledge, MentionFinder(knowledge), PassageIndex(knowledge.passages) if quoting else None)


class LiveKnowledge:
    """The last good knowledge of a folder.

    Args:
        folder: the folder `knowledge/`.
        quoting: whether sentences of its sources may be quoted.

    Raises:
        KnowledgeError: the folder cannot be trusted at the start.
    """

    def __init__(self, folder: Path, quoting: bool = True) -> None:
        self._folder = folder
        self._note: Callable[[Path, str], None] | None = None
        self._quoting = quoting
        self._seen = self._stamp()
        self._looked = time.monotonic()
        self._use(load_knowledge(folder))

    @property
    def current(self) -> Current:
        """The knowledge and its names, read anew when a file has changed and all files are good: one for a turn."""
        self._refresh()
        return self._current

    def note_use(self, note: Callable[[Path, str], None]) -> None:
        """Have a function called with the folder and the version in use: now, and whenever another is taken up."""
        self._note = note
        note(self._folder, self._current.knowledge.version)

    def _refresh(self) -> None:
        now = time.monotonic()
        if now - self._looked < INTERVAL:
            return
        self._looked = now
        stamp = self._stamp()
        if stamp == self._seen:
            return
        self._seen = stamp
        try:
            self._use(load_knowledge(self._folder))
        except KnowledgeError as error:
            logger.error("%s L'assistant garde la version %s.", error, self._current.knowledge.version)
        else:
            logger.info("Connaissances relues : version %s.", self._current.knowledge.version)

    def _use(self, knowledge: Knowledge) -> None:
        self._current = Current.of(knowledge, self._quoting)
        if self._note:
            self._note(self._folder, knowledge.version)

    def _stamp(self) -> tuple[tuple[str, int, int], ...]:
        """Return what tells that a file has changed: its name, time and size."""
        return tuple(_stamp_of(path) for path in knowledge_files(self._folder))


def _stamp_of(path: Path) -> tuple[str, int, int]:
    try:
        status = path.stat()
    except OSError:  # it went away since it was listed, or is a link to nothing: reading it will say so
        return (str(path), 0, 0)
    return (str(path), status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=1)
def live_knowledge() -> LiveKnowledge:
    """Return the one knowledge of this process, read at the first call from the folder of the settings.

    Raises:
        KnowledgeError: the folder cannot be trusted.
    """
    settings = Settings.read()
    return LiveKnowledge(settings.knowledge, settings.passages)
