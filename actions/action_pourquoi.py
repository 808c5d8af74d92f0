"""Show why the last answer was given: for people who test the FAQ, in the shell only."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import last_decision
from assistant.dialogue.explain import explain
from assistant.knowledge.live import LiveKnowledge, live_knowledge


class ActionPourquoi(Action):
    """Shows the decision kept with the last turn."""

    def __init__(self, live: LiveKnowledge | None = None) -> None:
        self._live = live or live_knowledge()

    def name(self) -> str:
        """Return the name in `domain.yml`."""
        return "action_pourquoi"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Show it; change nothing."""
        decision = last_decision(tracker)
        if decision is None:
            dispatcher.utter_message(response="utter_pourquoi_rien")
        else:
            dispatcher.utter_message(text=explain(decision, self._live.current.knowledge))
        return []
