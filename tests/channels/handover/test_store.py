"""Which conversations a person has: kept over a restart, private, erased, and not for longer than they should be."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from channels.handover.store import Handover, HandoverStore

ONE = Handover("c1", "telegram", "contact", 7, {"person": "33612345678"})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "handovers.db"


@pytest.fixture
def store(path: Path) -> HandoverStore:
    return HandoverStore(path)


def test_nothing_is_made_before_the_first_handover(store: HandoverStore, path: Path) -> None:
    assert store.of("c1") is None
    assert store.numbered(7) is None
    assert not store.passed_on("c1")
    store.erase("c1")
    store.purge(1)
    assert not path.exists()


def test_another_process_finds_what_was_noted_and_nobody_else_reads_it(store: HandoverStore, path: Path) -> None:
    store.begin(ONE)
    assert HandoverStore(path).of("c1") == HandoverStore(path).numbered(7) == ONE
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_once_ended_nobody_has_it_and_how_to_find_the_visitor_is_forgotten(store: HandoverStore, path: Path) -> None:
    store.begin(ONE)
    assert [store.end("c1"), store.end("c1")] == [True, False]
    assert store.of("c1") is None
    assert store.numbered(7) is None
    assert store.passed_on("c1")
    assert b"33612345678" not in path.read_bytes()


def test_a_visitor_is_warned_once_in_each_handover(store: HandoverStore) -> None:
    store.begin(ONE)
    assert [store.warn("c1"), store.warn("c1")] == [True, False]
    store.begin(ONE)
    assert store.warn("c1")


def test_replies_are_told_until_they_were_shown_and_then_forgotten(store: HandoverStore, path: Path) -> None:
    store.begin(ONE)
    store.add("c1", "zorglub", person=True)
    store.add("c2", "autre", person=True)
    store.add("c1", "fin", person=False)
    first, last = store.replies("c1", 0)
    assert [(one.text, one.person) for one in (first, last)] == [("zorglub", True), ("fin", False)]
    assert store.replies("c1", first.id) == [last]
    assert b"zorglub" not in path.read_bytes()
    assert [one.text for one in store.replies("c2", 0)] == ["autre"]


def test_erased_nothing_is_left(store: HandoverStore, path: Path) -> None:
    store.begin(ONE)
    store.add("c1", "zorglub", person=True)
    store.erase("c1")
    assert not store.passed_on("c1")
    assert not any(found in path.read_bytes() for found in (b"zorglub", b"33612345678"))


def test_what_nobody_has_written_in_expires_with_its_replies(store: HandoverStore, path: Path) -> None:
    for conversation, number in (("old", 1), ("new", 2), ("touched", 3)):
        store.begin(Handover(conversation, "website", "contact", number))
        store.add(conversation, conversation, person=True)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE handovers SET at = ? WHERE conversation != 'new'", (time.time() - 7200,))
    store.touch("touched")
    store.purge(3600)
    assert [store.passed_on(name) for name in ("old", "new", "touched")] == [False, True, True]
    assert [len(store.replies(name, 0)) for name in ("old", "new", "touched")] == [0, 1, 1]
