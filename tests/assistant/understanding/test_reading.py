"""What is read in a message: alone, in its conversation, and as two questions."""

from dataclasses import replace

import pytest

from assistant.knowledge.live import Current, LiveKnowledge
from assistant.understanding.classifier import Classifier
from assistant.understanding.doubles import TaughtDoubles
from assistant.understanding.reading import KEPT, Reader, training_text
from assistant.understanding.two_questions import TwoQuestions

EXAMPLES = {
    "fait/ocam.date_creation": ["Quand l'OCAM a-t-elle été créée ?", "année de création de l'OCAM"],
    "fait/ocam.lieu_creation": ["Où l'OCAM a-t-elle été créée ?", "ville de création de l'OCAM"],
    "fait/ocam.definition": ["Qu'est-ce que l'OCAM ?", "c'est quoi l'OCAM"],
    "fait/oim.depuis": ["Depuis quand l'OIM agit-elle ?", "année de début de l'OIM"],
    "fait/oim.definition": ["Qu'est-ce que l'OIM ?", "c'est quoi l'OIM"],
    "fait/oim.pays": ["Dans combien de pays est l'OIM ?", "nombre de pays de l'OIM"],
    "fait/sica.definition": ["Qu'est-ce que le SICA ?", "c'est quoi le SICA"],
    "inconnu/ocam.definition": ["Quel est le budget de l'OCAM ?", "combien coûte l'OCAM ?"],
    "inconnu/oim.definition": ["Quel est le budget de l'OIM ?", "combien coûte l'OIM ?"],
    "detresse/es": ["mi marido me pega", "ayúdenme por favor"],
    "salutation": ["bonjour", "bonsoir"],
    "merci": ["merci beaucoup", "parfait merci beaucoup", "merci pour tout", "merci de votre aide"],
}


DOUBLES = [
    TwoQuestions("C'est quoi l'OCAM, et", "quand a-t-elle été créée ?", ("ocam.definition", "ocam.date_creation")),
    TwoQuestions("Où est née l'OCAM ? Et", "c'est quoi l'OIM ?", ("ocam.lieu_creation", "oim.definition")),
    TwoQuestions("Dans combien de pays est l'OIM et", "depuis quand ?", ("oim.pays", "oim.depuis")),
    TwoQuestions("C'est quoi le SICA ? Et", "c'est quoi l'OCAM ?", ("sica.definition", "ocam.definition")),
]


@pytest.fixture(scope="module")
def reader() -> Reader:
    pairs = [(text, label) for label, texts in EXAMPLES.items() for text in texts]
    texts = [text for text, _ in pairs]
    return Reader(Classifier.train(texts, [label for _, label in pairs], TaughtDoubles(DOUBLES, (), texts)))


@pytest.fixture
def current(live: LiveKnowledge) -> Current:
    return live.current


def test_a_message_gets_its_labels_best_first_and_its_language(reader: Reader, current: Current) -> None:
    reading = reader.read("en quelle année a été créée l'OCAM", current)
    assert reading.ranked[0][0] == "fait/ocam.date_creation"
    assert [score for _, score in reading.ranked] == sorted((score for _, score in reading.ranked), reverse=True)
    assert len(reading.ranked) == KEPT
    assert reading.language[0] == "fr"
    assert reading.double is not None
    assert reading.double.score < 0.5
    assert reader.read("mi marido me pega", current).language[0] == "es"


@pytest.mark.parametrize(
    ("subject", "best"), [("ocam", "fait/ocam.date_creation"), ("oim", "fait/oim.depuis"), ("site", "fait/oim.depuis")]
)
def test_a_follow_up_is_read_of_what_the_conversation_is_about(
    reader: Reader, current: Current, subject: str, best: str
) -> None:
    """A pronoun after the site stands for its organisation."""
    assert reader.read("et son année ?", current, subject).ranked[0][0] == best


def test_the_facts_of_the_subject_are_ahead_in_a_follow_up(reader: Reader, current: Current) -> None:
    def share(subject: str | None) -> float:
        ranked = reader.read("et c'est quoi ?", current, subject).ranked
        return sum(score for label, score in ranked if label.startswith("fait/ocam."))

    assert share("ocam") > 2 * share(None)


def test_small_talk_is_read_alike_whatever_came_before(reader: Reader, current: Current) -> None:
    text = "merci beaucoup pour tout"
    assert reader.read(text, current, "ocam", "ocam.definition").ranked == reader.read(text, current).ranked


