"""The one NLU component: ranks facts, near-misses, small talk and distress for a message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_RANKING_KEY,
    INTENT_RESPONSE_KEY,
    METADATA,
    METADATA_INTENT,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.dialogue.records import Context
from assistant.knowledge.live import live_knowledge
from assistant.names import BEFORE, CONTEXT_SLOT, PREMISE, READING
from assistant.understanding.classifier import Classifier
from assistant.understanding.learning import learnt, taught_doubles
from assistant.understanding.reading import Reader
from assistant.understanding.records import Ranked, Reading
from assistant.understanding.two_questions import Taught

RESPONSE_SELECTOR = "response_selector"
#: The one setting of the component.
DOUBLES = "deux_questions"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CandidateRanker(GraphComponent, IntentClassifier):
    """Ranks the labels of the NLU data and writes them as Rasa's own components would.

    It sets `intent`, `intent_ranking` and `response_selector` (so that `rasa shell` and `rasa test nlu` work
    unmodified) and `lecture`, which decisions are taken from.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings: where the messages that ask two questions are taught."""
        return {DOUBLES: "data/deux_questions"}

    def __init__(
        self,
        storage: ModelStorage,
        resource: Resource,
        classifier: Classifier | None = None,
        doubles: Path | None = None,
    ) -> None:
        self._taught_doubles = doubles
        self._storage = storage
        self._resource = resource
        self._reader = Reader(classifier) if classifier else None
        self._live = live_knowledge()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CandidateRanker:
        """Return an untrained component."""
        return cls(model_storage, resource, doubles=Path(config[DOUBLES]))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CandidateRanker:
        """Return the component that `train` stored."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, Classifier.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the NLU data and store the model."""
        doubles = taught_doubles(self._taught_doubles) if self._taught_doubles else ()
        singles = [_taught(example) for example in training_data.intent_examples]
        classifier = learnt(singles, doubles, self._live.current)
        with self._storage.write_to(self._resource) as folder:
            classifier.save(folder)
        return self._resource

    def process(self, messages: list[Message], tracker: DialogueStateTracker | None = None) -> list[Message]:
        """Read each message that has a text and no intent yet (a button's payload brings its own).

        Args:
            messages: the messages of one turn.
            tracker: the conversation so far, which says what a follow-up is about; None in `rasa test nlu`.
        """
        kept = tracker.get_slot(CONTEXT_SLOT) if tracker else None
        context = Context.from_dict(kept) if kept else Context()
        for message in messages:
            text = message.get(TEXT)
            if text and self._reader:
                self._write(message, self._reader.read(text, self._live.current, context.subject, context.fact))
        return messages

    @staticmethod
    def _write(message: Message, reading: Reading) -> None:
        best = _best_per_intent(reading.ranked)
        ranking = [{"name": label.split("/")[0], "confidence": score} for label, score in best]
        message.set(INTENT, dict(ranking[0]), add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        message.set(READING, reading.as_dict(), add_to_output=True)
        message.set(RESPONSE_SELECTOR, _response_selector(reading.ranked), add_to_output=True)


def _taught(example: Message) -> Taught:
    about = (example.get(METADATA) or {}).get(METADATA_INTENT, {})
    label = example.get(INTENT_RESPONSE_KEY) or example.get(INTENT)
    return Taught(example.get(TEXT) or "", label, about.get(BEFORE), about.get(PREMISE, False))


def _best_per_intent(ranked: Ranked) -> list[tuple[str, float]]:
    """Return the best label of each intent, in the order of the ranking."""
    best: dict[str, tuple[str, float]] = {}
    for label, score in ranked:
        best.setdefault(label.split("/")[0], (label, score))
    return list(best.values())


def _response_selector(ranked: Ranked) -> dict[str, Any]:
    """Return the ranking in the form of Rasa's ResponseSelector.

    One and the same block under the predicted retrieval intent and under "default": with a block per retrieval intent,
    `rasa test nlu` would read the true intent's block and flatter.
    """
    retrieval = sorted({label.split("/")[0] for label, _ in ranked if "/" in label})
    top, score = ranked[0]
    block = {
        "response": {
            "responses": None,
            "confidence": score,
            "intent_response_key": top if "/" in top else None,
            "utter_action": f"utter_{top}",
        },
        "ranking": [{"confidence": score, "intent_response_key": top}] if "/" in top else [],
    }
    selector: dict[str, Any] = {"all_retrieval_intents": retrieval, "default": block}
    if "/" in top:
        selector[top.split("/")[0]] = block
    return selector
