"""The NLU component inside Rasa's own graph machinery."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.events import SlotSet
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.dialogue.records import Context
from assistant.names import CONTEXT_SLOT, READING
from assistant.understanding.records import Reading
from components.candidate_ranker import CandidateRanker

EXAMPLES = {
    "fait/ocam.date_creation": ["Quand l'OCAM a-t-elle été créée ?", "année de création de l'OCAM"],
    "fait/oim.depuis": ["Depuis quand l'OIM agit-elle ?", "année de début de l'OIM"],
    "inconnu/oim.depuis": ["Quel est le budget de l'OIM ?", "combien coûte l'OIM ?"],
    "detresse/es": ["mi marido me pega", "ayúdenme por favor"],
    "salutation": ["bonjour", "bonsoir"],
}


DOUBLES = """deux_questions:
  - question: "Quand est née l'OCAM ? ¦ Depuis quand l'OIM est-elle là ?"
    faits: [ocam.date_creation, oim.depuis]
  - question: "année de début de l'OIM, et ¦ quand est née l'OCAM ?"
    faits: [oim.depuis, ocam.date_creation]
"""

Train = Callable[..., CandidateRanker]


@pytest.fixture
def train(tmp_path: Path) -> Train:
    """Return a function that trains on the examples and some more messages, and loads what was stored."""

    taught = tmp_path / "deux_questions"
    taught.mkdir()
    (taught / "doubles.yml").write_text(DOUBLES, "utf-8")

    def _train(*more: Message, doubles: Path = taught) -> CandidateRanker:
        storage = LocalModelStorage.create(Path(tempfile.mkdtemp(dir=tmp_path)))
        resource, context = Resource("ranker"), ExecutionContext(GraphSchema({}))
        config = {**CandidateRanker.get_default_config(), "deux_questions": str(doubles)}
        messages = [Message.build(text, intent) for intent, texts in EXAMPLES.items() for text in texts]
        CandidateRanker.create(config, storage, resource, context).train(TrainingData([*messages, *more]))
        return CandidateRanker.load(config, storage, resource, context)

    return _train


@pytest.fixture
def ranker(train: Train) -> CandidateRanker:
    return train()


def parsed(ranker: CandidateRanker, text: str, tracker: DialogueStateTracker | None = None) -> dict[str, Any]:
    (message,) = ranker.process([Message(data={"text": text})], tracker)
    found: dict[str, Any] = message.as_dict(only_output_properties=True)
    return found


def score(ranker: CandidateRanker, text: str) -> float:
    """Return how likely the creation of the OCAM is."""
    return dict(Reading.from_dict(parsed(ranker, text)[READING]).ranked)["fait/ocam.date_creation"]


def test_a_message_gets_what_rasa_and_the_actions_read(ranker: CandidateRanker) -> None:
    found = parsed(ranker, "en quelle année l'OCAM a été créée")
    assert found["intent"]["name"] == "fait"
    reading = Reading.from_dict(json.loads(json.dumps(found[READING])))
    assert reading.ranked[0][0] == "fait/ocam.date_creation"
    assert reading.language[0] == "fr"
    assert found["intent_ranking"][0] == found["intent"]


def test_the_response_selector_block_is_the_same_under_every_key(ranker: CandidateRanker) -> None:
    selector = parsed(ranker, "en quelle année l'OCAM a été créée")["response_selector"]
    assert selector["default"] == selector["fait"]
    assert selector["default"]["response"]["intent_response_key"] == "fait/ocam.date_creation"
    assert "inconnu" not in selector


def test_a_follow_up_is_read_with_the_subject_of_the_conversation(ranker: CandidateRanker) -> None:
    tracker = DialogueStateTracker("test", [AnySlot(CONTEXT_SLOT, mappings=[{}])])
    best = []
    for subject in (None, "ocam", "oim"):
        tracker.update(SlotSet(CONTEXT_SLOT, Context(subject).as_dict()))
        best.append(parsed(ranker, "et son année ?", tracker)[READING]["ranked"][0][0])
    assert best[1:] == ["fait/ocam.date_creation", "fait/oim.depuis"]


def test_a_message_that_asks_two_questions_is_read_as_both(ranker: CandidateRanker) -> None:
    found = parsed(ranker, "Quand l'OCAM a-t-elle été créée ? Depuis quand l'OIM agit-elle ?")
    double = Reading.from_dict(json.loads(json.dumps(found[READING]))).double
    assert double
    assert (double.one.label, double.other.label) == ("fait/ocam.date_creation", "fait/oim.depuis")


def test_where_no_two_questions_are_taught_none_are_read(train: Train, tmp_path: Path) -> None:
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    ranker = train(doubles=nothing)
    found = parsed(ranker, "Quand l'OCAM a-t-elle été créée ? Depuis quand l'OIM agit-elle ?")
    assert Reading.from_dict(found[READING]).double is None


def test_a_follow_up_in_the_data_is_learnt_as_it_is_read_in_its_conversation(train: Train) -> None:
    """« et elle remonte à loin ? » after an answer about the OCAM is learnt with the OCAM in it, and not bare."""
    bare = "et elle remonte à loin ?"
    question = Message.build(bare, "fait/ocam.date_creation")
    alone = train(question)
    question.set("metadata", {"intent": {"avant": "ocam.nom"}})
    in_conversation = train(question)
    assert score(in_conversation, bare) < score(alone, bare)


def test_a_premise_in_the_data_is_learnt_as_one(train: Train) -> None:
    asked = "L'OCAM est née en 1985, non ?"
    question = Message.build(asked, "fait/ocam.date_creation")
    question.set("metadata", {"intent": {"premisse": True}})
    assert Reading.from_dict(parsed(train(question), asked)[READING]).premise > 0
    assert Reading.from_dict(parsed(train(), asked)[READING]).premise < 0


def test_a_payload_keeps_its_own_intent(ranker: CandidateRanker) -> None:
    message = Message(data={"intent": {"name": "choix"}})
    assert ranker.process([message])[0].get("intent") == {"name": "choix"}
