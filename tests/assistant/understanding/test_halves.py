"""A message cut where a second question may begin."""

import pytest

from assistant.understanding.halves import MOST_CUTS, Cut, asks, halves, last_sentence, without_link


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("C'est quoi le SICA ? Et qui est M. Pisani ?", "C'est quoi le SICA ?", "qui est M. Pisani ?"),
        ("que veut dire OIM ; que veut dire SICA", "que veut dire OIM", "que veut dire SICA"),
        ("Quand l'OCAM a-t-elle été créée, et par qui ?", "Quand l'OCAM a-t-elle été créée", "par qui ?"),
        ("Qui a créé l'OCAM et pourquoi ?", "Qui a créé l'OCAM", "pourquoi ?"),
        ("c koi l'ocam + c ki pisani", "c koi l'ocam", "c ki pisani"),
        ("le but du projet et aussi la date de la réunion", "le but du projet", "la date de la réunion"),
        ("Qui dirige l'OIM ? Sinon, que fait l'OCAM ?", "Qui dirige l'OIM ?", "que fait l'OCAM ?"),
        ("ocam signification + secrétariat technique qui", "ocam signification", "secrétariat technique qui"),
        ("Quand et où l'OCAM est-elle née ?", "Quand l'OCAM est-elle née ?", "où l'OCAM est-elle née ?"),
        ("Où et en quelle année est née l'OCAM ?", "Où est née l'OCAM ?", "en quelle année est née l'OCAM ?"),
    ],
)
def test_two_questions_are_cut_apart(text: str, one: str, other: str) -> None:
    assert halves(text)[0] == Cut(one, other, weak=False)


@pytest.mark.parametrize(
    "text",
    [
        "Où se trouve l'OCAM, enfin où a-t-elle été créée ?",
        "L'OCAM a été créée en 1990, c'est bien ça ?",
        "L'OCAM a été créée en 1990. C'est vrai ?",
        "L'OIM compte 175 membres ? Je me trompe ?",
        "Quand ?",
        "",
        "?!;",
    ],
)
def test_one_question_is_not_cut(text: str) -> None:
    """A restatement, a tag, one subject with « et »."""
    assert halves(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Quand est née l'OCAM ? Je veux dire : sa création ?",
        "Où se passe la réunion ? Merci",
        "Quels pays, membres",
        "Quels pays et combien de membres, exactement",
        "je voudrais bien savoir ce que veut dire pour vous OCAM + femmes migrantes",
    ],
)
def test_a_half_that_asks_nothing_makes_the_cut_a_weak_one(text: str) -> None:
    assert [cut.weak for cut in halves(text)][-1]


def test_of_many_places_to_cut_the_last_ones_count() -> None:
    cut = halves(" ? ".join(f"Que veut dire le mot {number}" for number in range(30)))
    assert len(cut) == MOST_CUTS
    assert cut[-1][1] == "Que veut dire le mot 29"


def test_a_long_text_is_cut_quickly() -> None:
    assert len(halves("quand et où " * 1000)) <= MOST_CUTS + 1


@pytest.mark.parametrize(
    "text", ["où se trouve l'OCAM", "L'OIM a-t-elle un siège", "donne-moi le sigle", "dis-moi le sigle", "kan", "c koi"]
)
def test_a_question_is_told_without_its_mark(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize("text", ["l'OCAM date de 1990", "le but du projet", "merci", ""])
def test_what_only_tells_or_names_something_is_not_worded_as_a_question(text: str) -> None:
    assert not asks(text)


def test_the_last_sentence_of_a_story_is_its_question() -> None:
    assert last_sentence("J'écris un livre. J'ai lu la page ! Qui dirige l'OIM ?") == "Qui dirige l'OIM ?"
    assert last_sentence("Qui dirige l'OIM") == "Qui dirige l'OIM"


def test_a_story_before_two_questions_is_not_read_with_the_first() -> None:
    cut = halves("J'écris un livre depuis un an. Qui dirige l'OIM, et où est son siège ?")[-1]
    assert cut[:2] == ("Qui dirige l'OIM", "où est son siège ?")


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("Quand l'OCAM est-elle née, et", "Quand l'OCAM est-elle née"),
        ("le but de l'OIM ainsi que", "le but de l'OIM"),
        ("OIM : date +", "OIM : date"),
        ("C'est quoi l'OIM ? Et sinon", "C'est quoi l'OIM"),
        ("locam cest koi é", "locam cest koi"),
        ("la politique et", "la politique"),
        ("que fait l'OIM", "que fait l'OIM"),
        ("et", "et"),
    ],
)
def test_what_joins_a_first_question_to_the_second_is_left_out(text: str, alone: str) -> None:
    assert without_link(text) == alone
