"""The knowledge of a running assistant: an edit is picked up, a bad edit is refused and said."""

import logging
import time
from functools import lru_cache
from pathlib import Path

from assistant.knowledge.base import Knowledge
from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.loader import knowledge_files, load_knowledge
from assistant.settings import Settings
from assistant.understanding.mentions import MentionFinder

logger = logging.getLogger(__name__)

#: How often, in seconds, the files are looked at.
INTERVAL = 1.0


class LiveKnowledge:
    """The last good knowledge of a folder.

    Args:
        folder: the folder `knowledge/`.

    Raises:
        KnowledgeError: the folder cannot be trusted at the start.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = self._stamp()
        self._looked = time.monotonic()
        self._use(load_knowledge(folder))

    @property
    def knowledge(self) -> Knowledge:
        """The knowledge, read anew when a file has changed and all files are good."""
        self._refresh()
        return self._knowledge

    @property
    def finder(self) -> MentionFinder:
        """The names of that knowledge."""
        self._refresh()
        return self._finder

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
            logger.error("%s L'assistant garde la version %s.", error, self._knowledge.version)
        else:
            logger.info("Connaissances relues : version %s.", self._knowledge.version)

    def _use(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._finder = MentionFinder(knowledge)

    def _stamp(self) -> tuple[tuple[str, int, int], ...]:
        """Return what tells that a file has changed: its name, time and size."""
        return tuple(
            (str(path), status.st_mtime_ns, status.st_size)
            for path in knowledge_files(self._folder)
            for status in (path.stat(),)
        )


@lru_cache(maxsize=1)
def live_knowledge() -> LiveKnowledge:
    """Return the one knowledge of this process, read at the first call from the folder of the settings.

    Raises:
        KnowledgeError: the folder cannot be trusted.
    """
    return LiveKnowledge(Settings.read().knowledge)
