"""The store of conversations: Rasa's SQL store, bounded in what it loads, forgetful in what it keeps."""

import itertools
import json
import logging
import sqlite3
import threading
import time
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.core.agent import Agent
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.names import DECISIONS_SLOT
from channels.database import OVERWRITE, make_private, set_up
from channels.handover.store import HandoverStore
from channels.journal import Journal, Turn

logger = logging.getLogger(__name__)

#: The newest events of a session that are loaded: the last turn and some more. Rules and actions need no more than it;
#: slots that were set before are loaded on their own.
LOADED_EVENTS = 12
#: How often, in seconds, conversations past their time are erased.
PURGE_INTERVAL = 60.0
#: The kind of decision after which a conversation is erased instead of saved (assistant/dialogue/records.py).
ERASURE = "erasure"


class BoundedTrackerStore(SQLTrackerStore):
    """Conversations in an SQL database, SQLite unless told otherwise.

    A turn loads the newest events and the value of each slot, so that its cost does not grow with the conversation
    (docs/adr/0003-speed.md). A conversation is erased when it asks for it, and some hours after its last message.

    Args:
        domain: Rasa's domain.
        dialect: as for Rasa's SQL store.
        db: the database's name; for SQLite its file, whose folder is made.
        event_broker: as for Rasa's SQL store.
        hours: how many hours after its last message a conversation is erased.
        journal: the SQLite file in which decisions are counted; none are, if it is empty.
        question_days: how many days a question without an answer is kept there.
        handovers: the SQLite file of the conversations that a person has; none if it is empty.
        **kwargs: as for Rasa's SQL store.
    """

    def __init__(  # noqa: PLR0913  # Rasa gives each line of endpoints.yml as an argument
        self,
        domain: Domain | None = None,
        dialect: str = "sqlite",
        db: str = "conversations.db",
        event_broker: EventBroker | None = None,
        *,
        hours: float | str = 24,
        journal: str = "",
        question_days: float | str = 0,
        handovers: str = "",
        **kwargs: Any,
    ) -> None:
        if dialect == "sqlite":
            make_private(Path(db))
        super().__init__(domain, dialect=dialect, db=db, event_broker=event_broker, **kwargs)
        if dialect == "sqlite":
            # Rasa opens the file anew for each statement; one kept connection saves a fifth of a reply's time.
            url = self.get_db_url(dialect, db=db)
            self.engine = sa.create_engine(url, poolclass=sa.pool.SingletonThreadPool)
            sa.event.listen(self.engine, "connect", lambda connection, _: set_up(connection))
            self.sessionmaker.configure(bind=self.engine)
        self.engine.hide_parameters = True  # an error of the database never shows what a visitor wrote
        with self.engine.begin() as connection:
            connection.execute(_INDEX)
        self._seconds = float(hours) * 3600
        self._journal = Journal(Path(journal), float(question_days)) if journal else None
        self._handovers = HandoverStore(Path(handovers)) if handovers else None
        self.purge()
        threading.Thread(target=_purge_now_and_then, args=(weakref.ref(self),), daemon=True).start()

    async def _retrieve(self, sender_id: str, fetch_events_from_all_sessions: bool) -> DialogueStateTracker | None:
        if fetch_events_from_all_sessions:
            whole = await super()._retrieve(sender_id, fetch_events_from_all_sessions)
            return whole and _loaded(whole)
        with self.engine.connect() as connection:
            rows = connection.execute(_NEWEST, {"sender": sender_id, "most": LOADED_EVENTS}).all()
            start = next((number for number, row in enumerate(rows) if row.type_name == SessionStarted.type_name), None)
            if start is not None:
                rows = rows[: start + 1]
            elif len(rows) == LOADED_EVENTS:
                before = {"sender": sender_id, "before": rows[-1].id}
                for slot in self.domain.slots:
                    rows += connection.execute(_OLDER_SLOT, {**before, "slot": slot.name}).all()
        if not rows:
            return None
        events = [json.loads(row.data) for row in reversed(rows)]
        return _loaded(DialogueStateTracker.from_dict(sender_id, events, self.domain.slots))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what is new of a conversation; erase it when it asked for that."""
        await self.stream_events(tracker)
        decisions = tracker.get_slot(DECISIONS_SLOT) or []
        new = list(itertools.islice(tracker.events, getattr(tracker, "loaded_events", 0), None))
        self._note(tracker, new)
        if any(decision["kind"] == ERASURE for decision in decisions):
            self.erase(tracker.sender_id)
        else:
            rows = [_row(tracker.sender_id, event.as_dict()) for event in new]
            with self.engine.begin() as connection:
                if rows:
                    connection.execute(self.SQLEvent.__table__.insert(), rows)
        _loaded(tracker)

    def _note(self, tracker: DialogueStateTracker, new: Sequence[Event]) -> None:
        """Count what was decided in a turn: the one place that each decision of each channel passes once.

        A turn in which nothing was said had no decision: the slot still has that of the turn before.
        """
        asked = next((event for event in new if isinstance(event, UserUttered)), None)
        if self._journal and asked and any(isinstance(event, BotUttered) for event in new):
            before = itertools.islice(tracker.events, len(tracker.events) - len(new))
            first = not any(isinstance(event, UserUttered) for event in before)
            decisions = tracker.get_slot(DECISIONS_SLOT) or []
            turn = (tracker.sender_id, str(asked.input_channel), decisions, asked.text or "", first, asked.timestamp)
            self._journal.note(Turn(*turn))

    def erase(self, sender_id: str) -> None:
        """Erase a conversation, what is kept of its questions, and that a person had it."""
        with self.session_scope() as session:
            session.query(self.SQLEvent).filter(self.SQLEvent.sender_id == sender_id).delete()
            session.commit()
        self._overwrite()
        if self._journal:
            self._journal.erase(sender_id)
        if self._handovers:
            self._handovers.erase(sender_id)

    def purge(self) -> None:
        """Erase the conversations whose last message is older than the hours that conversations are kept.

        And the questions that were kept for their days.
        """
        with self.session_scope() as session:
            last = sa.func.max(self.SQLEvent.timestamp)
            past = (
                session.query(self.SQLEvent.sender_id)
                .group_by(self.SQLEvent.sender_id)
                .having(last < time.time() - self._seconds)
            )
            query = session.query(self.SQLEvent).filter(self.SQLEvent.sender_id.in_(past))
            erased = query.delete(synchronize_session=False)
            session.commit()
        if erased:
            self._overwrite()
            logger.info("Conversations expirées : %d événements effacés.", erased)
        if self._journal:
            self._journal.purge()
        if self._handovers:
            self._handovers.purge(self._seconds)

    def _overwrite(self) -> None:
        """Have SQLite empty its write-ahead log, which still holds what was erased."""
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                connection.execute(sa.text(OVERWRITE))


async def erase(agent: Agent, sender_id: str) -> None:
    """Erase a conversation of a running Rasa, after what is being answered in it."""
    async with agent.lock_store.lock(sender_id):
        # Rasa wraps its store in one that falls back to memory, and gives no other way through it.
        agent.tracker_store._tracker_store.erase(sender_id)


def _loaded(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """Return a tracker that knows how many of its events the store already has."""
    tracker.loaded_events = len(tracker.events)
    return tracker


#: The newest events of a conversation, newest first.
_NEWEST = sa.text("SELECT id, type_name, data FROM events WHERE sender_id = :sender ORDER BY id DESC LIMIT :most")
#: The newest value of a slot that was set in this session before an event; `_INDEX` finds it at once (`id + 0` keeps
#: SQLite from walking all events of the conversation backwards instead).
_OLDER_SLOT = sa.text(
    "SELECT id, type_name, data FROM events WHERE id = (SELECT max(id) FROM events WHERE sender_id = :sender "
    "AND type_name = 'slot' AND action_name = :slot AND id < :before AND id > COALESCE((SELECT max(id + 0) FROM events "
    "WHERE sender_id = :sender AND type_name = 'session_started'), 0))"
)
_INDEX = sa.text("CREATE INDEX IF NOT EXISTS events_of_kind ON events (sender_id, type_name, action_name, id)")


def _purge_now_and_then(store: "weakref.ref[BoundedTrackerStore]") -> None:
    """Purge a store as long as it is used: conversations expire on a quiet site too."""
    while True:
        time.sleep(PURGE_INTERVAL)
        used = store()
        if used is None:
            return
        try:
            used.purge()
        except (sa.exc.SQLAlchemyError, sqlite3.Error) as error:
            logger.error("Les conversations expirées n'ont pas pu être effacées : %s", type(error).__name__)
        del used


def _row(sender_id: str, event: dict[str, Any]) -> dict[str, Any]:
    """Return an event as Rasa's table has it."""
    return {
        "sender_id": sender_id,
        "type_name": event["event"],
        "timestamp": event.get("timestamp"),
        "intent_name": (event.get("parse_data") or {}).get("intent", {}).get("name"),
        "action_name": event.get("name"),
        "data": json.dumps(event),
    }
