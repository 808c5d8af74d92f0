"""What all actions share: from the tracker to a message and its context, and from a decision to events."""

import os
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from assistant.dates import today
from assistant.dialogue.context import after
from assistant.dialogue.decide import decide
from assistant.dialogue.message import Message
from assistant.dialogue.records import Context, Decision, Thresholds
from assistant.dialogue.wording import word
from assistant.handover import Desk, desk_for
from assistant.knowledge.base import Knowledge
from assistant.knowledge.live import Current
from assistant.names import CONTEXT_SLOT, DECISIONS_SLOT, MODEL_VERSION, READING
from assistant.understanding.records import Reading


def decide_turn(tracker: Tracker, current: Current) -> tuple[Decision, ...]:
    """Return the decisions for the tracker's latest message: one, or two for two questions."""
    kept = tracker.latest_message.get(READING)
    reading = Reading.from_dict(kept) if kept else Reading()
    message = Message.of(tracker.latest_message.get("text") or "", reading, current, desk_now(tracker))
    return decide(message, _context(tracker), current.knowledge, Thresholds())


def desk_now(tracker: Tracker) -> Desk | None:
    """Return where a person can take the conversation over, if that can be where the visitor writes."""
    return desk_for(tracker.get_latest_input_channel() or "", os.environ, datetime.now(timezone.utc))


def say(
    decisions: tuple[Decision, ...], dispatcher: CollectingDispatcher, tracker: Tracker, knowledge: Knowledge
) -> list[dict[str, Any]]:
    """Utter each decision, and return the events that keep them and what the conversation is now about."""
    model = _model_version(tracker)
    day = today().isoformat()
    decisions = tuple(replace(decision, model=model, day=day) for decision in decisions)
    context = _context(tracker)
    for decision in decisions:
        reply = word(decision, knowledge)
        buttons = [{"title": button.title, "payload": button.payload} for button in reply.buttons]
        dispatcher.utter_message(response=reply.response, text=reply.text, buttons=buttons, **reply.variables)
        context = after(context, decision)
    kept = {DECISIONS_SLOT: [decision.as_dict() for decision in decisions], CONTEXT_SLOT: context.as_dict()}
    return [SlotSet(name, value) for name, value in kept.items() if value != tracker.get_slot(name)]


def last_decisions(tracker: Tracker) -> tuple[Decision, ...]:
    """Return the decisions of the turn before: none at the beginning."""
    return tuple(Decision.from_dict(kept) for kept in tracker.get_slot(DECISIONS_SLOT) or ())


def _context(tracker: Tracker) -> Context:
    """Return what the conversation says about the latest message."""
    kept = tracker.get_slot(CONTEXT_SLOT)
    return Context.from_dict(kept) if kept else Context()


def _model_version(tracker: Tracker) -> str:
    """Return the version of the model: what the start told, or else the id that Rasa notes with the latest message."""
    metadata = (event.get("metadata") for event in reversed(tracker.events) if event.get("event") == "user")
    return os.environ.get(MODEL_VERSION) or str((next(metadata, None) or {}).get("model_id", ""))
