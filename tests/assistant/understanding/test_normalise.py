"""One question in many spellings gives one text to take features from."""

from pathlib import Path

import pytest
import yaml

from assistant.french import fold
from assistant.understanding import normalise as module
from assistant.understanding.normalise import normalise

SPELLINGS = yaml.safe_load(Path(module.__file__).with_name("spellings.yml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’OIM, c’est QUOI ?", "l oim c est quoi"),
        ("c koi l oim", "c est quoi l oim"),
        ("kan", "quand"),
        ("l'O.I.M.", "l oim"),
        ("l'O.I.M est où ?", "l oim est ou"),
        ("S.I.C.A : définition", "sica definition"),
        ("IOM", "oim"),
    ],
)
def test_spellings_become_one(text: str, expected: str) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour, que fait le SICA ?",
        "bjr que fait le sica svp",
        "Madame, Monsieur, que fait le SICA ? Merci d'avance. Cordialement",
        "que fait le SICA, s'il vous plaît ?",
        "Bonjour ! Merci. Que fait le sica",
        "Que fait le SICA ? Merci de votre réponse",
        "Que fait le SICA ? Merci pour ton aide !",
        "que fait le sica, merci à vous tous",
        "que fait le SICA. D'avance merci, bien à vous",
        "que fait le SICA, merci beaucoup, bonne journée",
    ],
)
def test_politeness_around_a_question_is_no_part_of_it(text: str) -> None:
    assert normalise(text) == "que fait le sica"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Bonjour", "bonjour"), ("Merci !", "merci"), ("merci beaucoup", "merci beaucoup"), ("oui", "oui")],
)
def test_politeness_alone_stays(text: str, expected: str) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize("text", ["Merci de votre aide", "merci à vous", "Merci pour votre réponse"])
def test_thanks_alone_stay_thanks(text: str) -> None:
    """« de votre aide » is no thanks: the model takes it for a question."""
    assert normalise(text) == fold(text)


@pytest.mark.parametrize("text", ["", "   ", "?!", "👋"])
def test_what_has_no_word_becomes_nothing(text: str) -> None:
    assert normalise(text) == ""


@pytest.mark.parametrize("text", ["a.b", "www.example.org", "fin.", "3.5"])
def test_a_dot_alone_makes_no_acronym(text: str) -> None:
    assert normalise(text) == fold(text)


def test_no_spelling_stands_for_two_things() -> None:
    """Later lines of spellings.yml would silently win."""
    standards: dict[str, set[str]] = {}
    for standard, row in SPELLINGS.items():
        for spelling in row:
            standards.setdefault(fold(spelling), set()).add(standard)
    assert {spelling: of for spelling, of in standards.items() if len(of) > 1} == {}


@pytest.mark.parametrize("spelling", [spelling for row in SPELLINGS.values() for spelling in row])
def test_a_spelling_is_one_folded_word(spelling: str) -> None:
    """Words are looked up one by one: an entry of two words is never found."""
    assert len(fold(str(spelling)).split()) == 1


@pytest.mark.parametrize("standard", SPELLINGS)
def test_what_a_spelling_stands_for_is_folded(standard: str) -> None:
    assert fold(standard) == standard
