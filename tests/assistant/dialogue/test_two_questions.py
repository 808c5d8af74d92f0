"""What is decided on a message that asks two questions."""

import pytest

from assistant.dialogue.records import Context, Thresholds
from assistant.understanding.records import Double, Half
from tests.assistant.dialogue.conftest import Decide, Scores

TEXT = "Quand l'OCAM est-elle née et que veut dire OIM ?"
#: A whole message of two questions looks like a bit of both.
MIXED = {"fait/ocam.date_creation": 0.3, "fait/oim.sigle": 0.3}
WHEN = Half("Quand l'OCAM est-elle née", "fait/ocam.date_creation", 0.7)
MEANING = Half("que veut dire OIM ?", "fait/oim.sigle", 0.7)
SURE = Thresholds().double


@pytest.mark.parametrize("context", [Context(), Context(subject="pisani"), Context(last="choices", failures=1)])
@pytest.mark.parametrize(
    "whole", [MIXED, {"fait/oim.sigle": 0.99}, {"inconnu/oim.sigle": 0.9}, {"hors_sujet": 0.9}, {"contact": 0.9}]
)
def test_two_questions_get_two_decisions_in_their_order(decided: Decide, whole: Scores, context: Context) -> None:
    decisions = decided.each(TEXT, whole, Double(WHEN, MEANING, SURE), context)
    assert [(one.kind, one.facts) for one in decisions] == [
        ("answer", ("ocam.date_creation",)),
        ("answer", ("oim.sigle",)),
    ]
    assert [one.subject for one in decisions] == ["ocam", "oim"]


def test_a_message_that_less_likely_asks_two_is_decided_on_as_one(decided: Decide) -> None:
    (decision,) = decided.each(TEXT, {"fait/oim.sigle": 0.99}, Double(WHEN, MEANING, SURE - 0.01))
    assert decision.facts == ("oim.sigle",)


def test_each_of_two_decisions_has_its_own_candidate_first_and_says_what_it_was_taken_with(decided: Decide) -> None:
    decisions = decided.each(TEXT, {"fait/oim.sigle": 0.6, "merci": 0.1}, Double(WHEN, MEANING, 0.8))
    assert [[(one.label, one.score) for one in decision.candidates] for decision in decisions] == [
        [("fait/ocam.date_creation", 0.7), ("fait/oim.sigle", 0.6), ("merci", 0.1)],
        [("fait/oim.sigle", 0.7), ("merci", 0.1)],
    ]
    assert all(decision.knowledge and decision.thresholds == Thresholds() for decision in decisions)


@pytest.mark.parametrize(("place", "number"), [("", 2), (" au Honduras", 2), (" au Nicaragua", 1)])
def test_the_contact_is_one_of_two_answers_where_it_covers_the_place(decided: Decide, place: str, number: int) -> None:
    whom = Half(f"à qui écrire{place} ?", "contact", 0.7)
    decisions = decided.each(f"{WHEN.text} et {whom.text}", MIXED, Double(WHEN, whom, 0.9))
    assert len(decisions) == number
    assert number == 1 or decisions[1].kind == "contact"


def test_a_place_in_the_one_question_is_not_that_of_the_contact_in_the_other(decided: Decide) -> None:
    where = Half("C'était au Nicaragua, la réunion ?", "fait/reunion.lieu", 0.7)
    whom = Half("à qui écrire ?", "contact", 0.7)
    decisions = decided.each(f"{where.text} Et {whom.text}", MIXED, Double(where, whom, 0.9))
    assert [(one.kind, one.corrects) for one in decisions] == [("answer", True), ("contact", False)]


@pytest.mark.parametrize("whole", [{"detresse/fr": 0.9}, {"effacer_donnees": 0.9}, {"salutation": 0.9}])
def test_distress_erasure_and_small_talk_are_not_two_questions(decided: Decide, whole: Scores) -> None:
    (decision,) = decided.each(TEXT, whole, Double(WHEN, MEANING, 0.99))
    assert decision.kind not in {"answer", "contact"}


def test_after_distress_two_questions_that_name_nothing_are_still_about_it(decided: Decide) -> None:
    both = Double(Half("où aller", "fait/reunion.lieu", 0.7), Half("qui appeler", "contact", 0.7), 0.9)
    (decision,) = decided.each("où aller et qui appeler", MIXED, both, Context(last="distress"))
    assert decision.kind == "distress"


def test_the_own_question_of_a_fact_is_one_question(decided: Decide) -> None:
    """« Que veut dire OCAM, et quel est son ancien nom ? » is one fact's."""
    both = Double(
        Half("Que veut dire OCAM", "fait/ocam.nom", 0.7), Half("quel est son ancien nom ?", "fait/oim.sigle", 0.7), 0.9
    )
    (decision,) = decided.each("Que veut dire OCAM, et quel est son ancien nom ?", {"fait/ocam.nom": 0.5}, both)
    assert (decision.facts, decision.reason) == (("ocam.nom",), "own question")


def test_a_second_question_that_only_names_another_subject_asks_the_first_of_that(decided: Decide) -> None:
    one = Half("C'est quoi le but de l'OIM ?", "fait/oim.mission", 0.7)
    both = Double(one, Half("celui du projet ?", "fait/oim.depuis", 0.7), 0.9)
    decisions = decided.each(f"{one.text} et celui du projet ?", {"fait/oim.mission": 0.8}, both)
    assert [decision.facts for decision in decisions] == [("oim.mission",), ("projet.objectifs",)]
    assert [candidate.label for candidate in decisions[1].candidates] == ["fait/oim.mission"]


def test_a_second_question_after_the_contact_is_not_about_the_contact(decided: Decide) -> None:
    both = Double(Half("À qui écrire", "contact", 0.9), Half("quel est son but ?", "fait/projet.objectifs", 0.9), 0.9)
    decisions = decided.each("À qui écrire et quel est son but ?", MIXED, both, Context(subject="projet"))
    assert [(one.kind, one.facts) for one in decisions] == [("contact", ()), ("answer", ("projet.objectifs",))]


def test_a_fact_that_is_gone_since_the_message_was_read_is_no_answer(decided: Decide) -> None:
    gone = Half("et la salle ?", "fait/reunion.salle", 0.9)
    (decision,) = decided.each(TEXT, {"fait/oim.sigle": 0.99}, Double(MEANING, gone, 0.9))
    assert decision.facts == ("oim.sigle",)


def test_a_second_question_for_the_fact_of_the_first_is_no_second(decided: Decide) -> None:
    one = Half("Où l'OCAM est-elle née", "fait/ocam.lieu_creation", 0.7)
    whole = {"fait/ocam.lieu_creation": 0.9}
    decisions = decided.each(f"{one.text}, où ?", whole, Double(one, Half("où ?", "fait/ocam.lieu_creation", 0.7), 0.9))
    assert [decision.facts for decision in decisions] == [("ocam.lieu_creation",)]
