"""The one NLU component: ranks facts, near-misses, small talk and distress for a message."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.knowledge.live import live_knowledge
from assistant.names import CANDIDATES, FACT_SLOT, LANGUAGE, SUBJECT_SLOT
from assistant.understanding.classifier import Classifier
from assistant.understanding.followup import read_as

RESPONSE_SELECTOR = "response_selector"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CandidateRanker(GraphComponent, IntentClassifier):
    """Ranks the labels of the NLU data and writes them as Rasa's own components would.

    It sets `intent`, `intent_ranking` and `response_selector` (so that `rasa shell` and `rasa test nlu` work
    unmodified) and `candidats` and `langue`, which decisions are taken from.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings: how many candidates a parsed message keeps."""
        return {"candidats": 10}

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, classifier: Classifier | None = None
    ) -> None:
        self._most = int(config["candidats"])
        self._storage = storage
        self._resource = resource
        self._classifier = classifier
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
        return cls(config, model_storage, resource)

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
            return cls(config, model_storage, resource, Classifier.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the NLU data and store the model."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        labels = [example.get(INTENT_RESPONSE_KEY) or example.get(INTENT) for example in examples]
        self._classifier = Classifier.train([example.get(TEXT) for example in examples], labels)
        with self._storage.write_to(self._resource) as folder:
            self._classifier.save(folder)
        return self._resource

    def process(self, messages: list[Message], tracker: DialogueStateTracker | None = None) -> list[Message]:
        """Rank each message that has a text and no intent yet (a button's payload brings its own).

        Args:
            messages: the messages of one turn.
            tracker: the conversation so far, which says what a follow-up is about; None in `rasa test nlu`.
        """
        for message in messages:
            text = message.get(TEXT)
            if text and self._classifier:
                ranked = self._classifier.rank(self._read_as(text, tracker), self._most)
                self._write(message, ranked, self._classifier.language(text))
        return messages

    def _read_as(self, text: str, tracker: DialogueStateTracker | None) -> str:
        """Return a follow-up with what it is about; another text as it is."""
        if tracker is None:
            return text
        current = self._live.current
        about = current.knowledge.taken_up(tracker.get_slot(SUBJECT_SLOT), tracker.get_slot(FACT_SLOT))
        return read_as(text, current.finder.names_subject(text), about)

    @staticmethod
    def _write(message: Message, ranked: list[tuple[str, float]], language: tuple[str, float]) -> None:
        ranking = [{"name": label.split("/")[0], "confidence": score} for label, score in _best_per_intent(ranked)]
        message.set(INTENT, dict(ranking[0]), add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        message.set(CANDIDATES, [[label, round(score, 4)] for label, score in ranked], add_to_output=True)
        message.set(LANGUAGE, [language[0], round(language[1], 4)], add_to_output=True)
        message.set(RESPONSE_SELECTOR, _response_selector(ranked), add_to_output=True)


def _best_per_intent(ranked: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return the best label of each intent, in the order of the ranking."""
    best: dict[str, tuple[str, float]] = {}
    for label, score in ranked:
        best.setdefault(label.split("/")[0], (label, score))
    return list(best.values())


def _response_selector(ranked: list[tuple[str, float]]) -> dict[str, Any]:
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
