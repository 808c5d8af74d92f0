"""What was decided is remembered as long as such questions are kept, without a word of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.tools.review.conftest import DAYS, PODCAST, proposal
from tools.report.proposals import Proposal
from tools.review.memory import Decision, Memory

NOW = datetime(2026, 6, 30, tzinfo=timezone.utc)

Open = Callable[..., Memory]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "review.db"


@pytest.fixture
def memory_after(path: Path) -> Open:
    """Return a function that opens the memory some days later."""
    return lambda days=0.0, kept=DAYS: Memory(path, kept, NOW + timedelta(days=days))


def settled(memory: Memory, group: Proposal, days: float = DAYS) -> bool:
    past = memory.past(group)
    return past is not None and past.settles(group.count, days)


@pytest.mark.parametrize(("decision", "comes_again"), [("dismissed", False), ("accepted", False), ("later", True)])
def test_only_what_was_put_off_comes_again(memory_after: Open, decision: Decision, comes_again: bool) -> None:
    group = proposal("unknown")
    assert memory_after().past(group) is None
    memory_after().keep([(group, decision)], DAYS)
    past = memory_after(1).past(group)
    assert past is not None
    assert (past.decision, past.at) == (decision, NOW)
    assert settled(memory_after(1), group) is not comes_again


@pytest.mark.parametrize(("count", "comes_again"), [(40, False), (79, False), (80, True)])
def test_a_dismissed_group_comes_again_when_it_is_asked_twice_as_often(
    memory_after: Open, count: int, comes_again: bool
) -> None:
    memory_after().keep([(proposal("unknown"), "dismissed")], DAYS)
    assert settled(memory_after(1), proposal("unknown", count=count)) is not comes_again


def test_a_few_more_questions_of_a_rare_group_are_no_growth(memory_after: Open) -> None:
    memory_after().keep([(proposal("unknown", count=2), "dismissed")], DAYS)
    assert settled(memory_after(1), proposal("unknown", count=4))


def test_a_longer_period_is_no_growth(memory_after: Open) -> None:
    memory_after().keep([(proposal("unknown"), "dismissed")], 7)
    assert settled(memory_after(1), proposal("unknown", count=80), 14)


def test_a_group_is_known_again_by_half_of_its_questions(memory_after: Open) -> None:
    memory_after().keep([(proposal("unknown"), "dismissed")], DAYS)
    other = proposal("unknown", representative="et des podcasts ?", questions=("et des podcasts ?", PODCAST[0].upper()))
    assert settled(memory_after(), other)
    assert not settled(memory_after(), replace(other, questions=(*other.questions, "vos podcasts ?")))
    assert memory_after().past(proposal("wording")) is None


def test_the_last_decision_holds_and_may_be_forgotten(memory_after: Open) -> None:
    group = proposal("unknown")
    memory_after().keep([(group, "later")], DAYS)
    memory_after(1).keep([(group, "dismissed")], DAYS)
    assert settled(memory_after(1), group)
    memory_after(1).forget([group])
    assert memory_after(1).past(group) is None


def test_no_word_of_a_visitor_is_kept_and_nobody_else_reads_it(memory_after: Open, path: Path) -> None:
    memory_after().keep([(proposal("unknown"), "dismissed"), (proposal("wording"), "later")], DAYS)
    written = b"".join(one.read_bytes() for one in path.parent.iterdir()).lower()
    assert b"dismissed" in written
    assert not any(word in written for word in (b"podcast", b"drapeaux", b"oim"))
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("days", "kept", "is_known"), [(13, DAYS, True), (15, DAYS, False), (1, 0, False)])
def test_it_is_forgotten_when_the_questions_are_erased(
    memory_after: Open, days: float, kept: float, is_known: bool
) -> None:
    memory_after().keep([(proposal("unknown"), "dismissed")], DAYS)
    memory_after(days, kept).refresh([])
    assert (memory_after(days).past(proposal("unknown")) is not None) is is_known


def test_a_group_that_is_still_asked_stays_dismissed(memory_after: Open) -> None:
    group = proposal("unknown")
    memory_after().keep([(group, "dismissed")], DAYS)
    memory_after(10).refresh([group])
    memory_after(20).refresh([group])
    assert settled(memory_after(20), group)


def test_looking_makes_no_file(memory_after: Open, path: Path) -> None:
    memory_after().refresh([proposal()])
    memory_after().forget([proposal()])
    memory_after().keep([], DAYS)
    assert memory_after().past(proposal()) is None
    assert not path.exists()
