"""Small functions for French: what is compared is folded, what is said is contracted."""

import pytest

from assistant.french import fold, of, straight_apostrophes, with_article


@pytest.mark.parametrize("apostrophe", ["\u2019", "\u02bc", "\u2018", "\u00b4", "`", "'"])
def test_every_apostrophe_becomes_straight(apostrophe: str) -> None:
    assert straight_apostrophes(f"l{apostrophe}OIM d{apostrophe}Alba") == "l'OIM d'Alba"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L’OCAM, où ?", "l ocam ou"),
        ("  ÉTATS\tmembres\n", "etats membres"),
        ("e\u0301te\u0301", "ete"),
        ("mise en œuvre, ŒUVRES", "mise en oeuvre oeuvres"),
        ("Ça, « là-bas » !", "ca la bas"),
        ("43ème réunion (1990)", "43eme reunion 1990"),
        ("ﬁn", "fin"),
        ("", ""),
        ("?!… 👋", ""),
    ],
)
def test_folding_leaves_only_bare_words(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize("text", ["L’OCAM, où ?", "ŒUVRE d'été", "a  b"])
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("article", "name", "expected"),
    [
        ("l'", "OIM", "de l'OIM"),
        ("le", "projet", "du projet"),
        ("la", "réunion", "de la réunion"),
        ("les", "femmes migrantes", "des femmes migrantes"),
        ("", "Marcelo Pisani", "de Marcelo Pisani"),
        ("", "INTERPOL", "d'INTERPOL"),
        ("", "Alba", "d'Alba"),
        ("", "Élise", "d'Élise"),
    ],
)
def test_de_contracts_with_the_article(article: str, name: str, expected: str) -> None:
    assert of(article, name) == expected


@pytest.mark.parametrize(
    ("article", "name", "expected"),
    [("l'", "OIM", "l'OIM"), ("le", "SICA", "le SICA"), ("les", "femmes", "les femmes"), ("", "INTERPOL", "INTERPOL")],
)
def test_a_name_stands_behind_its_article(article: str, name: str, expected: str) -> None:
    assert with_article(article, name) == expected
