"""Who verified what, until when it holds, and what earlier documents say: read from the files, and checked."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.dates import today
from assistant.knowledge.base import Knowledge
from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.loader import load_knowledge
from tests.assistant.knowledge.conftest import Break

OLD = """\
- id: ancienne
  titre: L'ancienne page
  editeur: L'éditeur
  langue: fr
  fichier: sources/ancienne.txt
  date: 2019-03
"""
NUMBER = "  - Il compte 12 membres\n  - depuis 2001\n"
BEFORE = """\
  date: 2024
  avant:
  - reponse: Le club avait 9 membres.
    source: ancienne
    citations:
    - Il a 9 membres
  - reponse: Le club avait 7 membres.
    source: ancienne
    date: 2005-01-31
    citations:
    - naguère 7
"""


@pytest.fixture
def dated(folder: Path, edit: Break) -> Path:
    """Return a folder in which an earlier document states a fact otherwise, twice."""
    (folder / "sources" / "ancienne.txt").write_text("Il a 9 membres ; naguère 7.\n", "utf-8")
    with (folder / "sources.yml").open("a", encoding="utf-8") as file:
        file.write(OLD)
    edit("facts/membres.yml", NUMBER, NUMBER + BEFORE)
    return folder


def refused(folder: Path) -> tuple[int | None, str | None, str]:
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(folder)
    return caught.value.line, caught.value.key, caught.value.problem


@pytest.mark.parametrize(
    "said",
    [
        "{par: Ève, le: 2026-03-03, jusqu_au: 2026-09-30}",
        "{par: Ève, le: '2026-03-03', jusqu_au: \"2026-09-30\"}",
        "\n    par: Ève\n    le: 2026-03-03\n    jusqu_au: 2026-09-30",
    ],
)
def test_a_verification_is_read_with_its_days(folder: Path, edit: Break, said: str) -> None:
    edit("facts/membres.yml", "  source: page\n", f"  source: page\n  verifie: {said}\n")
    verified = load_knowledge(folder).facts["membres.nombre"].verified
    assert verified is not None
    assert (verified.by, verified.on, verified.until) == ("Ève", date(2026, 3, 3), date(2026, 9, 30))
    assert verified.holds_on(date(2026, 9, 30))
    assert not verified.holds_on(date(2026, 10, 1))


def test_a_record_without_its_own_verification_has_that_of_its_source(folder: Path, edit: Break) -> None:
    edit("sources.yml", "  titre:", "  verifie: {par: Ève, le: 2026-03-03, jusqu_au: 2026-09-30}\n  titre:")
    edit(
        "contacts.yml",
        "  nom: Paul Roy\n",
        "  nom: Paul Roy\n  verifie: {par: P, le: 2026-01-01, jusqu_au: 2027-01-01}\n",
    )
    known = load_knowledge(folder)
    assert whose(known) == {
        "club.lieu": "Ève",
        "club.sigle": "Ève",
        "membres.nombre": "Ève",
        "martin": "Ève",
        "roy": "P",
    }


def test_what_nobody_verified_is_not_made_up(folder: Path) -> None:
    assert set(whose(load_knowledge(folder)).values()) == {None}


def whose(known: Knowledge) -> dict[str, str | None]:
    found = {record.id: known.verification(record) for record in (*known.facts.values(), *known.contacts)}
    return {record_id: verified.by if verified else None for record_id, verified in found.items()}


@pytest.mark.parametrize(
    ("said", "key", "problem"),
    [
        ("{par: Ève, le: 2026-03-03}", "jusqu_au", "il manque cette clé"),
        ("{le: 2026-03-03, jusqu_au: 2026-09-30}", "par", "il manque cette clé"),
        ("{par: '', le: 2026-03-03, jusqu_au: 2026-09-30}", "par", "vide"),
        ("{par: Ève, le: 2026-03, jusqu_au: 2026-09-30}", "le", "un jour s'écrit"),
        ("{par: Ève, le: 20260303, jusqu_au: 2026-09-30}", "le", "un jour s'écrit"),
        ("{par: Ève, le: 3 mars 2026, jusqu_au: 2026-09-30}", "le", "un jour s'écrit"),
        ("{par: Ève, le: '2026-02-30', jusqu_au: 2026-09-30}", "le", "doit exister"),
        ("{par: Ève, le: 2026-03-03, jusqu_au: 2026-03-03}", "jusqu_au", "venir après"),
        ("{par: Ève, le: 2026-03-03, jusqu_au: 2026-03-02}", "jusqu_au", "venir après"),
        ("{par: Ève, le: 2999-01-01, jusqu_au: 2999-02-01}", "le", "pas encore venu"),
        ("{par: Ève, le: 2026-03-03, jusqu_au: 2026-09-30, ou: ici}", "ou", "cette clé n'existe pas"),
        ("oui", "verifie", "des clés et leurs valeurs"),
    ],
)
@pytest.mark.parametrize("file", ["sources.yml", "facts/membres.yml", "contacts.yml"])
def test_a_verification_that_cannot_be_is_refused(folder: Path, file: str, said: str, key: str, problem: str) -> None:
    path = folder / file
    lines = path.read_text("utf-8").splitlines()
    lines.insert(2, f"  verifie: {said}")
    path.write_text("\n".join(lines), "utf-8")
    line, found, told = refused(folder)
    assert (line, found) == (3, key)
    assert problem in told


def test_where_the_day_has_begun_already_it_may_be_noted(folder: Path, edit: Break) -> None:
    """Midnight comes first far east of here; nobody there is told that today is yet to come."""
    on = today() + timedelta(days=1)
    said = f"  verifie: {{par: Ève, le: {on}, jusqu_au: {on + timedelta(days=9)}}}\n"
    edit("facts/membres.yml", "  source: page\n", f"  source: page\n{said}")
    assert load_knowledge(folder).facts["membres.nombre"].verified


def test_the_readings_of_a_fact_come_the_newest_first(dated: Path) -> None:
    known = load_knowledge(dated)
    fact = known.facts["membres.nombre"]
    assert [reading.answer for reading in fact.readings] == [
        "Le club a 12 membres depuis 2001.",
        "Le club avait 9 membres.",
        "Le club avait 7 membres.",
    ]
    assert [reading.source for reading in fact.readings] == ["page", "ancienne", "ancienne"]
    assert [known.date_of(reading) for reading in fact.readings] == ["2024", "2019-03", "2005-01-31"]
    assert {(reading.id, reading.question) for reading in fact.readings} == {(fact.id, fact.question)}


def test_a_fact_that_no_other_document_states_has_one_reading(folder: Path) -> None:
    fact = load_knowledge(folder).facts["membres.nombre"]
    assert fact.readings == (fact,)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    - Il a 9 membres", "    - Il a 8 membres", (15, "citations", "mot pour mot")),
        ("    - Il a 9 membres", "    - Il compte 12 membres", (15, "citations", "mot pour mot")),  # of another source
        ("    source: ancienne\n    citations", "    source: autre\n    citations", (13, "source", "sources.yml")),
        ("  date: 2024\n", "", (2, "date", "de quand")),
        ("  date: 2024\n", "  date: 2019\n", (12, "date", "n'est pas avant")),
        ("  date: 2024\n", "  date: hier\n", (10, "date", "une date s'écrit")),
        ("    date: 2005-01-31", "    date: 2020", (18, "date", "n'est pas avant")),
        ("    date: 2005-01-31\n", "", (16, "date", "n'est pas avant")),
        ("  - reponse: Le club avait 9 membres.\n    source", "  - source", (12, "reponse", "il manque cette clé")),
    ],
)
def test_an_earlier_reading_that_cannot_be_trusted_is_refused(
    dated: Path, edit: Break, old: str, new: str, told: tuple[int, str, str]
) -> None:
    edit("facts/membres.yml", old, new)
    found = refused(dated)
    assert found[:2] == told[:2]
    assert told[2] in found[2]


@pytest.mark.parametrize(
    ("date_said", "shown"), [("2019", "2019"), ("2019-03-14", "14 mars 2019"), ("été 2019", "été 2019")]
)
def test_the_date_of_a_source_may_be_a_date_or_words(folder: Path, edit: Break, date_said: str, shown: str) -> None:
    edit("sources.yml", "  langue: fr\n", f"  langue: fr\n  date: {date_said}\n")
    assert load_knowledge(folder).sources["page"].dated == shown
