"""What all actions share: from the tracker to a message and its context, and from a decision to events."""

from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from assistant.dialogue.context import after
from assistant.dialogue.decide import FRENCH, Message, decide
from assistant.dialogue.records import Candidate, Context, Decision, Thresholds
from assistant.dialogue.wording import word
from assistant.knowledge.base import Knowledge
from assistant.knowledge.live import Current
from assistant.names import CANDIDATES, DECISION_SLOT, FACT_SLOT, LANGUAGE, LAST_SLOT, SUBJECT_SLOT


def decide_turn(tracker: Tracker, current: Current) -> Decision:
    """Return the decision for the tracker's latest message."""
    text = tracker.latest_message.get("text") or ""
    candidates = [Candidate(label, score) for label, score in tracker.latest_message.get(CANDIDATES) or []]
    language, language_score = tracker.latest_message.get(LANGUAGE) or (FRENCH, 1.0)
    message = Message(text, candidates, current.finder.find(text), language, language_score)
    return decide(message, _context(tracker), current.knowledge, Thresholds())


def say(
    decision: Decision, dispatcher: CollectingDispatcher, tracker: Tracker, knowledge: Knowledge
) -> list[dict[str, Any]]:
    """Utter a decision, and return the events that keep it and what the conversation is now about."""
    decision = replace(decision, model=_model_version(tracker))
    reply = word(decision, knowledge)
    buttons = [{"title": button.title, "payload": button.payload} for button in reply.buttons]
    dispatcher.utter_message(response=reply.response, text=reply.text, buttons=buttons, **reply.variables)
    context = after(_context(tracker), decision)
    kept = {
        DECISION_SLOT: decision.as_dict(),
        SUBJECT_SLOT: context.subject,
        FACT_SLOT: context.fact,
        LAST_SLOT: context.last,
    }
    return [SlotSet(name, value) for name, value in kept.items() if value != tracker.get_slot(name)]


def last_decision(tracker: Tracker) -> Decision | None:
    """Return the decision of the turn before, if there is one."""
    kept = tracker.get_slot(DECISION_SLOT)
    return Decision.from_dict(kept) if kept else None


def _context(tracker: Tracker) -> Context:
    return Context(tracker.get_slot(SUBJECT_SLOT), tracker.get_slot(FACT_SLOT), tracker.get_slot(LAST_SLOT))


def _model_version(tracker: Tracker) -> str:
    """Return the version of the model that understood the latest message, as Rasa notes it with the event."""
    metadata = (event.get("metadata") for event in reversed(tracker.events) if event.get("event") == "user")
    return str((next(metadata, None) or {}).get("model_id", ""))
