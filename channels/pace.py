"""How fast one visitor may write. No input or output."""

from collections import deque
from enum import Enum

#: So many messages may come in so many seconds.
MESSAGES = 20
SECONDS = 60.0


class Verdict(Enum):
    """What becomes of a message."""

    PASSES = "passes"
    #: The first one too many: the visitor is told.
    TOLD = "told"
    #: The next ones: whoever sends them does not read what is said.
    DROPPED = "dropped"


class Pace:
    """Counts the messages of one connection over the last minute; those that did not pass do not count."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=MESSAGES)
        self._told = False

    def verdict(self, now: float) -> Verdict:
        """Say what becomes of a message that comes in at a time, in seconds of any clock that only goes forward."""
        if len(self._times) < MESSAGES or now - self._times[0] >= SECONDS:
            self._times.append(now)
            self._told = False
            return Verdict.PASSES
        first, self._told = not self._told, True
        return Verdict.TOLD if first else Verdict.DROPPED
