"""What was asked before, asked of another subject."""

import pytest

from assistant.dialogue.records import Context
from tests.assistant.dialogue.conftest import Decide

CREATION = Context("ocam", "ocam.date_creation", last="answer")
MEMBERS = Context("oim", "oim.membres", last="answer")
BUDGET = Context("ocam", "ocam.role", unknown="budget", last="refusal", failures=0)
DATE = Context("reunion", "oim.membres", unknown="date_reunion", last="refusal")
CHOICES = Context(offered=("ocam.date_creation", "ocam.role", "autre_chose"), last="choices")

#: What is likely of a message that only names a subject.
OIM, OCAM = {"fait/oim.definition": 0.9}, {"fait/ocam.definition": 0.9}


@pytest.mark.parametrize("text", ["et l'OIM ?", "je parlais de l'OIM", "pas l'OCAM, l'OIM", "et pour l'OIM alors ?"])
def test_another_subject_is_asked_what_was_asked_before(decided: Decide, text: str) -> None:
    decision = decided(text, OIM, CREATION)
    assert (decision.kind, decision.reason, decision.facts) == ("answer", "follow-up", ("oim.depuis",))
    assert decision.subject == "oim"


@pytest.mark.parametrize(
    ("text", "context", "fact"),
    [
        ("et l'OCAM ?", Context("oim", "oim.depuis", last="answer"), "ocam.date_creation"),
        ("et le SICA ?", Context("ocam", "ocam.definition", last="answer"), "sica.definition"),
        # Of two subjects the one named last is meant, and never one that is denied.
        ("non, l'OIM, enfin l'OCAM", Context("sica", "sica.definition", last="answer"), "ocam.definition"),
        ("l'OIM, pas l'OCAM", CREATION, "oim.depuis"),
        # After a refusal: the question word, of what was refused.
        ("et l'OCAM ?", DATE, "ocam.date_creation"),
        # After choices: the first of them is what was asked.
        ("non, je parlais de l'OIM", CHOICES, "oim.depuis"),
    ],
)
def test_what_was_asked_is_known_from_the_conversation(decided: Decide, text: str, context: Context, fact: str) -> None:
    assert decided(text, OIM, context).facts == (fact,)


def test_what_no_source_gives_is_refused_of_another_subject_by_its_name(decided: Decide) -> None:
    decision = decided("et l'OIM ?", OIM, BUDGET)
    assert (decision.kind, decision.unknown, decision.subject) == ("refusal", "budget", "oim")
    assert decision.facts
    assert all(fact.startswith("oim.") for fact in decision.facts)


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("et l'OIM ?", Context()),  # nothing was asked before
        ("et l'OIM ?", Context(last="small_talk")),
        ("et l'OIM ?", Context("contact", last="choices", offered=("contact",))),
        ("et l'OIM ?", MEMBERS),  # it was asked of this subject
        ("que devient l'OIM ?", CREATION),  # it asks something itself
        ("OIM", CREATION),  # a keyword
        ("et l'OIM ?", Context("ocam", "ocam.disparu", last="answer")),  # the knowledge no longer has it
    ],
)
def test_any_other_message_is_weighed(decided: Decide, text: str, context: Context) -> None:
    decision = decided(text, OIM, context)
    assert (decision.reason, decision.facts) == ("best", ("oim.definition",))


def test_a_subject_without_such_a_fact_is_weighed(decided: Decide) -> None:
    """The number of members of the OCAM: nothing answers it, so that what it says of the OCAM is refused or offered."""
    decision = decided("et le SICA ?", {"inconnu/sica.definition": 0.9}, MEMBERS)
    assert (decision.kind, decision.reason) == ("refusal", "near-miss")


def test_a_subject_that_is_only_denied_is_not_meant(decided: Decide) -> None:
    assert decided("non, pas l'OIM", OIM, CREATION).reason == "best"


@pytest.mark.parametrize("intent", ["non", "robot"])
@pytest.mark.parametrize("text", ["non, je parlais de l'OIM", "non, pas l'OCAM, l'OIM"])
def test_a_correction_that_begins_with_no_is_no_small_talk(decided: Decide, text: str, intent: str) -> None:
    """What the trained model takes « non, je parlais de l'OIM » for: `robot`, then `non`."""
    assert decided(text, {intent: 0.5, "fait/oim.definition": 0.1}, CREATION).facts == ("oim.depuis",)


def test_an_unknown_that_the_knowledge_no_longer_has_is_no_error(decided: Decide) -> None:
    """An editor took it away while the conversation went on."""
    context = Context("ocam", unknown="disparu", last="refusal")
    assert decided("et l'OIM ?", OIM, context).facts == ("oim.definition",)
