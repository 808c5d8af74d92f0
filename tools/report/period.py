"""A period, and the one before it."""

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Protocol, TypeVar

from tools.feedback import days

_FIRST = datetime(1971, 1, 1, tzinfo=timezone.utc)


class Dated(Protocol):
    """What has a time."""

    @property
    def at(self) -> datetime:
        """When it was."""


_D = TypeVar("_D", bound=Dated)


@dataclass(frozen=True)
class Period:
    """From `start` until before `end`, both in UTC."""

    start: datetime
    end: datetime

    @classmethod
    def last(cls, days: float, now: datetime) -> "Period":
        """Return the last days, until now."""
        return cls(now - timedelta(days=days), now)

    @property
    def before(self) -> "Period":
        """The period of the same length before it."""
        return Period(self.start - (self.end - self.start), self.start)

    def of(self, items: Iterable[_D]) -> list[_D]:
        """Return what lies in it."""
        return [item for item in items if self.start <= item.at < self.end]


def days_back(value: str) -> float:
    """Return a number of days that was typed, for a period and the one before it.

    Raises:
        argparse.ArgumentTypeError: it is none, or too long ago; the message is in French.
    """
    number = days(value)
    if timedelta(days=2 * number) > datetime.now(timezone.utc) - _FIRST:
        raise argparse.ArgumentTypeError("c'est trop loin en arrière")
    return number
