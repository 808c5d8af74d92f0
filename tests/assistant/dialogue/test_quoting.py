"""A sentence of a source is quoted where no fact states it and it has what was asked; else the refusal stays."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.dialogue.explain import explain
from assistant.dialogue.quoting import has_what_is_asked
from assistant.dialogue.records import Context, Decision
from assistant.dialogue.wording import word
from assistant.knowledge.live import LiveKnowledge
from tests.assistant.dialogue.conftest import Decide, Scores

TEXT = """\
Accueil
La salle de lecture a été rénovée en 2014.
Les repas et les animaux ne sont pas admis dans la salle de lecture.
Le budget annuel de la salle de lecture est voté en mars.
L'OCAM prête la salle de lecture au HCR deux fois par an.
"""
ANIMALS = "Les animaux sont-ils admis dans la salle de lecture ?"
REFUSED: Scores = {"hors_sujet": 0.5, "inconnu/oim.pays": 0.3}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, knowledge_folder: Path) -> Iterator[Path]:
    """Return the project's knowledge with a second source that has no facts."""
    folder = shutil.copytree(knowledge_folder, tmp_path_factory.mktemp("quoting") / "knowledge")
    (folder / "sources/salle.txt").write_text(TEXT, "utf-8")
    with (folder / "sources.yml").open("a", encoding="utf-8") as file:
        file.write("- {id: salle, titre: La salle, editeur: La ville, langue: fr, fichier: sources/salle.txt}\n")
    yield folder


@pytest.fixture(scope="module")
def live(folder: Path) -> LiveKnowledge:
    return LiveKnowledge(folder)


def quoted(decision: Decision) -> tuple[str, int] | None:
    return (
        (decision.quoted.source, decision.quoted.position) if decision.kind == "passage" and decision.quoted else None
    )


def test_a_sentence_without_a_fact_is_quoted_word_for_word_with_its_source(
    decided: Decide, live: LiveKnowledge
) -> None:
    decision = decided(ANIMALS, REFUSED)
    assert quoted(decision) == ("salle", 1)
    assert word(decision, live.current.knowledge).text == (
        "Voici ce que dit ma source :\n"
        "« Les repas et les animaux ne sont pas admis dans la salle de lecture. »\n"
        "Source : « La salle », La ville"
    )


def test_pourquoi_shows_the_sentence_and_how_sure_it_is(decided: Decide, live: LiveKnowledge) -> None:
    decision = decided(ANIMALS, REFUSED)
    assert Decision.from_dict(decision.as_dict()) == decision
    told = explain(decision, live.current.knowledge)
    assert told.startswith("Décision : passage cité (une phrase de la source, sans fait)\n")
    assert "phrase 2 de salle, avec 100% de ce qui est demandé (au moins 80%) et 4 de ses mots (au moins 3)" in told
    assert told.endswith(
        "Source : La salle\n  « Les repas et les animaux ne sont pas admis dans la salle de lecture. »"
    )


def test_a_sentence_is_not_shown_by_another_version_of_the_knowledge(decided: Decide, live: LiveKnowledge) -> None:
    """Its position may be another sentence's there."""
    other = replace(live.current.knowledge, version="autre")
    assert "«" not in explain(decided(ANIMALS, REFUSED), other)


def test_without_the_switch_it_is_refused(folder: Path) -> None:
    decide = Decide(LiveKnowledge(folder, quoting=False))
    assert decide(ANIMALS, REFUSED).kind == "off_topic"


