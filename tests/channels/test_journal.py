"""The journal: every decision is counted, and a question is kept only where the visitor was told, for its days."""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.dialogue.records import Candidate, Decision, Kind
from assistant.names import DECISIONS_SLOT
from assistant.settings import ROOT
from channels.journal import UNANSWERED, Entry, Journal, Turn
from channels.tracker_store import BoundedTrackerStore

MARK = "zorglubmarque"
DAY = 86_400.0

Open = Callable[..., Journal]


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_SECRET", "s" * 32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "journal.db"


@pytest.fixture
def open_journal(path: Path) -> Iterator[Open]:
    """Return a function that opens the journal, anew as after a restart."""
    opened: list[Journal] = []

    def _open(days: float = 14) -> Journal:
        opened.append(Journal(path, days))
        return opened[-1]

    yield _open
    for journal in opened:
        journal.close()


@pytest.fixture
def journal(open_journal: Open) -> Journal:
    return open_journal()


def decision(kind: Kind = "refusal", reason: str = "near-miss", label: str = "inconnu/oim.budget") -> Decision:
    candidates = (Candidate(label, 0.9), Candidate("fait/oim.definition", 0.05))
    return Decision(kind, reason, ("oim.definition",), "oim", unknown="budget", candidates=candidates, model="m")


def turn(*decisions: Decision, text: str = MARK, conversation: str = "ana", days_ago: float = 0) -> Turn:
    kept = [one.as_dict() for one in decisions or (decision(),)]
    return Turn(conversation, "website", kept, text, True, time.time() - days_ago * DAY)


def entries(journal: Journal) -> list[Entry]:
    now = datetime.now(timezone.utc)
    return journal.entries(now - timedelta(days=400), now + timedelta(days=1))


def texts(journal: Journal) -> list[str]:
    return [entry.text for entry in entries(journal) if entry.text]


def held(path: Path, text: str = MARK) -> list[str]:
    """Return the files that hold a text."""
    return [one.name for one in path.parent.iterdir() if text.encode() in one.read_bytes()]


def test_a_decision_is_kept_with_all_that_is_counted(journal: Journal) -> None:
    journal.note(turn(decision("answer", "best"), decision("contact", "only")))
    first, second = entries(journal)
    assert (first.kind, first.reason, first.facts, first.part) == ("answer", "best", ("oim.definition",), 0)
    assert (first.subject, first.unknown, first.model) == ("oim", "budget", "m")
    assert first.candidates[0] == Candidate("inconnu/oim.budget", 0.9)
    assert (second.kind, second.part, second.first, second.channel) == ("contact", 1, True, "website")


@pytest.mark.parametrize("channel", ["rest", "shell", "cmdline"])
def test_who_tries_the_assistant_is_no_visitor(journal: Journal, path: Path, channel: str) -> None:
    journal.note(Turn("ana", channel, [decision().as_dict()], MARK, True, time.time()))
    assert entries(journal) == []


def test_without_the_switch_no_text_is_kept_and_nobody_is_told(open_journal: Open, path: Path) -> None:
    off = open_journal(0)
    assert not off.tell("ana")
    off.note(turn())
    assert len(entries(off)) == 1
    assert held(path) == []


def test_only_who_was_told_has_a_question_kept(journal: Journal, path: Path) -> None:
    journal.note(turn())
    assert held(path) == []
    assert journal.tell("ana")
    assert not journal.tell("ana"), "once is enough"
    journal.note(turn())
    journal.note(turn(conversation="bea", text="autre"))
    assert texts(journal) == [MARK]


@pytest.mark.parametrize("kind", sorted(UNANSWERED))
def test_a_question_without_an_answer_is_kept(journal: Journal, kind: Kind) -> None:
    journal.tell("ana")
    journal.note(turn(decision(kind)))
    assert texts(journal) == [MARK]


@pytest.mark.parametrize("kind", ["answer", "contact", "distress", "small_talk", "other_language", "erasure"])
def test_what_was_answered_or_is_no_question_is_not_kept(journal: Journal, path: Path, kind: Kind) -> None:
    journal.tell("ana")
    journal.note(turn(decision(kind, "best")))
    assert held(path) == []


def test_a_button_is_no_question(journal: Journal) -> None:
    journal.tell("ana")
    journal.note(turn(decision("write_to", "chosen"), text="autre chose"))
    journal.note(turn(decision(), text='/choix{"fait": "x.y"}'))
    assert texts(journal) == []


def test_what_may_be_distress_is_not_kept(journal: Journal, path: Path) -> None:
    journal.tell("ana")
    journal.note(turn(decision(label="detresse/fr")))
    assert held(path) == []


def test_distress_erases_what_was_said_before_it_and_nothing_more_is_kept(journal: Journal, path: Path) -> None:
    for conversation in ("ana", "bea"):
        journal.tell(conversation)
        journal.note(turn(conversation=conversation, text=f"{MARK} {conversation}"))
    journal.note(turn(decision("distress", "distress")))
    assert not journal.has_told("ana")
    assert not journal.tell("ana")
    journal.note(turn(text="encore"))
    assert texts(journal) == [f"{MARK} bea"]
    assert held(path, f"{MARK} ana") == []


