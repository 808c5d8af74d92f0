"""What the assistant is compared with: the questions it learns from, and what its intents count as."""

import pytest
import yaml

from assistant.knowledge.base import Knowledge
from evaluation.baseline import KINDS, ONE_IN, nlu, outcome_of
from evaluation.outcomes import Outcome
from tests.evaluation.made import CONTACT, DISTRESS, REFUSAL, SHARED, SIGLE, THANKS


def test_each_label_is_a_plain_intent_with_a_part_of_its_questions() -> None:
    between = ["Entre deux ?"] * (ONE_IN - 1)
    texts = ["Un ?", "Deux ?", *between, "Trois ?"]
    content = yaml.safe_load(nlu(texts, ["fait/oim.sigle", "merci", *["fait/oim.sigle"] * ONE_IN]))
    assert content["nlu"] == [
        {"intent": "fait__oim.sigle", "examples": "- Un ?\n- Trois ?\n"},
        {"intent": "merci", "examples": "- Deux ?\n"},
    ]


@pytest.mark.parametrize(
    ("intent", "outcome"),
    [
        ("fait__oim.sigle", SIGLE),
        ("fait__ocam.oim_role", SHARED),
        ("contact", CONTACT),
        ("detresse__es", DISTRESS),
        ("autre_langue__es", Outcome("other_language")),
        ("merci", THANKS),
        ("inconnu__oim.sigle", REFUSAL),
        ("hors_sujet", REFUSAL),
        ("nlu_fallback", REFUSAL),
    ],
)
def test_an_intent_counts_as_what_the_assistant_would_do(intent: str, outcome: Outcome, knowledge: Knowledge) -> None:
    assert outcome_of(intent, knowledge) == outcome


def test_only_single_messages_are_compared() -> None:
    assert {"faits", "voisins", "detresse", "bavardage"} <= KINDS
    assert not {"conversations", "doubles", "simples"} & KINDS
