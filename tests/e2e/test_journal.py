"""The journal of a running assistant: visitors are counted and told, who tries it is not, and erasing erases."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest

from channels.journal import Entry, Journal
from tests.e2e.conftest import Running, run_assistant
from tests.e2e.test_website import MARK, QUESTION, Visitor

UNANSWERABLE = f"Quel est le budget de l'OIM au {MARK} ?"
TOLD = "sont gardées 14 jours"


@pytest.fixture(scope="module")
def keeping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An assistant whose operator keeps questions for 14 days."""
    yield from run_assistant(tmp_path_factory.mktemp("journal"), ASSISTANT_JOURS_QUESTIONS="14")


@pytest.fixture
def visitor(keeping: Running) -> Visitor:
    return Visitor(keeping)


def noted(running: Running) -> list[Entry]:
    """Return what was noted, with a journal of the report's own."""
    now = datetime.now(timezone.utc)
    journal = Journal(running.launcher.settings.journal, running.launcher.settings.question_days)
    try:
        return journal.entries(now - timedelta(days=1), now + timedelta(days=1))
    finally:
        journal.close()


def files(running: Running) -> bytes:
    """Return all that the journal's files hold."""
    path = running.launcher.settings.journal
    return b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))


def test_a_question_without_an_answer_is_kept_of_a_visitor_who_is_told(keeping: Running, visitor: Visitor) -> None:
    before = len(noted(keeping))
    first = visitor.ask(f"{UNANSWERABLE} Mon numéro est le 06 12 34 56 78.")["messages"]
    assert TOLD in first[0]["text"]
    assert first[1]["buttons"], "the choices stay under what is said last"
    assert TOLD not in visitor.text(QUESTION), "once is enough"
    assert TOLD in visitor.text("que faites-vous de mes données ?")
    asked, answered, privacy = noted(keeping)[before:]
    assert (asked.kind, asked.channel, asked.first, asked.unknown) == ("refusal", "website", True, "budget")
    assert asked.text
    assert MARK in asked.text
    assert "(numéro masqué)" in asked.text
    assert (answered.kind, answered.facts, answered.first) == ("answer", ("ocam.date_creation",), False)
    assert {answered.text, privacy.text} == {None}


def own_mark() -> str:
    return MARK + uuid.uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))  # digits would be masked


def test_erasure_erases_the_question_too(keeping: Running) -> None:
    for erase in (Visitor.erase, lambda visitor: visitor.ask("efface mes données")):
        visitor, mark = Visitor(keeping), own_mark()
        visitor.ask(f"{UNANSWERABLE} {mark}")
        assert mark.encode() in files(keeping)
        erase(visitor)
        assert mark.encode() not in files(keeping)


def test_nothing_that_distress_said_is_kept(keeping: Running, visitor: Visitor) -> None:
    mark = own_mark()
    visitor.ask(f"{UNANSWERABLE} {mark}")
    assert TOLD not in visitor.text("Mon mari me frappe")
    assert TOLD not in visitor.text("que faites-vous de mes données ?")
    visitor.ask(f"{UNANSWERABLE} {mark}")
    assert mark.encode() not in files(keeping)


def test_who_tries_it_over_rest_is_not_counted(keeping: Running) -> None:
    before = len(noted(keeping))
    assert TOLD not in keeping.conversation().say(UNANSWERABLE).text
    assert len(noted(keeping)) == before


def test_nothing_of_it_is_in_the_log(keeping: Running, visitor: Visitor) -> None:
    visitor.ask(UNANSWERABLE)
    assert MARK not in keeping.launcher.output


def test_without_the_switch_visitors_are_counted_and_nothing_they_wrote_is_kept(running: Running) -> None:
    visitor = Visitor(running)
    before = len(noted(running))
    said = visitor.text(UNANSWERABLE) + visitor.text("que faites-vous de mes données ?")
    assert "sont gardées" not in said
    assert len(noted(running)) == before + 2
    assert MARK.encode() not in files(running)
