"""Sending to an app: tried again where that is safe, given up after a while, logged without a text."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx

logger = logging.getLogger(__name__)
# It tells each address that is called, and Telegram's hold the token.
logging.getLogger("httpx").setLevel(logging.WARNING)

#: How often a message is sent at most, and the waits in between in seconds where the app names none.
TRIES = 4
_FIRST_WAIT = 0.5
#: The longest wait that an app may ask for, in seconds.
_LONGEST_WAIT = 30.0
#: What an app says no to for now.
_LATER = frozenset({429, 500, 502, 503, 504})


class NotSent(Exception):
    """A message that could not be sent; the message is a line for the log, without a text or an address."""


@dataclass(frozen=True)
class Verdict:
    """What an app's answer to a call means.

    Attributes:
        problem: what is wrong, for the log; empty if the message was taken.
        again: whether it was surely not taken and may be sent again.
        wait: after how many seconds, if the app says so.
    """

    problem: str = ""
    again: bool = False
    wait: float | None = None


def by_status(response: httpx.Response) -> Verdict:
    """Return what an answer means by its HTTP status, for apps that keep to it."""
    if response.is_success:
        return Verdict()
    return Verdict(f"HTTP {response.status_code}", response.status_code in _LATER, _asked(response))


async def send(
    call: Callable[[], Awaitable[httpx.Response]],
    what: str,
    judge: Callable[[httpx.Response], Verdict] = by_status,
) -> httpx.Response:
    """Make a call, again where the app said to come back or was not reached.

    After a time-out nobody knows whether the message arrived: it is not sent again.

    Args:
        call: makes the call once.
        what: what is sent, for the log.
        judge: says what an answer means.

    Raises:
        NotSent: the app refuses, cannot be reached, or did not answer in time.
    """
    wait = _FIRST_WAIT
    for last in (False,) * (TRIES - 1) + (True,):
        try:
            response = await call()
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            verdict = Verdict(type(error).__name__, again=True)
        except httpx.HTTPError as error:
            raise NotSent(f"{what} : {type(error).__name__}, peut-être arrivé, pas renvoyé") from None
        else:
            verdict = judge(response)
            if not verdict.problem:
                return response
            if not verdict.again:
                raise NotSent(f"{what} : {verdict.problem}")
        if not last:
            await asyncio.sleep(min(wait if verdict.wait is None else verdict.wait, _LONGEST_WAIT))
            wait *= 2
    raise NotSent(f"{what} : {verdict.problem}, {TRIES} essais")


def _asked(response: httpx.Response) -> float | None:
    """Return the seconds after which an app wants to be called again, or None."""
    try:
        return max(0.0, float(response.headers.get("retry-after", "")))
    except ValueError:
        return None