def test_erasure_leaves_the_count_and_no_text_in_any_file(journal: Journal, path: Path) -> None:
    journal.tell("ana")
    journal.note(turn())
    assert held(path)
    journal.erase("ana")
    assert held(path) == []
    assert len(entries(journal)) == 1
    assert journal.tell("ana"), "a new conversation is told anew"


def test_a_question_is_gone_after_its_days(open_journal: Open, path: Path) -> None:
    journal = open_journal(14)
    for days in (13.9, 14.1):
        journal.tell(f"{days}", time.time() - days * DAY)
        journal.note(turn(conversation=f"{days}", text=f"{MARK} {days}", days_ago=days))
    assert texts(journal) == [f"{MARK} 13.9"], "not even shown where nothing was purged yet"
    journal.purge()
    assert held(path, f"{MARK} 14.1") == []
    assert held(path, f"{MARK} 13.9")


def test_the_switch_off_erases_what_was_kept(journal: Journal, open_journal: Open, path: Path) -> None:
    journal.tell("ana")
    journal.note(turn())
    journal.close()
    open_journal(0).purge()
    assert held(path) == []


def test_what_was_not_delivered_told_nobody(journal: Journal, path: Path) -> None:
    journal.tell("ana")
    journal.note(turn())
    journal.untell("ana")
    assert held(path) == []
    assert not journal.has_told("ana")


def test_no_file_says_whose_a_question_was_and_nobody_else_may_read_it(journal: Journal, path: Path) -> None:
    journal.tell("telegram-0123456789abcdef")
    journal.note(turn(conversation="telegram-0123456789abcdef"))
    assert held(path, "0123456789abcdef") == []
    assert all(one.stat().st_mode & 0o077 == 0 for one in [path.parent, *path.parent.iterdir()])


def test_a_journal_that_fails_says_so_in_one_line_and_costs_nothing(
    journal: Journal, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.mkdir(parents=True)
    with caplog.at_level(logging.INFO):
        journal.note(turn())
        assert not journal.tell("ana")
        assert not journal.has_told("ana")
        journal.purge()
    assert {record.getMessage() for record in caplog.records} == {
        "Le journal des décisions n'a pas pu être écrit : OperationalError"
    }


def test_reading_makes_no_file(journal: Journal, path: Path) -> None:
    assert entries(journal) == []
    assert not path.parent.exists()


@pytest.mark.parametrize(("days", "said"), [(14, "14 jours"), (1, "1 jour"), (1.5, "1,5 jour"), (2, "2 jours")])
def test_the_notice_says_how_long(open_journal: Open, days: float, said: str) -> None:
    assert f"gardées {said}, sans" in open_journal(days).notice


# Out of the store, where each decision passes


@pytest.fixture
def store(path: Path) -> Iterator[BoundedTrackerStore]:
    domain = Domain.load(str(ROOT / "domain.yml"))
    store = BoundedTrackerStore(
        domain, db=str(path.with_name("conversations.db")), journal=str(path), question_days="14"
    )
    yield store
    store.engine.dispose()


async def say(store: BoundedTrackerStore, *events: Event, text: str = MARK) -> None:
    """Do what Rasa does at each turn."""
    tracker = await store.retrieve("ana") or DialogueStateTracker("ana", store.domain.slots)
    asked = UserUttered(text, {"name": "inconnu"}, input_channel="website")
    tracker.update_with_events([asked, *events], store.domain, override_timestamp=False)
    await store.save(tracker)
    await store.save(tracker)


def decided(*decisions: Decision) -> SlotSet:
    return SlotSet(DECISIONS_SLOT, [one.as_dict() for one in decisions])


async def test_each_turn_is_counted_once_though_its_decision_is_that_of_the_turn_before(
    store: BoundedTrackerStore, journal: Journal
) -> None:
    journal.tell("ana")
    await say(store, BotUttered("non"), decided(decision()))
    await say(store, BotUttered("non"), text="encore")
    assert [(entry.first, entry.text) for entry in entries(journal)] == [(True, MARK), (False, "encore")]


async def test_a_turn_in_which_nothing_was_said_is_not_counted(store: BoundedTrackerStore, journal: Journal) -> None:
    """The action server is down: the slot still has the decision of the turn before."""
    await say(store, BotUttered("non"), decided(decision()))
    await say(store)
    assert len(entries(journal)) == 1


async def test_an_erasure_is_counted_and_erases_the_questions(
    store: BoundedTrackerStore, journal: Journal, path: Path
) -> None:
    journal.tell("ana")
    await say(store, BotUttered("non"), decided(decision()))
    await say(store, BotUttered("C'est fait."), decided(decision("erasure", "erasure")), text="efface")
    assert [entry.kind for entry in entries(journal)] == ["refusal", "erasure"]
    assert held(path) == []


async def test_a_failing_journal_costs_no_turn(store: BoundedTrackerStore, path: Path) -> None:
    path.mkdir(parents=True)
    await say(store, BotUttered("oui"), decided(decision("answer", "best")))
    assert await store.retrieve("ana")
