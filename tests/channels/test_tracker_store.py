"""The store: what a turn loads is bounded, what a conversation set is there, and what is to go goes."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.names import CONTEXT_SLOT, DECISIONS_SLOT
from assistant.settings import ROOT
from channels import tracker_store
from channels.tracker_store import LOADED_EVENTS, BoundedTrackerStore

OpenStore = Callable[..., BoundedTrackerStore]


@pytest.fixture(scope="session")
def domain() -> Domain:
    return Domain.load(str(ROOT / "domain.yml"))


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "conversations.db"


@pytest.fixture
def open_store(domain: Domain, database: Path) -> Iterator[OpenStore]:
    """Return a function that opens the store, anew as after a restart."""
    opened: list[BoundedTrackerStore] = []

    def _open(**settings: Any) -> BoundedTrackerStore:
        opened.append(BoundedTrackerStore(domain, db=str(database), **settings))
        return opened[-1]

    yield _open
    for store in opened:
        store.engine.dispose()


@pytest.fixture
def store(open_store: OpenStore) -> BoundedTrackerStore:
    return open_store()


def turn(number: int) -> list[Event]:
    """Return the events of one turn as Rasa makes them."""
    return [
        UserUttered(f"question {number}", {"name": "fait", "confidence": 1.0}),
        ActionExecuted("action_repondre"),
        BotUttered(f"réponse {number}"),
        SlotSet(CONTEXT_SLOT, {"fact": f"fait.{number}"}),
        ActionExecuted("action_listen"),
    ]


START = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


async def say(store: BoundedTrackerStore, events: list[Event], sender: str = "a") -> DialogueStateTracker:
    """Do what Rasa does at each turn: load the conversation, let it go on, save it."""
    tracker = await store.retrieve(sender) or DialogueStateTracker(sender, store.domain.slots)
    tracker.update_with_events(events, store.domain, override_timestamp=False)
    await store.save(tracker)
    return tracker


async def loaded(store: BoundedTrackerStore, sender: str = "a") -> DialogueStateTracker:
    tracker = await store.retrieve(sender)
    assert isinstance(tracker, DialogueStateTracker)
    return tracker


def rows(
    database: Path, query: str = "SELECT sender_id, type_name, data FROM events ORDER BY id"
) -> list[tuple[Any, ...]]:
    with sqlite3.connect(database) as connection:
        return connection.execute(query).fetchall()


def texts(tracker: DialogueStateTracker) -> list[str | None]:
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


async def test_what_is_saved_is_found_again_after_a_restart(store: BoundedTrackerStore, open_store: OpenStore) -> None:
    saved = await say(store, [*START, *turn(1)])
    found = await loaded(open_store())
    # All but the action that starts the session: a session begins with its SessionStarted.
    assert [event.as_dict() for event in found.events] == [event.as_dict() for event in saved.events][1:]
    assert found.get_slot(CONTEXT_SLOT) == {"fact": "fait.1"}
    assert found.latest_message
    assert found.latest_message.text == "question 1"


async def test_a_conversation_that_never_was_is_none(store: BoundedTrackerStore) -> None:
    assert await store.retrieve("nobody") is None
    assert await store.retrieve_full_tracker("nobody") is None


async def test_conversations_are_kept_apart(store: BoundedTrackerStore) -> None:
    await say(store, [*START, *turn(1)], "a")
    await say(store, [*START, *turn(2)], "b")
    assert texts(await loaded(store, "a")) == ["question 1"]
    assert texts(await loaded(store, "b")) == ["question 2"]


async def test_only_the_newest_events_are_loaded_however_long_the_conversation(store: BoundedTrackerStore) -> None:
    await say(store, START)
    counts = set()
    for number in range(40):
        await say(store, turn(number))
        if number > 10:
            counts.add(len((await loaded(store)).events))
    assert len(counts) == 1
    # Besides the newest events, at most the value of each slot.
    assert counts.pop() <= LOADED_EVENTS + len(store.domain.slots)


async def test_the_newest_turn_is_loaded_whole(store: BoundedTrackerStore) -> None:
    await say(store, START)
    for number in range(20):
        await say(store, turn(number))
    tracker = await loaded(store)
    assert "question 19" in texts(tracker)
    assert tracker.get_slot(CONTEXT_SLOT) == {"fact": "fait.19"}
    assert tracker.latest_action_name == "action_listen"


async def test_a_slot_set_long_before_has_its_value_and_the_last_one_set_wins(store: BoundedTrackerStore) -> None:
    await say(store, [*START, *(SlotSet(DECISIONS_SLOT, [{"kind": kind}]) for kind in ("refusal", "answer"))])
    for number in range(20):
        await say(store, turn(number))
    tracker = await loaded(store)
    assert tracker.get_slot(DECISIONS_SLOT) == [{"kind": "answer"}]
    assert tracker.get_slot(CONTEXT_SLOT) == {"fact": "fait.19"}


async def test_a_slot_emptied_long_before_stays_empty(store: BoundedTrackerStore) -> None:
    await say(store, [*START, SlotSet(DECISIONS_SLOT, [{"kind": "answer"}]), SlotSet(DECISIONS_SLOT, None)])
    for number in range(20):
        await say(store, turn(number))
    assert (await loaded(store)).get_slot(DECISIONS_SLOT) is None


@pytest.mark.parametrize("turns", [0, 1, 20])
async def test_a_new_session_starts_without_the_events_and_slots_of_the_one_before(
    store: BoundedTrackerStore, turns: int
) -> None:
    await say(store, [*START, SlotSet(DECISIONS_SLOT, [{"kind": "answer"}]), *turn(1)])
    await say(store, START)
    for number in range(turns):
        await say(store, [event for event in turn(100 + number) if not isinstance(event, SlotSet)])
    tracker = await loaded(store)
    assert tracker.get_slot(DECISIONS_SLOT) is None
    assert tracker.get_slot(CONTEXT_SLOT) is None
    assert "question 1" not in texts(tracker)


async def test_a_full_conversation_has_all_its_events(store: BoundedTrackerStore) -> None:
    """Which buttons were offered is read of it."""
    await say(store, START)
    for number in range(20):
        await say(store, turn(number))
    tracker = await store.retrieve_full_tracker("a")
    assert isinstance(tracker, DialogueStateTracker)
    assert texts(tracker) == [f"question {number}" for number in range(20)]


async def test_nothing_is_written_twice_over_several_turns(store: BoundedTrackerStore, database: Path) -> None:
    expected = list(START)
    await say(store, START)
    for number in range(10):
        events = turn(number)
        expected += events
        await say(store, events)
    assert [kind for _, kind, _ in rows(database)] == [event.type_name for event in expected]


async def test_saving_twice_in_one_turn_writes_once(store: BoundedTrackerStore, database: Path) -> None:
    tracker = await say(store, [*START, *turn(1)])
    await store.save(tracker)
    assert len(rows(database)) == len(START) + len(turn(1))


async def test_saving_a_conversation_read_in_full_writes_nothing_again(
    store: BoundedTrackerStore, database: Path
) -> None:
    await say(store, [*START, *turn(1)])
    tracker = await store.retrieve_full_tracker("a")
    assert tracker
    await store.save(tracker)
    assert len(rows(database)) == len(START) + len(turn(1))


ERASURE = SlotSet(DECISIONS_SLOT, [{"kind": "erasure"}])


async def test_erasure_removes_every_row_of_that_conversation_only(store: BoundedTrackerStore, database: Path) -> None:
    await say(store, [*START, *turn(1)], "a")
    await say(store, [*START, *turn(2)], "b")
    await say(store, [UserUttered("efface mes données"), ERASURE], "a")
    assert {sender for sender, _, _ in rows(database)} == {"b"}
    assert await store.retrieve("a") is None
    assert await store.retrieve_full_tracker("a") is None


async def test_an_erasure_among_several_decisions_erases_too(store: BoundedTrackerStore) -> None:
    """« Merci ; efface mes données » may be two decisions of one turn."""
    await say(store, [*START, *turn(1), SlotSet(DECISIONS_SLOT, [{"kind": "answer"}, {"kind": "erasure"}])])
    assert await store.retrieve("a") is None


async def test_after_an_erasure_a_conversation_begins_anew(store: BoundedTrackerStore) -> None:
    await say(store, [*START, SlotSet(DECISIONS_SLOT, [{"kind": "answer"}]), *turn(1), ERASURE])
    await say(store, [*START, *turn(2)])
    tracker = await loaded(store)
    assert texts(tracker) == ["question 2"]
    assert tracker.get_slot(DECISIONS_SLOT) is None


async def test_what_was_erased_is_in_no_file_once_the_store_is_closed(
    store: BoundedTrackerStore, database: Path
) -> None:
    await say(store, [*START, UserUttered("quelquechosedesecret"), *turn(1)])
    await say(store, [ERASURE])
    store.engine.dispose()
    assert [path.name for path in database.parent.iterdir() if b"quelquechosedesecret" in path.read_bytes()] == []


async def test_what_was_erased_is_in_no_file_while_the_store_runs(store: BoundedTrackerStore, database: Path) -> None:
    """« C'est fait, notre conversation est effacée ici »: also in SQLite's write-ahead file."""
    await say(store, [*START, UserUttered("quelquechosedesecret"), *turn(1)])
    await say(store, [ERASURE])
    assert [path.name for path in database.parent.iterdir() if b"quelquechosedesecret" in path.read_bytes()] == []


def aged(events: list[Event], hours: float) -> list[Event]:
    for event in events:
        event.timestamp = time.time() - hours * 3600
    return events


async def test_expired_conversations_are_purged_at_the_start_and_fresh_ones_are_not(
    open_store: OpenStore, database: Path
) -> None:
    store = open_store(hours=2)
    await say(store, aged([SessionStarted(), *turn(1)], 3), "old")
    await say(store, aged([SessionStarted(), *turn(2)], 1), "fresh")
    await say(store, aged([SessionStarted(), *turn(3)], 30), "long")
    await say(store, aged(turn(4), 1), "long")
    open_store(hours="2")
    assert {sender for sender, _, _ in rows(database)} == {"fresh", "long"}
    assert texts(await loaded(store, "long")) == ["question 3", "question 4"]


async def test_expired_conversations_are_purged_while_running(
    open_store: OpenStore, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a site where nobody writes any more, too."""
    monkeypatch.setattr(tracker_store, "PURGE_INTERVAL", 0.5)
    store = open_store(hours=24)
    await say(store, [*START, *turn(2)], "fresh")
    await say(store, aged([SessionStarted(), *turn(1)], 25), "old")
    end = time.monotonic() + 20
    while {sender for sender, _, _ in rows(database)} != {"fresh"}:
        assert time.monotonic() < end
        await asyncio.sleep(0.1)


async def test_only_the_operator_may_read_the_folder(store: BoundedTrackerStore, database: Path) -> None:
    assert database.parent.stat().st_mode & 0o077 == 0


async def test_only_the_operator_may_read_the_conversations(store: BoundedTrackerStore, database: Path) -> None:
    await say(store, [*START, *turn(1)], "someone")
    for path in database.parent.glob(f"{database.name}*"):
        assert path.stat().st_mode & 0o077 == 0, path.name


async def test_an_error_of_the_database_shows_nothing_of_a_conversation(store: BoundedTrackerStore) -> None:
    with store.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE events"))
    with pytest.raises(sa.exc.OperationalError) as raised:
        await say(store, [*START, UserUttered("zorglubmarque")], "someone")
    assert "zorglub" not in str(raised.value)
