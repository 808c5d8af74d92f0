"""A choice told by its place among those offered."""

import pytest

from assistant.dialogue.offered import offer_taken_up

OFFERED = ("oim.role", "ocam.role", "contact", "autre_chose")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1", 1),
        ("le premier", 1),
        ("la 1ère", 1),
        ("une", 1),
        ("2", 2),
        ("2 ?", 2),
        ("le 2", 2),
        ("n°2", 2),
        ("le deuxième", 2),
        ("la deuxième question, merci", 2),
        ("oui, la seconde", 2),
        ("je veux l'option 2", 2),
        ("c'est le troisième s'il vous plaît", 3),
        ("Trois", 3),
        ("le quatrième", 4),
        ("la dernière", 4),
        ("le dernier", 4),
    ],
)
def test_what_was_offered_is_meant_by_its_place(text: str, place: int) -> None:
    assert offer_taken_up(text, OFFERED) == OFFERED[place - 1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "oui",
        "le",
        "5",
        "12",
        "deux pays",
        "la deuxième réunion de l'OCAM",
        "la 43e",
        "combien, deux ?",
        "dernièrement",
        "un contact",
        "les deux",
        "les trois",
    ],
)
def test_what_says_more_than_a_place_or_another_one_means_none(text: str) -> None:
    assert offer_taken_up(text, OFFERED) is None


@pytest.mark.parametrize("text", ["3", "le troisième"])
def test_a_place_behind_the_last_is_none(text: str) -> None:
    assert offer_taken_up(text, OFFERED[:2]) is None


@pytest.mark.parametrize("text", ["1", "le premier", "la dernière"])
def test_where_nothing_was_offered_nothing_is_meant(text: str) -> None:
    assert offer_taken_up(text, ()) is None
