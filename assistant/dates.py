"""Dates: which day it is, how people write them in YAML, which is the later one, and how they are said in French."""

import re
from datetime import date, datetime, timezone

from babel import Locale

#: A day, or as much of it as a document tells: 2019, 2019-03, 2019-03-14.
_WRITTEN = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?")
_MONTHS = Locale("fr").months["format"]["wide"]


def today() -> date:
    """Return the day it is in UTC.

    Visitors and editors live in many zones, and a server in none of theirs: one day that is the same for all of them,
    and needs no table of zones, is soon enough for what holds for months.
    """
    return datetime.now(timezone.utc).date()


def written(value: object) -> str | None:
    """Return a date as ISO 8601 writes it, or None where a value is no date.

    Args:
        value: what YAML makes of `2019`, `2019-03` and `2019-03-14`: a number, a text and a day.
    """
    text = value.isoformat() if type(value) is date else str(value) if type(value) is int else value
    found = _WRITTEN.fullmatch(text.strip()) if isinstance(text, str) else None
    if not found:
        return None
    try:
        date(int(found["year"]), int(found["month"] or 1), int(found["day"] or 1))
    except ValueError:
        return None
    return found[0]


def is_before(one: str, other: str) -> bool:
    """Return whether a written date is surely before another: March 2019 is neither before nor after 2019."""
    shared = min(len(one), len(other))
    return one[:shared] < other[:shared]


def in_french(text: str) -> str:
    """Return a written date in words, and any other text as it is.

    >>> in_french("2019-03-01"), in_french("2019-03"), in_french("printemps 2019")
    ('1er mars 2019', 'mars 2019', 'printemps 2019')
    """
    year, month, day = ([*(written(text) or "").split("-"), "", ""])[:3]
    words = ["1er" if day == "01" else day.lstrip("0"), _MONTHS[int(month)] if month else "", year]
    return " ".join(word for word in words if word) or text
