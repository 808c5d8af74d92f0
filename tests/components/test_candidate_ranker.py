"""The NLU component inside Rasa's own graph machinery."""

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

from components.candidate_ranker import CandidateRanker

EXAMPLES = {
    "fait/ocam.date_creation": ["Quand l'OCAM a-t-elle été créée ?", "année de création de l'OCAM"],
    "fait/oim.depuis": ["Depuis quand l'OIM agit-elle ?", "année de début de l'OIM"],
    "inconnu/oim.depuis": ["Quel est le budget de l'OIM ?", "combien coûte l'OIM ?"],
    "detresse/es": ["mi marido me pega", "ayúdenme por favor"],
    "salutation": ["bonjour", "bonsoir"],
}


@pytest.fixture
def ranker(tmp_path: Path) -> CandidateRanker:
    (tmp_path / "model").mkdir()
    storage = LocalModelStorage.create(tmp_path / "model")
    resource, context = Resource("ranker"), ExecutionContext(GraphSchema({}))
    config = CandidateRanker.get_default_config()
    messages = [Message.build(text, intent) for intent, texts in EXAMPLES.items() for text in texts]
    CandidateRanker.create(config, storage, resource, context).train(TrainingData(messages))
    return CandidateRanker.load(config, storage, resource, context)


def parsed(ranker: CandidateRanker, text: str, tracker: DialogueStateTracker | None = None) -> dict[str, Any]:
    (message,) = ranker.process([Message(data={"text": text})], tracker)
    found: dict[str, Any] = message.as_dict(only_output_properties=True)
    return found


def test_a_message_gets_what_rasa_and_the_actions_read(ranker: CandidateRanker) -> None:
    found = parsed(ranker, "en quelle année l'OCAM a été créée")
    assert found["intent"]["name"] == "fait"
    assert found["candidats"][0][0] == "fait/ocam.date_creation"
    assert found["langue"][0] == "fr"
    assert found["intent_ranking"][0] == found["intent"]


def test_the_response_selector_block_is_the_same_under_every_key(ranker: CandidateRanker) -> None:
    selector = parsed(ranker, "en quelle année l'OCAM a été créée")["response_selector"]
    assert selector["default"] == selector["fait"]
    assert selector["default"]["response"]["intent_response_key"] == "fait/ocam.date_creation"
    assert "inconnu" not in selector


def test_a_follow_up_is_read_with_the_subject_of_the_conversation(ranker: CandidateRanker) -> None:
    tracker = DialogueStateTracker("test", [AnySlot("sujet", mappings=[{}])])
    tracker.update(SlotSet("sujet", "ocam"))
    assert parsed(ranker, "et son année de création ?", tracker)["candidats"][0][0] == "fait/ocam.date_creation"
    tracker.update(SlotSet("sujet", "oim"))
    assert parsed(ranker, "elle agit depuis quand ?", tracker)["candidats"][0][0] == "fait/oim.depuis"


def test_a_payload_keeps_its_own_intent(ranker: CandidateRanker) -> None:
    message = Message(data={"intent": {"name": "choix"}})
    assert ranker.process([message])[0].get("intent") == {"name": "choix"}
