"""A tracker as the action server gets it, and an action run on it."""

import asyncio
import json
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from assistant.names import CONTEXT_SLOT, DECISIONS_SLOT, READING
from assistant.understanding.records import Double, Reading


def from_json(reading: Reading) -> dict[str, Any]:
    """Return a reading as it comes over HTTP."""
    kept: dict[str, Any] = json.loads(json.dumps(reading.as_dict()))
    return kept


def tracker_of(
    text: str,
    candidates: dict[str, float] | None = None,
    slots: dict[str, Any] | None = None,
    entities: list[dict[str, Any]] | None = None,
    double: Double | None = None,
) -> Tracker:
    """Return a tracker whose latest message was understood as given."""
    ranked = list((candidates or {}).items())
    latest = {
        "text": text,
        "intent": {"name": ranked[0][0].split("/")[0] if ranked else None},
        "entities": entities or [],
        READING: from_json(Reading(tuple(ranked), double=double)) if ranked else None,
    }
    events = [{"event": "user", "text": text, "metadata": {"model_id": "m1"}}]
    return Tracker(
        sender_id="test",
        slots={CONTEXT_SLOT: None, DECISIONS_SLOT: None, **(slots or {})},
        latest_message=latest,
        events=events,
        paused=False,
        followup_action=None,
        active_loop={},
        latest_action_name=None,
    )


def run_action(action: Action, tracker: Tracker) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Run an action; return its messages and the slots that it set, as they come back over HTTP."""
    dispatcher = CollectingDispatcher()
    events = action.run(dispatcher, tracker, {})
    if asyncio.iscoroutine(events):
        events = asyncio.run(events)
    kept: dict[str, Any] = json.loads(json.dumps({event["name"]: event["value"] for event in events}))
    return dispatcher.messages, kept
