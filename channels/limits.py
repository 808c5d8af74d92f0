"""How many messages a visitor of the website may send, and how many come from one address. No input or output."""

import math
from collections import OrderedDict, deque
from dataclasses import dataclass

#: Over so many seconds messages are counted.
SECONDS = 60.0


@dataclass(frozen=True)
class Limit:
    """So many messages may come in a minute.

    Attributes:
        name: what is counted.
        most: how many.
    """

    name: str
    most: int


#: One person reads what is answered before asking again.
PER_CONVERSATION = Limit("conversation", 20)
#: The website asks again and again what a person has answered.
PER_WAITING = Limit("waiting", 40)
#: Wide: the visitors of a shelter or a school share one address.
PER_ADDRESS = Limit("address", 300)


class Limits:
    """Counts what came in over the last minute, in memory; whoever has been silent for a minute is forgotten."""

    def __init__(self) -> None:
        self._times: OrderedDict[tuple[Limit, str], deque[float]] = OrderedDict()

    def wait(self, now: float, *counted: tuple[Limit, str]) -> int:
        """Count one more under each limit and its key, unless one of them is reached.

        Args:
            now: the time, in seconds of any clock that only goes forward.
            counted: the limits, each with whom it counts for.

        Returns:
            the whole seconds after which to try again; 0 if this one may pass.
        """
        self._forget(now)
        waits = [self._wait(now, *one) for one in counted]
        if any(waits):
            return max(waits)
        for one in counted:
            self._times.setdefault(one, deque(maxlen=one[0].most)).append(now)
            self._times.move_to_end(one)
        return 0

    def _wait(self, now: float, limit: Limit, key: str) -> int:
        times = self._times.get((limit, key))
        if times is None or len(times) < limit.most or now - times[0] >= SECONDS:
            return 0
        return max(1, math.ceil(times[0] + SECONDS - now))

    def _forget(self, now: float) -> None:
        while self._times:
            key, times = next(iter(self._times.items()))
            if now - times[-1] < SECONDS:
                return
            del self._times[key]
            if not self._times:
                self._times = OrderedDict()  # an emptied one keeps its room
