"""Answer a message: a fact, a contact, choices, a refusal, small talk or help in distress, as decided."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import decide_turn, say
from assistant.knowledge.live import LiveKnowledge, live_knowledge


class ActionRepondre(Action):
    """Decides what to do with the latest message, and does it."""

    def __init__(self, live: LiveKnowledge | None = None) -> None:
        self._live = live or live_knowledge()

    def name(self) -> str:
        """Return the name in `domain.yml`."""
        return "action_repondre"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Decide, say it, keep it."""
        current = self._live.current
        return say(decide_turn(tracker, current), dispatcher, tracker, current.knowledge)