@pytest.mark.parametrize(
    ("text", "scores"),
    [
        # too few of its words, or too little of what is asked
        ("La lecture ?", REFUSED),
        ("Les enfants sont-ils admis dans la salle de lecture ?", REFUSED),
        ("Les animaux sont-ils toujours admis gratuitement dans la salle de lecture ?", REFUSED),
        # no value of the kind that is asked for
        ("Quand les animaux sont-ils admis dans la salle de lecture ?", REFUSED),
        ("Combien d'animaux admis dans la salle de lecture ?", REFUSED),
        ("Qui a rénové la salle de lecture ?", REFUSED),
        ("Où les animaux sont-ils admis dans la salle de lecture ?", REFUSED),
        ("Pourquoi les animaux ne sont-ils pas admis dans la salle de lecture ?", REFUSED),
        ("Quels sont les animaux admis dans la salle de lecture ?", REFUSED),
        # what is known to be unknown, and a name that no source is known to speak of
        ("Le budget de la salle de lecture est-il voté en mars ?", REFUSED),
        ("La salle de lecture est-elle prêtée au HCR par l'OCAM deux fois par an ?", REFUSED),
        # a near-miss, or off topic, as surely as a fact would be answered
        (ANIMALS, {"inconnu/oim.pays": 0.9}),
        (ANIMALS, {"hors_sujet": 0.9}),
        # a fact states the sentence: its near-misses are known
        ("L'OCAM répond au besoin d'un mécanisme de consultation régionale ?", {"inconnu/ocam.role": 0.5}),
    ],
)
def test_a_refusal_stays_where_the_sentence_is_not_sure_to_answer(decided: Decide, text: str, scores: Scores) -> None:
    assert decided(text, scores).kind in {"refusal", "off_topic"}


def test_what_leans_on_the_conversation_is_not_looked_for_in_a_sentence(decided: Decide) -> None:
    assert decided(ANIMALS, REFUSED, Context("ocam", "ocam.role", last="answer")).kind in {"refusal", "off_topic"}


@pytest.mark.parametrize(
    ("scores", "kind"),
    [
        ({"hors_sujet": 0.5, "detresse/fr": 0.3}, "distress"),
        ({"fait/oim.pays": 0.9}, "answer"),
        ({"fait/oim.pays": 0.4, "fait/oim.membres": 0.4}, "choices"),
        ({"merci": 0.6}, "small_talk"),
    ],
)
def test_it_takes_the_place_of_nothing_but_a_refusal(decided: Decide, scores: Scores, kind: str) -> None:
    assert decided(ANIMALS, scores).kind == kind


def test_another_language_stays_one(decided: Decide) -> None:
    assert decided(ANIMALS, REFUSED, language=("es", 0.9)).kind == "other_language"


def test_it_is_no_failure_and_a_second_refusal_after_it_is_a_first_one(decided: Decide) -> None:
    assert decided(ANIMALS, REFUSED, Context(last="refusal", failures=1)).kind == "passage"


def test_it_can_be_said_again(decided: Decide) -> None:
    first = decided(ANIMALS, REFUSED)
    again = decided("répète", {"repeter": 0.9}, Context(last="passage", quoted=first.quoted))
    assert (quoted(again), again.reason) == (("salle", 1), "repeated")


def test_a_short_question_after_it_is_about_nothing_that_was_said_before(decided: Decide) -> None:
    decision = decided("et quand ?", REFUSED, Context(last="passage", quoted=decided(ANIMALS, REFUSED).quoted))
    assert decision.kind == "clarify"


def test_a_fact_that_was_removed_without_training_is_refused(decided: Decide) -> None:
    """Nothing else was likely: the shares of what is known are none of nothing."""
    assert decided("Xyz ?", {"fait/oim.disparu": 1.0, "fait/oim.pays": 0.0}).kind == "refusal"


@pytest.mark.parametrize(
    ("question", "passage", "whether"),
    [
        ("Quand le prêt finit-il ?", "Le prêt finit le 3 mars.", True),
        ("kan le pret fini", "Le prêt finit bientôt.", False),
        ("Depuis quand, 2001 ?", "Le prêt existe depuis 2001.", False),
        ("cb de livres ?", "On prête 8 livres.", True),
        ("Combien de livres ?", "On prête des livres depuis 2001.", False),
        ("Qui a fondé le club ?", "Le club a été fondé par Ève Martin.", True),
        ("Qui est Ève Martin ?", "Ève Martin est venue.", False),
        ("Où est le club ?", "Le club est à Lyon.", True),
        ("Où est le club de Lyon ?", "Le club est à Lyon.", False),
        ("Pourquoi ce prêt ?", "Le prêt existe pour aider les lecteurs.", True),
        ("Quel est le règlement ?", "Le règlement est affiché.", False),
        ("Le prêt est-il gratuit ?", "Le prêt est gratuit.", True),
    ],
)
def test_a_sentence_needs_a_value_of_the_kind_asked_for(question: str, passage: str, whether: bool) -> None:
    assert has_what_is_asked(question, passage) is whether
