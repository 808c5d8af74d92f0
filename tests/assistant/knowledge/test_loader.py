"""A knowledge folder is read whole, or it is refused with file, line, key and what to do (in French)."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from assistant.knowledge.base import Knowledge
from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.loader import knowledge_version, load_knowledge
from tests.assistant.knowledge.conftest import FILES, Break

YAML_FILES = [name for name in FILES if name.endswith(".yml")]


def refused(folder: Path) -> KnowledgeError:
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(folder)
    return caught.value


def place(folder: Path, error: KnowledgeError) -> tuple[str, int | None, str | None]:
    return error.path.relative_to(folder).as_posix(), error.line, error.key


def test_a_good_folder_is_read_whole(folder: Path) -> None:
    known = load_knowledge(folder)
    assert list(known.sources) == ["page"]
    assert list(known.subjects) == ["club", "membres"]
    assert list(known.facts) == ["club.lieu", "club.sigle", "membres.nombre"]
    assert list(known.unknowns) == ["budget"]
    assert known.other_names["rotary"].article == "le"
    assert [contact.id for contact in known.contacts] == ["martin", "roy"]
    assert [service.number for service in known.emergency_services] == ["112"]


def test_a_record_has_what_its_file_says(folder: Path) -> None:
    fact = load_knowledge(folder).facts["membres.nombre"]
    assert (fact.subject, fact.attribute, fact.topic) == ("membres", "nombre", "membres")
    assert fact.question == "Combien de membres le club a-t-il ?"
    assert fact.answer == "Le club a 12 membres depuis 2001."
    assert fact.asked == ("combien", "quand")
    assert (fact.source, fact.quotes, fact.long) == ("page", ["Il compte 12 membres", "depuis 2001"], False)
    assert fact.denies == ()


def test_a_fact_may_say_which_words_it_denies(folder: Path, edit: Break) -> None:
    edit("facts/club.yml", "repond_a: [ou]", "repond_a: [ou]\n  dement: [Paris, étranger*]")
    assert load_knowledge(folder).facts["club.lieu"].denies == ("Paris", "étranger*")


def test_what_a_source_lacks_is_not_made_up(folder: Path) -> None:
    source = load_knowledge(folder).sources["page"]
    assert (source.address, source.date) == (None, None)


@pytest.mark.parametrize(
    ("change", "line", "key"),
    [
        # unknown key
        (("sources.yml", "  editeur: L'éditeur", "  auteur: Ève\n  editeur: L'éditeur"), 4, "auteur"),
        (("subjects.yml", "  nom: club\n", "  nom: club\n  couleur: bleu\n"), 4, "couleur"),
        (("facts/club.yml", "repond_a: [ou]", "repond_à: [ou]"), 5, "repond_à"),
        (("facts/club.yml", "repond_a: [ou]", "theme: lieux"), 5, "theme"),
        (("unknowns.yml", "mots:", "mot:"), 2, "mot"),
        (("contacts.yml", "  nom: Ève Martin\n", '  nom: Ève Martin\n  telephone: "12"\n'), 4, "telephone"),
        (("urgences.yml", "  numero:", "  ville: Lyon\n  numero:"), 3, "ville"),
        (("facts/club.yml", "faits:", "fait:"), 1, "fait"),
        (("sources.yml", "sources:", "source: []\nsources:"), 1, "source"),
        (("other_names.yml", "noms:", "nom: {}\nnoms:"), 1, "nom"),
        # missing key or value
        (("facts/club.yml", "  citations:\n  - Le club (CLB)\n", ""), 9, "citations"),
        (("facts/club.yml", "  citations:\n  - Le club (CLB)\n", "  citations: []\n"), 14, "citations"),
        (("facts/club.yml", "  citations:\n  - Le club (CLB)\n", "  citations:\n"), 14, "citations"),
        (("facts/club.yml", "  reponse: CLB est le club.\n", ""), 9, "reponse"),
        (("facts/club.yml", "reponse: CLB est le club.", "reponse:"), 11, "reponse"),
        (("facts/club.yml", "reponse: CLB est le club.", "reponse: ' '"), 11, "reponse"),
        (("contacts.yml", "  courriel: ève@club.fr\n", ""), 2, "courriel"),
        # a quote that the source does not have
        (("facts/club.yml", "- Le club (CLB) a été fondé à Lyon.", "- Le club a été fondé à Lyon."), 8, "citations"),
        (("facts/membres.yml", "  - depuis 2001", "  - depuis 2002"), 9, "citations"),
        (("contacts.yml", "- Paul Roy, paul@club.fr", "- Paule Roy, paul@club.fr"), 19, "citations"),
        # duplicate id, duplicate key
        (("facts/club.yml", "id: club.sigle", "id: club.lieu"), 9, "id"),
        (("facts/membres.yml", "id: membres.nombre", "id: club.lieu"), 2, "id"),
        (("subjects.yml", "id: membres", "id: club"), 6, "id"),
        (("contacts.yml", "id: roy", "id: martin"), 11, "id"),
        (
            ("facts/club.yml", "  reponse: CLB est le club.\n", "  reponse: CLB est le club.\n  reponse: Autre.\n"),
            12,
            "reponse",
        ),
        # unknown subject, unknown source
        (("facts/membres.yml", "id: membres.nombre", "id: membre.nombre"), 2, "id"),
        (("facts/membres.yml", "source: page", "source: pages"), 6, "source"),
        (
            ("contacts.yml", "courriel: paul@club.fr\n  source: page", "courriel: paul@club.fr\n  source: pages"),
            17,
            "source",
        ),
        # bad e-mail, bad country, bad id
        (("contacts.yml", "courriel: paul@club.fr", "courriel: paul.club.fr"), 16, "courriel"),
        (("contacts.yml", "courriel: paul@club.fr", "courriel: paul@club"), 16, "courriel"),
        (("contacts.yml", "courriel: paul@club.fr", "courriel: paul@club.fr ou roy"), 16, "courriel"),
        (("contacts.yml", "pays: [CH, FR]", "pays: [CH, France]"), 15, "pays"),
        (("contacts.yml", "pays: [CH, FR]", "pays: [CH, FRA]"), 15, "pays"),
        (("contacts.yml", "pays: [CH, FR]", "pays: []"), 15, "pays"),
        (("facts/club.yml", "id: club.sigle", "id: sigle"), 9, "id"),
        (("facts/club.yml", "id: club.sigle", "id: Club.Sigle"), 9, "id"),
        (("facts/club.yml", "id: club.sigle", "id: club.nom.sigle"), 9, "id"),
        (("facts/club.yml", "id: club.sigle", "id: club.sigle entier"), 9, "id"),
        # wrong type, value that is not allowed
        (("facts/club.yml", "repond_a: [sigle, quoi]", "repond_a: [sigle, kwa]"), 12, "repond_a"),
        (("facts/club.yml", "repond_a: [sigle, quoi]", "repond_a: sigle"), 12, "repond_a"),
        (("facts/club.yml", "repond_a: [ou]", "dement: Paris"), 5, "dement"),
        (("facts/club.yml", "repond_a: [ou]", "dement: [Paris, ' ']"), 5, "dement"),
        (("facts/club.yml", "repond_a: [ou]", "dement: [1999]"), 5, "dement"),
        (("facts/club.yml", "  citations:\n  - Le club (CLB)\n", "  citations: Le club (CLB)\n"), 14, "citations"),
        (("facts/club.yml", "reponse: CLB est le club.", "reponse: [CLB, club]"), 11, "reponse"),
        (("facts/club.yml", "reponse: CLB est le club.", "reponse: {CLB: club}"), 11, "reponse"),
        (("facts/club.yml", "reponse: CLB est le club.", "reponse: CLB.\n  longue: peut-être"), 12, "longue"),
        (("subjects.yml", "  article: le\n", "  article: du\n"), 4, "article"),
        (("subjects.yml", "noms: [club, CLB]", "noms: club"), 5, "noms"),
        (("other_names.yml", "Rotary: le", "Rotary: du"), 2, "article"),
        (("other_names.yml", "noms:\n  Rotary: le\n", "noms: [Rotary]\n"), 1, "noms"),
        (("unknowns.yml", "- {id: budget, libelle: le budget, mots: [budget*]}", "- budget"), 2, "inconnus"),
        (("urgences.yml", 'services:\n- nom: Secours\n  numero: "112"\n', "services: aucun\n"), 1, "services"),
    ],
)
def test_a_broken_record_is_refused_with_its_line_and_key(
    folder: Path, edit: Break, change: tuple[str, str, str], line: int, key: str
) -> None:
    name, old, new = change
    edit(name, old, new)
    error = refused(folder)
    assert place(folder, error) == (name, line, key)
    assert f"{folder / name}, ligne {line}, clé « {key} » : " in str(error)
    assert is_a_french_instruction(error.problem)


def is_a_french_instruction(problem: str) -> bool:
    """Tell whether a problem is said in French, as a sentence with a full stop."""
    french = re.search(r"\b(?:il|cette|ce|le|la|un|pas|ici|doit)\b|l'identifiant", problem)
    return bool(french) and problem.endswith((".", "?"))


@pytest.mark.parametrize("name", YAML_FILES)
def test_a_file_that_is_not_utf_8_is_refused(folder: Path, name: str) -> None:
    good = (folder / name).read_bytes()
    (folder / name).write_bytes(good + "# été\n".encode("latin-1"))
    error = refused(folder)
    assert place(folder, error) == (name, good.count(b"\n") + 1, None)
    assert "UTF-8" in error.problem


def test_a_source_that_is_not_utf_8_is_refused(folder: Path) -> None:
    (folder / "sources/page.txt").write_bytes("Fondé à Lyon.".encode("latin-1"))
    error = refused(folder)
    assert place(folder, error)[0] == "sources/page.txt"
    assert "UTF-8" in error.problem


@pytest.mark.parametrize("name", YAML_FILES)
def test_a_tab_is_refused(folder: Path, name: str) -> None:
    rows = (folder / name).read_text("utf-8").splitlines()
    (folder / name).write_text("\n".join([*rows, "\t# commentaire", ""]), "utf-8")
    error = refused(folder)
    assert place(folder, error) == (name, len(rows) + 1, None)
    assert "tabulation" in error.problem


@pytest.mark.parametrize("name", YAML_FILES)
def test_what_is_not_yaml_is_refused(folder: Path, name: str) -> None:
    rows = (folder / name).read_text("utf-8").splitlines()
    (folder / name).write_text("\n".join([*rows, 'x: "pas fermé', ""]), "utf-8")
    error = refused(folder)
    assert error.path == folder / name
    assert error.line is not None
    assert error.line > len(rows)
    assert "YAML" in error.problem


@pytest.mark.parametrize("value", ["!secret texte", "2024-99-99", "=", "&a [*a]"])
def test_yaml_that_means_nothing_here_is_refused_too(folder: Path, edit: Break, value: str) -> None:
    """An unknown tag, an impossible date, a list in itself: no editor sees a Python error."""
    edit("facts/club.yml", "reponse: CLB est le club.", f"reponse: {value}")
    error = refused(folder)
    assert (error.path, error.line) == (folder / "facts/club.yml", 11)


@pytest.mark.parametrize("name", YAML_FILES)
@pytest.mark.parametrize("text", ["", "# seulement un commentaire\n", "- une liste\n", "un texte\n"])
def test_an_empty_file_or_one_without_its_key_is_refused(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, "utf-8")
    error = refused(folder)
    assert place(folder, error) == (name, 1, None)
    assert "clé" in error.problem


@pytest.mark.parametrize("name", [name for name in YAML_FILES if not name.startswith("facts/")])
def test_a_missing_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    error = refused(folder)
    assert place(folder, error) == (name, None, None)
    assert "manque" in error.problem


def test_a_missing_source_is_refused(folder: Path) -> None:
    (folder / "sources/page.txt").unlink()
    error = refused(folder)
    assert place(folder, error) == ("sources/page.txt", None, None)
    assert "manque" in error.problem


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("subjects.yml", "repris_par: club", "repris_par: clube"),
        ("unknowns.yml", "mots: [budget*]", "mots: [budget*], sujets: [clube]"),
    ],
)
def test_a_reference_to_a_subject_that_does_not_exist_is_refused(
    folder: Path, edit: Break, name: str, old: str, new: str
) -> None:
    edit(name, old, new)
    assert refused(folder).path == folder / name


def test_a_quote_may_be_broken_over_lines(folder: Path, edit: Break) -> None:
    """Line breaks and runs of spaces are no words."""
    edit(
        "facts/membres.yml",
        "  - Il compte 12 membres\n  - depuis 2001",
        "  - |-\n    Il compte\n    12 membres depuis   2001.",
    )
    assert len(load_knowledge(folder).facts["membres.nombre"].quotes) == 1


def test_a_byte_order_mark_is_no_harm(folder: Path) -> None:
    """Some editors on Windows write one."""
    path = folder / "facts/club.yml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert "club.lieu" in load_knowledge(folder).facts


def all_records(known: Knowledge) -> list[BaseModel]:
    groups: list[Any] = [known.sources, known.subjects, known.facts, known.unknowns, known.other_names]
    return [*(next(iter(group.values())) for group in groups), known.contacts[0], known.emergency_services[0]]


@pytest.mark.parametrize("number", range(7))
def test_records_are_frozen(folder: Path, number: int) -> None:
    record = all_records(load_knowledge(folder))[number]
    for name in record.__fields__:
        with pytest.raises(TypeError):
            setattr(record, name, "autre")
    with pytest.raises((TypeError, ValueError)):
        record.nouveau = "autre"  # type: ignore[attr-defined]


def test_the_knowledge_itself_is_frozen(folder: Path) -> None:
    known = load_knowledge(folder)
    with pytest.raises(AttributeError):
        known.version = "autre"  # type: ignore[misc]


@pytest.mark.parametrize("name", FILES)
def test_the_version_changes_with_each_file(folder: Path, name: str) -> None:
    before = knowledge_version(folder)
    path = folder / name
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    assert knowledge_version(folder) != before


def test_the_version_stays_when_nothing_changes(folder: Path) -> None:
    assert load_knowledge(folder).version == load_knowledge(folder).version == knowledge_version(folder)
    assert re.fullmatch(r"[0-9a-f]{12}", knowledge_version(folder))


def test_an_emergency_number_without_quotes_is_refused_since_yaml_would_change_it(folder: Path) -> None:
    path = folder / "urgences.yml"
    path.write_text("services:\n- nom: Secours\n  numero: 0112\n", "utf-8")
    with pytest.raises(KnowledgeError, match=r"ligne 3, clé « numero » : il faut ici un texte"):
        load_knowledge(folder)


def test_who_looked_over_the_emergency_services_and_when_is_known(folder: Path, edit: Break) -> None:
    review = load_knowledge(folder).emergency_review
    assert review
    assert (review.by, review.on) == ("Ève Martin", date(2026, 11, 1))
    edit("urgences.yml", "{par: Ève Martin, le: 2026-11-01}", "")
    assert load_knowledge(folder).emergency_review is None


@pytest.mark.parametrize(
    ("written", "line", "problem"),
    [
        ("{par: Ève Martin}", "ligne 4, clé « le »", "il manque cette clé"),
        ("{par: , le: 2026-11-01}", "ligne 4, clé « par »", "cette valeur est vide"),
        ("{par: Ève, le: 2026}", "ligne 4, clé « le »", "il faut ici une date, par exemple 2026-11-01."),
        ('{par: Ève, le: "20261101"}', "ligne 4, clé « le »", "il faut ici une date"),
        ("{par: Ève, le: hier}", "ligne 4, clé « le »", "il faut ici une date"),
        ("oui", "ligne 4, clé « relu »", "il faut ici des clés et leurs valeurs."),
    ],
)
def test_a_review_that_says_not_who_or_when_is_refused(
    folder: Path, edit: Break, written: str, line: str, problem: str
) -> None:
    edit("urgences.yml", "{par: Ève Martin, le: 2026-11-01}", written)
    with pytest.raises(KnowledgeError, match=f"{line}.*{problem}"):
        load_knowledge(folder)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("adresse: la page du club", "clé « adresse » : ce n'est pas l'adresse d'une page"),
        ("introuvables: [titre]", "clé « introuvables » : cette valeur n'est pas de celles qui sont permises"),
        ('date: "2018-06-21"\n  introuvables: [date]', "« date » est donnée plus haut"),
    ],
)
def test_what_is_said_of_where_a_source_is_from_is_checked(
    folder: Path, edit: Break, written: str, problem: str
) -> None:
    edit("sources.yml", "  langue: fr\n", f"  langue: fr\n  {written}\n")
    with pytest.raises(KnowledgeError, match=problem):
        load_knowledge(folder)


def test_what_was_looked_for_in_vain_is_known_as_such(folder: Path, edit: Break) -> None:
    edit("sources.yml", "  langue: fr\n", "  langue: fr\n  introuvables: [adresse, date]\n")
    source = load_knowledge(folder).sources["page"]
    assert (source.not_found, source.address, source.date) == (("adresse", "date"), None, None)
