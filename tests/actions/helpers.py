"""A tracker as the action server gets it, and an action run on it."""

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher


def tracker_of(
    text: str,
    candidates: dict[str, float] | None = None,
    slots: dict[str, Any] | None = None,
    entities: list[dict[str, Any]] | None = None,
) -> Tracker:
    """Return a tracker whose latest message was understood as given."""
    ranked = list((candidates or {}).items())
    latest = {
        "text": text,
        "intent": {"name": ranked[0][0].split("/")[0] if ranked else None},
        "entities": entities or [],
        "candidats": [list(pair) for pair in ranked],
        "langue": ["fr", 1.0],
    }
    events = [{"event": "user", "text": text, "metadata": {"model_id": "m1"}}]
    return Tracker(
        sender_id="test",
        slots={"sujet": None, "dernier_fait": None, "decision": None, **(slots or {})},
        latest_message=latest,
        events=events,
        paused=False,
        followup_action=None,
        active_loop={},
        latest_action_name=None,
    )


def run_action(action: Action, tracker: Tracker) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Run an action; return its messages and the slots that it set."""
    dispatcher = CollectingDispatcher()
    events = action.run(dispatcher, tracker, {})
    if asyncio.iscoroutine(events):
        events = asyncio.run(events)
    return dispatcher.messages, {event["name"]: event["value"] for event in events}
