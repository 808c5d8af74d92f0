"""A period, and the one before it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar


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
