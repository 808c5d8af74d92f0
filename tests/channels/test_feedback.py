"""What visitors say of answers: kept for testers, without a word of theirs and without a way back to them."""

import sqlite3
import stat
from datetime import datetime, timezone
from pathlib import Path

import pytest

from assistant.dialogue.records import Candidate, Decision
from channels import feedback as module
from channels.feedback import FeedbackStore

CONVERSATION = "kZ3mB0r9vQhW2xYtLp5sNg"
MARK = "zorglubmarque"
DECISION = Decision(
    "answer", "best", ("ocam.role",), candidates=(Candidate("fait/ocam.role", 0.9),), model="m1", knowledge="c1"
).as_dict()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "feedback.db"


@pytest.fixture
def store(path: Path) -> FeedbackStore:
    return FeedbackStore(path)


def test_what_was_decided_is_kept_with_what_was_said_of_it(store: FeedbackStore) -> None:
    before = datetime.now(timezone.utc).replace(microsecond=0)
    store.add(CONVERSATION, "message-1", "incomplete", [DECISION])
    (kept,) = store.all()
    assert before <= kept.said_at <= datetime.now(timezone.utc)
    assert kept.verdict == "incomplete"
    (decision,) = kept.decisions
    assert decision == {name: value for name, value in DECISION.items() if name not in ("uncovered", "other_name")}
    assert Decision.from_dict(decision) == Decision.from_dict(DECISION), "testers' tools read it as one of a turn"


def test_a_visitors_own_words_are_not_kept(store: FeedbackStore, path: Path) -> None:
    own = [{**DECISION, "uncovered": f"pour {MARK}"}, {**DECISION, "other_name": MARK}]
    store.add(CONVERSATION, "message-1", "wrong", own)
    assert MARK.encode() not in path.read_bytes()
    assert own[1]["other_name"] == MARK, "what was handed over is not changed"


def test_the_file_says_nothing_of_whose_conversation_it_was(store: FeedbackStore, path: Path) -> None:
    store.add(CONVERSATION, "message-1", "wrong", [DECISION])
    content = path.read_bytes()
    assert CONVERSATION.encode() not in content
    assert b"message-1" not in content


def test_said_again_it_replaces_what_was_said_before(store: FeedbackStore) -> None:
    store.add(CONVERSATION, "message-1", "wrong", [DECISION])
    store.add(CONVERSATION, "message-1", "yes", [DECISION])
    assert [kept.verdict for kept in store.all()] == ["yes"]


def test_other_messages_and_other_conversations_count_on_their_own(store: FeedbackStore) -> None:
    for conversation, message in ((CONVERSATION, "1"), (CONVERSATION, "11"), (f"{CONVERSATION}1", "1")):
        store.add(conversation, message, "wrong", [DECISION])
    assert len(store.all()) == 3


def test_the_newest_comes_first(store: FeedbackStore, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in (2, 30, 11):
        moment = datetime(2026, 1, day, tzinfo=timezone.utc)
        monkeypatch.setattr(
            module, "datetime", type("Clock", (datetime,), {"now": staticmethod(lambda _, m=moment: m)})
        )
        store.add(CONVERSATION, str(day), "wrong", [DECISION])
    assert [kept.said_at.day for kept in store.all()] == [30, 11, 2]


def test_only_this_user_can_read_it(store: FeedbackStore, path: Path) -> None:
    store.add(CONVERSATION, "message-1", "wrong", [DECISION])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_without_feedback_there_is_no_file(store: FeedbackStore, path: Path) -> None:
    assert store.all() == []
    assert not path.parent.exists()


def test_another_process_finds_it(store: FeedbackStore, path: Path) -> None:
    store.add(CONVERSATION, "message-1", "wrong", [DECISION])
    assert [kept.verdict for kept in FeedbackStore(path).all()] == ["wrong"]


def test_it_holds_while_another_reads(store: FeedbackStore, path: Path) -> None:
    store.add(CONVERSATION, "message-1", "wrong", [DECISION])
    reader = sqlite3.connect(path)
    reader.execute("SELECT * FROM feedback").fetchone()
    store.add(CONVERSATION, "message-2", "yes", [DECISION])
    reader.close()
    assert len(store.all()) == 2
