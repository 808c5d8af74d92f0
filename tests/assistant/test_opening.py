"""When somebody answers, whatever the day, the hour and the zone, and how it is said."""

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import pytest

from assistant.opening import Hours, in_french

PARIS = ZoneInfo("Europe/Paris")
WEEK = "lun-ven 9:00-12:00, lun-jeu 14:00-17:30, sam 10:00-12:00"


def at(text: str, zone: timezone | ZoneInfo = PARIS) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-11-23T08:59", "aujourd'hui à 9 h"),  # a Monday
        ("2026-11-23T09:00", ""),
        ("2026-11-23T11:59:59", ""),
        ("2026-11-23T12:00", "aujourd'hui à 14 h"),
        ("2026-11-23T17:29", ""),
        ("2026-11-23T17:30", "demain à 9 h"),
        ("2026-11-27T12:00", "demain à 10 h"),  # a Friday
        ("2026-11-28T12:00", "lundi à 9 h"),
        ("2026-11-29T23:59", "demain à 9 h"),
    ],
)
def test_when_somebody_answers_again(now: str, said: str) -> None:
    opens = Hours.parse(WEEK, "Europe/Paris").opens(at(now))
    assert (in_french(opens, at(now)) if opens else "") == said


def test_the_clock_hangs_where_the_people_are() -> None:
    hours = Hours.parse("lun 9:00-10:00", "America/El_Salvador")  # six hours behind UTC
    assert hours.opens(at("2026-11-23T15:30", timezone.utc)) is None
    opens = hours.opens(at("2026-11-23T09:30", timezone.utc))
    assert opens is not None
    assert in_french(opens, at("2026-11-23T09:30", timezone.utc)) == "aujourd'hui à 9 h"


def test_a_day_that_is_open_once_a_week_opens_again_in_a_week() -> None:
    now = at("2026-11-23T11:00")
    opens = Hours.parse("lun 9:15-10:00", "Europe/Paris").opens(now)
    assert opens is not None
    assert in_french(opens, now) == "lundi prochain à 9 h 15"


def test_summer_time_changes_nothing_in_what_is_said() -> None:
    now = at("2026-03-28T20:00")  # the night before clocks go forward
    opens = Hours.parse("dim 9:00-10:00", "Europe/Paris").opens(now)
    assert opens is not None
    assert in_french(opens, now) == "demain à 9 h"


def test_days_may_go_round_the_week_and_end_at_midnight() -> None:
    hours = Hours.parse("ven-lun 20:00-24:00", "Europe/Paris")
    assert [hours.opens(at(f"2026-11-{day}T23:59")) is None for day in (23, 24, 27, 28, 29)] == [
        True,
        False,
        True,
        True,
        True,
    ]


def test_without_hours_somebody_always_answers() -> None:
    assert Hours.parse("", "Europe/Paris").opens(at("2026-11-29T03:00")) is None


@pytest.mark.parametrize(
    "text",
    ["toujours", "lun 9-17", "lun 9:00", "lun 17:00-9:00", "lun 9:00-9:00", "lun 25:00-26:00", "abc 9:00-10:00"],
)
def test_hours_that_cannot_be_read_are_refused_in_french(text: str) -> None:
    with pytest.raises(ValueError, match="exemple : lun-ven 9:00-17:00"):
        Hours.parse(text, "Europe/Paris")


@pytest.mark.parametrize("zone", ["Paris", "", "../etc/passwd", "Europe/"])
def test_a_zone_that_does_not_exist_is_refused_in_french(zone: str) -> None:
    with pytest.raises(ValueError, match="fuseau"):
        Hours.parse("lun 9:00-17:00", zone)
