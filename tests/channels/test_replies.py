"""A message that comes twice is answered once, whoever goes away meanwhile."""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable

import pytest

from channels import replies as module
from channels.replies import Replies, Reply

KEY = ("conversation", "message")


class Maker:
    """Makes replies, which tell how many were made; it may be told to wait."""

    def __init__(self) -> None:
        self.made = 0
        self.finished = 0
        self.go = asyncio.Event()
        self.go.set()

    async def __call__(self) -> Reply:
        self.made += 1
        number = self.made
        await self.go.wait()
        self.finished += 1
        return {"number": number}


@pytest.fixture
async def make() -> Maker:
    return Maker()


@pytest.fixture
def replies() -> Replies:
    return Replies()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Return a function that lets time go on."""
    now = [time.monotonic()]
    monkeypatch.setattr(module, "time", type("Clock", (), {"monotonic": staticmethod(lambda: now[0])}))

    def advance(seconds: float) -> None:
        now[0] += seconds

    return advance


async def test_the_same_message_later_gets_the_same_reply(replies: Replies, make: Maker) -> None:
    assert [await replies.reply(KEY, make) for _ in range(3)] == [{"number": 1}] * 3
    assert make.made == 1


async def test_the_same_message_at_once_is_answered_once(replies: Replies, make: Maker) -> None:
    make.go.clear()
    waiting = [asyncio.ensure_future(replies.reply(KEY, make)) for _ in range(5)]
    await asyncio.sleep(0)
    make.go.set()
    assert await asyncio.gather(*waiting) == [{"number": 1}] * 5
    assert make.made == 1


async def test_other_messages_and_other_conversations_are_answered_anew(replies: Replies, make: Maker) -> None:
    keys = [KEY, ("conversation", "message2"), ("conversation2", "message"), ("conversationm", "essage")]
    assert [(await replies.reply(key, make))["number"] for key in keys] == [1, 2, 3, 4]


async def test_a_reply_is_made_to_its_end_when_the_first_who_asked_goes_away(replies: Replies, make: Maker) -> None:
    make.go.clear()
    gone = asyncio.ensure_future(replies.reply(KEY, make))
    await asyncio.sleep(0.01)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    gc.collect()
    later = asyncio.ensure_future(replies.reply(KEY, make))
    await asyncio.sleep(0)
    make.go.set()
    assert await later == {"number": 1}
    assert (make.made, make.finished) == (1, 1)


async def test_a_reply_that_nobody_waits_for_any_more_is_found_by_the_next_try(replies: Replies, make: Maker) -> None:
    make.go.clear()
    gone = asyncio.ensure_future(replies.reply(KEY, make))
    await asyncio.sleep(0.01)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    make.go.set()
    await asyncio.sleep(0.01)
    assert make.finished == 1
    assert await replies.reply(KEY, make) == {"number": 1}


async def test_a_second_who_goes_away_takes_nothing_from_the_first(replies: Replies, make: Maker) -> None:
    make.go.clear()
    first, second = (asyncio.ensure_future(replies.reply(KEY, make)) for _ in range(2))
    await asyncio.sleep(0.01)
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    make.go.set()
    assert await first == {"number": 1}


async def test_what_a_conversation_was_told_can_be_forgotten(replies: Replies, make: Maker) -> None:
    other = ("conversation2", "message")
    for key in (KEY, ("conversation", "message2"), other):
        await replies.reply(key, make)
    replies.forget("conversation")
    replies.forget("unknown")
    assert await replies.reply(other, make) == {"number": 3}
    assert await replies.reply(KEY, make) == {"number": 4}


async def test_a_reply_expires(replies: Replies, make: Maker, clock: Callable[[float], None]) -> None:
    await replies.reply(KEY, make)
    clock(module.KEPT_SECONDS - 1)
    assert await replies.reply(KEY, make) == {"number": 1}
    clock(2)
    assert await replies.reply(KEY, make) == {"number": 2}
    assert len(replies._made) == 1


async def test_memory_is_bounded_and_the_oldest_goes_first(
    replies: Replies, make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 10)
    for number in range(100):
        await replies.reply(("conversation", str(number)), make)
        assert len(replies._made) <= 11
    assert await replies.reply(("conversation", "99"), make) == {"number": 100}
    assert await replies.reply(("conversation", "0"), make) == {"number": 101}


async def test_one_that_fails_is_made_anew_at_the_next_try(replies: Replies, make: Maker) -> None:
    async def fail() -> Reply:
        raise OSError

    makers: list[Callable[[], Awaitable[Reply]]] = [fail, make]
    with pytest.raises(OSError):
        await replies.reply(KEY, makers[0])
    assert await replies.reply(KEY, makers[1]) == {"number": 1}
