"""When people of the organisation answer: hours of a week, in a time zone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
_NAMES = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
#: « lun-ven 9:00-17:00 », « sam 10:00-12:30 ».
_PART = re.compile(r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))? +(?P<begin>\d{1,2}:\d\d)-(?P<end>\d{1,2}:\d\d)")
_WEEK = 7


@dataclass(frozen=True)
class Span:
    """A time of one day of the week (0 is Monday), from its beginning until before its end."""

    day: int
    begin: time
    end: time


@dataclass(frozen=True)
class Hours:
    """The hours of a week; without any, somebody always answers.

    Attributes:
        spans: the times of each day.
        zone: where the clock hangs.
    """

    spans: tuple[Span, ...]
    zone: ZoneInfo

    @classmethod
    def parse(cls, text: str, zone: str) -> "Hours":
        """Return the hours that an operator wrote: « lun-ven 9:00-12:00, lun-jeu 14:00-17:00 ».

        Raises:
            ValueError: the hours or the zone cannot be read; the message says so in French, and quotes neither.
        """
        try:
            place = ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            raise ValueError("le fuseau horaire n'existe pas ; exemple : Europe/Paris") from None
        return cls(tuple(span for part in text.split(",") if part.strip() for span in _spans(part.strip())), place)

    def opens(self, now: datetime) -> datetime | None:
        """Return when somebody answers again, or None where somebody does now."""
        here = now.astimezone(self.zone)
        if not self.spans or any(
            span.day == here.weekday() and span.begin <= here.time() < span.end for span in self.spans
        ):
            return None
        return min(self._next(span, here) for span in self.spans)

    def _next(self, span: Span, here: datetime) -> datetime:
        day = here.date() + timedelta(days=(span.day - here.weekday()) % _WEEK)
        begin = datetime.combine(day, span.begin, self.zone)
        return begin if begin > here else datetime.combine(day + timedelta(days=_WEEK), span.begin, self.zone)


def in_french(then: datetime, now: datetime) -> str:
    """Return when something is, as it is said: « aujourd'hui à 14 h », « demain à 9 h 30 », « lundi à 9 h ».

    Args:
        then: within a week from now.
        now: the time.
    """
    days = (then.date() - now.astimezone(then.tzinfo).date()).days
    day = {0: "aujourd'hui", 1: "demain", _WEEK: f"{_NAMES[then.weekday()]} prochain"}.get(days, _NAMES[then.weekday()])
    return f"{day} à {then.hour} h{f' {then.minute:02}' if then.minute else ''}"


def _spans(part: str) -> Iterator[Span]:
    found = _PART.fullmatch(part.lower())
    if not found or found["first"] not in _DAYS or (found["last"] or found["first"]) not in _DAYS:
        raise ValueError("les horaires ne peuvent pas être lus ; exemple : lun-ven 9:00-17:00, sam 10:00-12:00")
    first, last = _DAYS.index(found["first"]), _DAYS.index(found["last"] or found["first"])
    begin, end = _time(found["begin"]), _time(found["end"])
    if begin >= end:
        raise ValueError("les horaires finissent avant d'avoir commencé ; exemple : lun-ven 9:00-17:00")
    for number in range((last - first) % _WEEK + 1):
        yield Span((first + number) % _WEEK, begin, end)


def _time(written: str) -> time:
    """Return a time; 24:00 is the last moment of a day."""
    try:
        return time.max if written == "24:00" else time.fromisoformat(written.zfill(5))
    except ValueError:
        raise ValueError("une heure n'existe pas ; exemple : lun-ven 9:00-17:00") from None
