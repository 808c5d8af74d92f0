"""How many may come: a window that moves, several limits at once, and keys that do not know each other."""

import time
import tracemalloc

import pytest

from channels.limits import PER_ADDRESS, PER_CONVERSATION, SECONDS, Limit, Limits

FEW = Limit("few", 3)
MANY = Limit("many", 5)


class Clock:
    """A clock that goes when told; it begins where no minute and no window begins."""

    def __init__(self) -> None:
        self.now = 1_700_000_017.25

    def __call__(self) -> float:
        return self.now


class Counted:
    """Limits at the time of a clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._limits = Limits()

    def wait(self, *counted: tuple[Limit, str]) -> int:
        return self._limits.wait(self._clock.now, *counted)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limits(clock: Clock) -> Counted:
    return Counted(clock)


def test_as_many_as_allowed_pass_and_the_next_one_waits(limits: Counted) -> None:
    assert [limits.wait((FEW, "a")) for _ in range(5)] == [0, 0, 0, 60, 60]


def test_one_more_passes_as_soon_as_the_oldest_is_a_minute_old(limits: Counted, clock: Clock) -> None:
    for _ in range(3):
        assert limits.wait((FEW, "a")) == 0
        clock.now += 10
    clock.now += 29.5
    assert limits.wait((FEW, "a")) == 1
    clock.now += 0.6
    assert limits.wait((FEW, "a")) == 0
    assert limits.wait((FEW, "a")) == 10


def test_the_window_moves_so_that_a_burst_over_the_edge_of_a_minute_is_none(limits: Counted, clock: Clock) -> None:
    """A counter that begins anew each minute would let twice as many through within seconds."""
    clock.now = 1_700_000_099.0
    passed = 0
    for _ in range(20):
        passed += limits.wait((FEW, "a")) == 0
        clock.now += 1
    assert passed == 3


def test_after_the_seconds_it_says_one_passes(limits: Counted, clock: Clock) -> None:
    for _ in range(3):
        limits.wait((FEW, "a"))
        clock.now += 7.3
    while seconds := limits.wait((FEW, "a")):
        assert 1 <= seconds <= 60
        waited, clock.now = seconds, clock.now + seconds
    assert waited == 39, "the first wait was the last"


def test_what_is_refused_does_not_count(limits: Counted, clock: Clock) -> None:
    for _ in range(3):
        limits.wait((FEW, "a"))
    for _ in range(50):
        clock.now += 1
        assert limits.wait((FEW, "a")) > 0
    clock.now += 10.1
    assert [limits.wait((FEW, "a")) for _ in range(4)] == [0, 0, 0, 60]


def test_keys_do_not_count_for_each_other(limits: Counted) -> None:
    for key in ("a", "b", "", "é", "a/b", "a:b"):
        assert [limits.wait((FEW, key)) for _ in range(4)] == [0, 0, 0, 60]


def test_both_limits_hold(limits: Counted) -> None:
    for _ in range(3):
        assert limits.wait((MANY, "address"), (FEW, "one")) == 0
    assert limits.wait((MANY, "address"), (FEW, "one")) == 60
    assert limits.wait((MANY, "address"), (FEW, "two")) == 0
    assert limits.wait((MANY, "address"), (FEW, "two")) == 0
    assert limits.wait((MANY, "address"), (FEW, "two")) == 60, "the address has had its five"
    assert limits.wait((MANY, "elsewhere"), (FEW, "two")) == 0


@pytest.mark.parametrize("turned", [False, True])
def test_what_one_limit_refuses_does_not_count_for_the_other(limits: Counted, turned: bool) -> None:
    for _ in range(3):
        limits.wait((FEW, "one"))
    both = [(MANY, "address"), (FEW, "one")]
    for _ in range(9):
        assert limits.wait(*(reversed(both) if turned else both)) == 60
    assert [limits.wait((MANY, "address")) for _ in range(6)] == [0] * 5 + [60]


def test_one_person_has_twenty_a_minute_and_an_address_many_times_that() -> None:
    assert (PER_CONVERSATION.most, SECONDS) == (20, 60)
    assert PER_ADDRESS.most >= 10 * PER_CONVERSATION.most


def test_what_is_past_takes_no_memory(limits: Counted, clock: Clock) -> None:
    """Each visitor has a key of their own: kept for ever, they would fill the memory and be walked at each message."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for number in range(5000):
            limits.wait((FEW, str(number)))
        clock.now += 61
        for _ in range(20):  # what is past may be forgotten beside, a moment later
            limits.wait((MANY, "a"))
            time.sleep(0.05)
            left = tracemalloc.get_traced_memory()[0] - before
            if left < 200_000:
                break
    finally:
        tracemalloc.stop()
    assert left < 200_000
