"""How many messages a visitor of the website may send, and how many come from one address."""

import math
import time

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

#: One person reads what is answered before asking again.
PER_CONVERSATION = RateLimitItemPerMinute(20)
#: Wide: the visitors of a shelter or a school share one address.
PER_ADDRESS = RateLimitItemPerMinute(300)


class Limits:
    """Counts what comes in over the last minute, in memory."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def wait(self, *counted: tuple[RateLimitItem, str]) -> int:
        """Count one more under each limit and its key, unless one of them is reached.

        Returns:
            the whole seconds after which to try again; 0 if this one may pass.
        """
        for limit, key in counted:
            if not self._limiter.test(limit, key):
                reset = self._limiter.get_window_stats(limit, key).reset_time
                return max(1, math.ceil(reset - time.time()))
        for limit, key in counted:
            self._limiter.hit(limit, key)
        return 0
