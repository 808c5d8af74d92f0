"""Wait in a test for what comes a moment later, on a busy machine too."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

#: How long a machine may take that does much else; what never comes takes a failing test that long.
PATIENCE_SECONDS = 60.0


def eventually(look: Callable[[], T], every: float = 0.02) -> T:
    """Look again until what is seen is true.

    Args:
        look: what to do again and again.
        every: the seconds between two looks.

    Returns:
        What was seen last: something true, or something false after `PATIENCE_SECONDS`.
    """
    end = time.monotonic() + PATIENCE_SECONDS
    while not (seen := look()) and time.monotonic() < end:
        time.sleep(every)
    return seen