def test_a_whole_question_is_read_alike_whatever_came_before(reader: Reader, current: Current) -> None:
    text = "Depuis quand l'OIM agit-elle ?"
    assert reader.read(text, current, "ocam", "ocam.definition") == reader.read(text, current)


def test_the_scores_of_a_follow_up_stay_probabilities(reader: Reader, current: Current) -> None:
    ranked = reader.read("et son budget ?", current, "ocam", "ocam.definition").ranked
    assert sum(score for _, score in ranked) == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(
    ("text", "halves", "labels"),
    [
        (
            "C'est quoi le SICA ? Et c'est quoi l'OIM ?",
            ("C'est quoi le SICA ?", "c'est quoi l'OIM ?"),
            ("fait/sica.definition", "fait/oim.definition"),
        ),
        # What the second leaves out is what the first is about, whatever the conversation was about.
        (
            "C'est quoi l'OCAM, et quelle année ?",
            ("C'est quoi l'OCAM", "quelle année ?"),
            ("fait/ocam.definition", "fait/ocam.date_creation"),
        ),
        # Of a story only the last sentence asks.
        (
            "Combien coûte l'OIM, je le sais. c'est quoi l'OCAM ? Et c'est quoi l'OIM ?",
            ("c'est quoi l'OCAM ?", "c'est quoi l'OIM ?"),
            ("fait/ocam.definition", "fait/oim.definition"),
        ),
    ],
)
def test_a_message_is_read_as_the_two_questions_that_it_would_ask(
    reader: Reader, current: Current, text: str, halves: tuple[str, str], labels: tuple[str, str]
) -> None:
    double = reader.read(text, current, "oim", "oim.definition").double
    assert double
    assert (double.one.text, double.other.text) == halves
    assert (double.one.label, double.other.label) == labels


def test_a_bare_second_question_word_asks_for_what_the_knowledge_has_of_the_first_subject(
    reader: Reader, current: Current
) -> None:
    double = reader.read("Quand l'OCAM a-t-elle été créée et où ?", current).double
    assert double
    assert (double.one.label, double.other.label) == ("fait/ocam.date_creation", "fait/ocam.lieu_creation")


def test_two_questions_without_anything_between_them_are_those_that_the_whole_message_asks(
    reader: Reader, current: Current
) -> None:
    text = "le sica et l'ocam c'est quoi au juste"
    double = reader.read(text, current).double
    assert double
    assert {double.one.label, double.other.label} == {"fait/sica.definition", "fait/ocam.definition"}


def test_a_fact_that_is_gone_is_none_of_two(reader: Reader, current: Current) -> None:
    facts = {key: fact for key, fact in current.knowledge.facts.items() if fact.subject != "sica"}
    without = replace(current, knowledge=replace(current.knowledge, facts=facts))
    double = reader.read("C'est quoi le SICA ? Et c'est quoi l'OIM ?", without).double
    assert double
    assert "fait/sica.definition" not in {double.one.label, double.other.label}


def test_who_learnt_no_two_questions_reads_none(current: Current) -> None:
    texts = [text for texts in EXAMPLES.values() for text in texts]
    labels = [label for label, texts in EXAMPLES.items() for _ in texts]
    assert Reader(Classifier.train(texts, labels)).read("où ? et quand ?", current).double is None


def test_a_question_without_a_conversation_is_learnt_as_it_is(current: Current) -> None:
    assert training_text("et quand ?", None, current) == "et quand ?"
    assert training_text("et quand ?", "ocam.disparu", current) == "et quand ?"


@pytest.mark.parametrize(
    ("text", "before", "read"),
    [
        ("et son budget ?", "ocam.nom", "et le budget de l'OCAM ?"),
        ("Qu'a-t-il dit ?", "region.directeur", "Qu'a dit Marcelo Pisani ?"),
        (
            "dans quel pays se trouve la ville où on a fait ça",
            "ocam.nom",
            "dans quel pays se trouve la ville où on a fait ça de l'OCAM ?",
        ),
    ],
)
def test_a_follow_up_is_learnt_as_it_is_read_in_its_conversation(
    current: Current, text: str, before: str, read: str
) -> None:
    assert training_text(text, before, current) == read


def test_a_whole_question_is_learnt_as_it_is(current: Current) -> None:
    text = "Que fait l'OIM ?"
    assert training_text(text, "ocam.nom", current) == text
