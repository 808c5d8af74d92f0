"""Show why the last answer was given: for people who test the FAQ, in the shell only."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import last_decisions
from assistant.dialogue.explain import explain
from assistant.knowledge.live import LiveKnowledge, live_knowledge


class ActionPourquoi(Action):
    """Shows the decisions kept with the last turn."""

    def __init__(self, live: LiveKnowledge | None = None) -> None:
        self._live = live or live_knowledge()

    def name(self) -> str:
        """Return the name in `domain.yml`."""
        return "action_pourquoi"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Show it; change nothing."""
        decisions = last_decisions(tracker)
        for decision in decisions:
            dispatcher.utter_message(text=explain(decision, self._live.current.knowledge))
        if not decisions:
            dispatcher.utter_message(response="utter_pourquoi_rien")
        return []
