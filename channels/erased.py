"""Conversations that were erased a short while ago: what was on its way to them is not stored any more."""

import time

#: No message is on its way for longer.
KEPT_SECONDS = 600.0


class Erased:
    """Ids of conversations, in memory, in the order in which they were erased."""

    def __init__(self) -> None:
        self._times: dict[str, float] = {}

    def add(self, conversation: str) -> None:
        """Note that a conversation is erased now, and forget those that were long ago."""
        now = time.monotonic()
        self._times.pop(conversation, None)
        self._times[conversation] = now
        while now - next(iter(self._times.values())) > KEPT_SECONDS:
            del self._times[next(iter(self._times))]

    def has(self, conversation: str) -> bool:
        """Return whether a conversation was erased."""
        return conversation in self._times
