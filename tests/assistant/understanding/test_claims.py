"""What a text claims: years, percentages, ranks, numbers of things and places."""

import pytest

from assistant.understanding.claims import claims, contradict, takes_value_for_true


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("créée en 1999", "annee", {"1999"}),
        ("l'Agenda 2030", "annee", {"2030"}),
        ("en 1751", "annee", set()),
        ("53 %", "pourcentage", {"53"}),
        ("53% des femmes", "pourcentage", {"53"}),
        ("cinquante pour cent", "pourcentage", {"50"}),
        ("53 pourcent", "pourcentage", {"53"}),
        ("53 % des États membres", "nombre", set()),  # no hundred of anything
        ("la 43ème réunion", "rang", {"43"}),
        ("la 43e, puis la 1ère", "rang", {"43", "1"}),
        ("175 États membres et 171 pays", "nombre", {"175", "171"}),
        ("trois adjointes", "nombre", {"3"}),
        ("un pays, une réunion", "nombre", set()),
        ("Que fait l'OIM ?", "nombre", set()),
    ],
)
def test_values_are_found_with_their_kind(text: str, kind: str, values: set[str]) -> None:
    assert claims(text).of_kind(kind) == values


def test_places_are_claims_as_they_are_given() -> None:
    assert claims("à San Jose", ["CR"]).of_kind("lieu") == {"CR"}


@pytest.mark.parametrize(
    ("text", "whether"),
    [
        ("L'OCAM date de 1999", True),
        ("L'OCAM date de 1999, n'est-ce pas ?", True),
        ("L'OCAM date de 1999, vrai ou pas ?", True),
        ("L'OCAM date de 1999, si je ne me trompe pas", True),
        ("L'OCAM ne date pas de 1999", False),
        ("Il n'y a aucune date en 1999", False),
        ("En quelle année, 1999 ?", False),
        ("kan, en 1999 ?", False),
        ("Combien, 193 ?", False),
    ],
)
def test_who_denies_a_value_or_asks_for_it_takes_none_for_true(text: str, whether: bool) -> None:
    assert takes_value_for_true(text) is whether


ANSWER = "L'OIM est composée de 175 États membres depuis 1951."


@pytest.mark.parametrize(
    ("said", "known", "whether"),
    [
        ("193 États membres", "", True),
        ("175 États membres", "", False),
        ("193 langues officielles", "", False),  # of other things
        ("depuis 1999", "", True),
        ("depuis 1951", "", False),
        ("depuis 1999", "Secrétariat technique depuis 1999", False),  # stands in the quotes
        ("53 %", "", False),  # nothing of this kind is stated
        ("la 43ème", "", False),
        ("que fait l'OIM ?", "", False),
    ],
)
def test_a_fact_contradicts_another_value_of_the_same_kind(said: str, known: str, whether: bool) -> None:
    assert contradict(claims(said), claims(ANSWER), claims(f"{ANSWER} {known}")) is whether
