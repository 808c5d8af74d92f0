"""Look-ups: what is there is found, what is not is None or empty."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.knowledge.base import Knowledge, Recipient
from assistant.knowledge.loader import load_knowledge
from assistant.knowledge.records import Asked


@pytest.fixture
def known(folder: Path) -> Knowledge:
    return load_knowledge(folder)


def test_a_fact_is_found_by_its_id(known: Knowledge) -> None:
    fact = known.fact("club.lieu")
    assert fact
    assert fact.answer == "Le club a été fondé à Lyon."


@pytest.mark.parametrize("fact_id", ["club.date", "club", "", "membres.lieu"])
def test_a_fact_that_is_not_there_is_none(known: Knowledge, fact_id: str) -> None:
    assert known.fact(fact_id) is None


def test_a_fact_is_found_by_subject_and_attribute(known: Knowledge) -> None:
    assert known.fact_about("membres", "nombre") == known.facts["membres.nombre"]
    assert known.fact_about("club", "nombre") is None
    assert known.fact_about("rien", "lieu") is None


def test_the_facts_about_a_subject_come_in_the_order_of_their_file(known: Knowledge) -> None:
    assert [fact.id for fact in known.facts_about("club")] == ["club.lieu", "club.sigle"]
    assert known.facts_about("rien") == ()


def test_the_facts_on_a_topic_are_those_of_one_file(known: Knowledge) -> None:
    assert [fact.id for fact in known.facts_on("membres")] == ["membres.nombre"]
    assert known.facts_on("rien") == ()


@pytest.mark.parametrize(
    ("subject", "asked", "found"),
    [
        ("club", "ou", ["club.lieu"]),
        ("club", "quoi", ["club.sigle"]),
        ("membres", "quand", ["membres.nombre"]),
        ("club", "quand", []),
        ("rien", "ou", []),
    ],
)
def test_facts_are_found_by_what_is_asked_of_their_subject(
    known: Knowledge, subject: str, asked: Asked, found: list[str]
) -> None:
    assert [fact.id for fact in known.facts_answering(subject, asked)] == found


@pytest.mark.parametrize(("subject", "taken_up"), [("membres", True), ("club", True), ("rien", False), (None, False)])
def test_a_pronoun_takes_up_the_subject_or_the_one_that_it_names(
    known: Knowledge, subject: str | None, taken_up: bool
) -> None:
    club = known.subjects["club"]
    assert known.taken_up(subject, None) == ((club.article, club.name) if taken_up else None)


def test_a_pronoun_takes_up_what_the_last_fact_says_as_long_as_it_is_about_its_subject(knowledge: Knowledge) -> None:
    assert knowledge.taken_up("structure", "structure.direction") == ("la", "directrice générale")
    assert knowledge.taken_up("region", "region.directeur") == ("", "Marcelo Pisani")
    assert knowledge.taken_up("ocam", "structure.direction") == ("l'", "OCAM")


@pytest.mark.parametrize(
    ("country", "found"), [("FR", ["martin", "roy"]), ("CH", ["roy"]), ("ES", []), ("", []), ("fr", [])]
)
def test_contacts_are_found_by_country(known: Knowledge, country: str, found: list[str]) -> None:
    assert [contact.id for contact in known.contacts_for_country(country)] == found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Ève Martin", ["martin"]),
        ("martin EVE", ["martin"]),
        ("roy", ["roy"]),
        ("Paul Martin", []),
        ("mart", []),
        ("", []),
        ("?", []),
    ],
)
def test_contacts_are_found_by_the_words_of_their_name(known: Knowledge, name: str, found: list[str]) -> None:
    assert [contact.id for contact in known.contacts_named(name)] == found


@pytest.mark.parametrize(
    ("role", "found"),
    [
        ("presidente", ["martin"]),
        ("Trésorier du club", ["roy"]),
        ("club", ["martin", "roy"]),
        ("gardien", []),
        ("", []),
    ],
)
def test_contacts_are_found_by_the_words_of_their_role(known: Knowledge, role: str, found: list[str]) -> None:
    assert [contact.id for contact in known.contacts_with_role(role)] == found


def test_whom_to_write_to_is_the_organisation_once_it_said_so_in_full(known: Knowledge) -> None:
    assert known.recipient == Recipient("Le club", "ecrire@club.fr")
    for lacking in ("name", "email"):
        part = replace(known, organisation=known.organisation.copy(update={lacking: None}))
        assert part.own_contact is None
        assert part.recipient == Recipient("Ève Martin", "ève@club.fr", "Lyon")


def test_what_the_assistant_gives_itself_is_never_masked(known: Knowledge) -> None:
    assert known.published == {"ecrire@club.fr", "ève@club.fr", "paul@club.fr", "112"}
