"""Answer a choice: a button that was offered and pressed."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import decide_turn, desk_now, say
from assistant.dialogue.decide import choose
from assistant.dialogue.wording import CHOICE_ENTITY
from assistant.knowledge.live import LiveKnowledge, live_knowledge


class ActionChoisir(Action):
    """Answers the fact that a pressed button names; one that no longer exists is refused."""

    def __init__(self, live: LiveKnowledge | None = None) -> None:
        self._live = live or live_knowledge()

    def name(self) -> str:
        """Return the name in `domain.yml`."""
        return "action_choisir"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Answer the chosen fact."""
        chosen = next(tracker.get_latest_entity_values(CHOICE_ENTITY), "")
        current = self._live.current
        answer = choose(chosen, current.knowledge, desk_now(tracker))
        decisions = (answer,) if answer else decide_turn(tracker, current)
        return say(decisions, dispatcher, tracker, current.knowledge)
