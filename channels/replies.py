"""The replies to messages, so that a message that comes twice is answered once."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

#: Whoever tries again does so within that many seconds.
KEPT_SECONDS = 600.0
#: The most replies that are kept, whatever comes in.
MOST = 10_000

Reply = dict[str, Any]
Key = tuple[str, str]


class Replies:
    """Replies by conversation and message id, in memory: those that are being made too."""

    def __init__(self) -> None:
        self._made: OrderedDict[Key, tuple[float, asyncio.Task[Reply]]] = OrderedDict()

    async def reply(self, key: Key, make: Callable[[], Awaitable[Reply]]) -> Reply:
        """Return the reply to a message: the one made or being made, or a new one.

        It is made to its end even if whoever waits for it goes away: the next try finds it.
        """
        self._forget_old()
        if key not in self._made:
            task = asyncio.ensure_future(make())
            self._made[key] = (time.monotonic(), task)
            task.add_done_callback(partial(self._forget_failed, key))
        return await asyncio.shield(self._made[key][1])

    async def settle(self, conversation: str) -> None:
        """Wait for the replies of a conversation that are being made."""
        made = [task for key, (_, task) in self._made.items() if key[0] == conversation]
        await asyncio.gather(*made, return_exceptions=True)

    def forget(self, conversation: str) -> None:
        """Forget the replies of a conversation."""
        for key in [key for key in self._made if key[0] == conversation]:
            del self._made[key]

    def _forget_failed(self, key: Key, task: "asyncio.Task[Reply]") -> None:
        """Forget a reply that could not be made: the next try makes it anew. Nothing of the failure is logged here."""
        if (task.cancelled() or task.exception()) and self._made.get(key, (0, None))[1] is task:
            del self._made[key]

    def _forget_old(self) -> None:
        """Forget what is too old, and the oldest where there are too many."""
        now = time.monotonic()
        while self._made:
            key, (made, _) = next(iter(self._made.items()))
            if len(self._made) <= MOST and now - made < KEPT_SECONDS:
                return
            del self._made[key]
