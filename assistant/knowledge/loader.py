"""From the folder `knowledge/` to checked records. A file that cannot be trusted stops here, with its line."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from assistant.dates import is_before, today, written
from assistant.french import COUNTRIES, fold
from assistant.knowledge.base import Knowledge
from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.passages import Passage, sentences
from assistant.knowledge.records import (
    Contact,
    EmergencyService,
    Fact,
    Organisation,
    OtherName,
    Place,
    Record,
    Review,
    Source,
    Sourced,
    Subject,
    Unknown,
)
from assistant.knowledge.yaml_files import Document, Location, read_yaml

_R = TypeVar("_R", bound=Record)

#: Beside the emergency services: who looked over them.
REVIEWED = "relu"
#: The folder of what editors have not finished: no part of the knowledge.
DRAFTS = "brouillons"

#: The language of the sources that sentences may be quoted of.
FRENCH = "fr"
#: What pydantic finds, said to an editor.
_PROBLEMS = {
    "value_error.missing": "il manque cette clé ; ajoutez-la.",
    "value_error.extra": "cette clé n'existe pas ; corrigez son nom ou retirez-la.",
    "value_error.any_str.min_length": "cette valeur est vide ; écrivez-la.",
    "value_error.list.min_items": "il faut au moins une ligne ici.",
    "type_error.none.not_allowed": "cette valeur est vide ; écrivez-la.",
    "type_error.list": "il faut ici une liste (des lignes qui commencent par un tiret, ou [a, b]).",
    "type_error.tuple": "il faut ici une liste (des lignes qui commencent par un tiret, ou [a, b]).",
    "type_error.str": "il faut ici un texte ; mettez-le entre guillemets.",
    "type_error.dict": "il faut ici des clés et leurs valeurs.",
    "type_error.bool": "il faut ici true (vrai) ou false (faux).",
    "value_error.date": "il faut ici une date, par exemple 2026-11-01.",
    "value_error.const": "cette valeur n'est pas de celles qui sont permises",
}
_PATTERN_PROBLEMS = {
    "courriel": "ce n'est pas une adresse e-mail (nom@domaine.pays).",
    "id": "l'identifiant s'écrit sujet.attribut, en minuscules, sans accents.",
    "adresse": "ce n'est pas l'adresse d'une page (https://…).",
    "confidentialite": "ce n'est pas l'adresse d'une page (https://…).",
    "pays": "un pays s'écrit en deux lettres majuscules (ISO 3166), par exemple SV.",
}


def load_knowledge(folder: Path) -> Knowledge:
    """Read and check the whole folder.

    Args:
        folder: the folder with `sources.yml`, `subjects.yml`, `facts/*.yml`, `unknowns.yml`, `other_names.yml`,
            `contacts.yml`, `urgences.yml`, `organisme.yml` and the documents in `sources/`.

    Raises:
        KnowledgeError: at the first file that cannot be trusted.
    """
    source_rows = _records(read_yaml(folder / "sources.yml"), "sources", Source)
    sources = _by_id(source_rows)
    written = {source.id: _source_text(folder / source.file) for source in sources.values()}
    texts = {source: same_passage(text) for source, text in written.items()}
    subject_rows = _records(read_yaml(folder / "subjects.yml"), "sujets", Subject)
    unknown_rows = _records(read_yaml(folder / "unknowns.yml"), "inconnus", Unknown)
    subjects, unknowns = _by_id(subject_rows), _by_id(unknown_rows)
    contacts = _records(read_yaml(folder / "contacts.yml"), "contacts", Contact)
    if not contacts:
        raise KnowledgeError(folder / "contacts.yml", "il faut au moins un contact, à qui écrire.", 1, "contacts")
    emergencies = read_yaml(folder / "urgences.yml")
    services = _records(emergencies, "services", EmergencyService, beside=(REVIEWED,))
    facts: list[tuple[Document, Location, Fact]] = []
    for path in (path for path in knowledge_files(folder) if path.parent.name == "facts"):
        facts += _records(read_yaml(path), "faits", Fact, theme=path.stem)
    facts_by_id = _by_id(facts)
    for document, location, fact in facts:
        _check_subject(document, (*location, "id"), fact.subject, subjects)
        for follow_up in fact.follow_ups.values():
            if follow_up not in facts_by_id:
                line = document.line((*location, "suites"))
                raise KnowledgeError(document.path, f"le fait « {follow_up} » n'existe pas.", line, "suites")
    for document, location, subject in subject_rows:
        _check_subject(document, (*location, "repris_par"), subject.taken_up_as or subject.id, subjects)
    for document, location, unknown in unknown_rows:
        for subject_id in unknown.only:
            _check_subject(document, (*location, "sujets"), subject_id, subjects)
    sourced: list[tuple[Document, Location, Sourced]] = [*facts, *contacts]
    for document, location, record in sourced:
        _check_source(document, location, record.source, record.quotes, texts)
    _check_earlier(facts, sources, texts)
    _check_verified([*source_rows, *sourced])
    placed: list[tuple[Document, Location, Contact | EmergencyService]] = [*contacts, *services]
    for document, location, in_country in placed:
        _check_countries(document, (*location, "pays"), in_country)
    return Knowledge(
        sources=sources,
        subjects=subjects,
        facts=facts_by_id,
        questions={fold(fact.question): fact.id for fact in facts_by_id.values()},
        unknowns=unknowns,
        other_names=_by_name(folder / "other_names.yml", "noms", OtherName, "article"),
        places=_by_name(folder / "places.yml", "lieux", Place, "pays"),
        contacts=tuple(_by_id(contacts).values()),
        emergency_services=tuple(record for _, _, record in services),
        emergency_review=_one(emergencies, REVIEWED, Review),
        organisation=_organisation(read_yaml(folder / "organisme.yml")),
        passages=_passages(sources, written, [record for _, _, record in sourced]),
        version=knowledge_version(folder),
    )


def knowledge_files(folder: Path) -> list[Path]:
    """Return every file that the knowledge is made of, sorted."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix in {".yml", ".txt"} and not path.name.startswith(".") and path.parent.name != DRAFTS
    )


def knowledge_version(folder: Path) -> str:
    """Return the first 12 hexadecimal digits of the SHA-256 of all its files and their names."""
    return version_of(read_files(folder))


def read_files(folder: Path) -> dict[str, bytes]:
    """Return every file that the knowledge is made of, by its name in the folder, in order.

    Raises:
        OSError: one of them cannot be read.
    """
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in knowledge_files(folder)}


def version_of(files: Mapping[str, bytes]) -> str:
    """Return the version of a knowledge made of these files."""
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(name.encode() + b"\0" + content + b"\0")
    return digest.hexdigest()[:12]


def same_passage(text: str) -> str:
    """Return a passage with its line breaks and runs of spaces as one space: what a quote is compared by."""
    return re.sub(r"\s+", " ", text).strip()


def _records(
    document: Document, key: str, kind: type[_R], beside: tuple[str, ...] = (), **given: str
) -> list[tuple[Document, Location, _R]]:
    """Return the records under a key of a document, with where they stand in it; `beside` are the other keys."""
    _check_only_keys(document, key, *beside)
    rows = document.content.get(key)
    if not isinstance(rows, list):
        raise KnowledgeError(document.path, f"il faut ici « {key}: » suivi d'une liste.", 1, key)
    found = []
    for number, row in enumerate(rows):
        location: Location = (key, number)
        if not isinstance(row, dict):
            raise KnowledgeError(document.path, "il faut ici des clés et leurs valeurs.", document.line(location), key)
        for name in given:
            if name in row:
                line = document.line((*location, name))
                raise KnowledgeError(document.path, _PROBLEMS["value_error.extra"], line, name)
        try:
            found.append((document, location, kind(**given, **row)))
        except ValidationError as error:
            raise _told_to_editor(document, location, error) from None
    return found


def _organisation(document: Document) -> Organisation:
    """Return who puts the assistant online, as far as they said it: `organisme:` may stay empty."""
    _check_only_keys(document, "organisme")
    return _one(document, "organisme", Organisation) or Organisation.parse_obj({})


def _one(document: Document, key: str, kind: type[_R]) -> _R | None:
    """Return the record under a key, or None where nothing is."""
    said = document.content.get(key)
    if said is None:
        return None
    if not isinstance(said, dict):
        raise KnowledgeError(document.path, "il faut ici des clés et leurs valeurs.", document.line((key,)), key)
    try:
        return kind(**said)
    except ValidationError as error:
        raise _told_to_editor(document, (key,), error) from None


def _check_only_keys(document: Document, *keys: str) -> None:
    """Stop at a key of a file that is not one it has; the first is the one to write."""
    for name in document.content:
        if name not in keys:
            problem = f"cette clé n'existe pas ici ; attendue : « {keys[0]} »."
            raise KnowledgeError(document.path, problem, document.line((name,)), name)


def _told_to_editor(document: Document, location: Location, error: ValidationError) -> KnowledgeError:
    """Return pydantic's first finding as an error with file, line, key and what to do."""
    first: dict[str, Any] = dict(error.errors()[0])
    inner: Location = tuple(first["loc"])
    key = next((str(part) for part in reversed(inner) if isinstance(part, str)), "")
    if first["type"] == "value_error.str.regex":
        problem = _PATTERN_PROBLEMS.get(key, "cette valeur n'a pas la bonne forme.")
    else:
        problem = _PROBLEMS.get(first["type"], first["msg"])
    if first["type"] == "value_error.const":
        problem += " : " + ", ".join(f"« {value} »" for value in first["ctx"]["permitted"]) + "."
    return KnowledgeError(document.path, problem, document.line((*location, *inner)), key)


def _by_id(rows: Iterable[tuple[Document, Location, Any]]) -> dict[str, Any]:
    """Return the records by id; an id that stands twice is an error."""
    found: dict[str, Any] = {}
    for document, location, record in rows:
        if record.id in found:
            line = document.line((*location, "id"))
            raise KnowledgeError(document.path, f"l'identifiant « {record.id} » existe déjà.", line, "id")
        found[record.id] = record
    return found


def _source_text(path: Path) -> str:
    """Return a source's text."""
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise KnowledgeError(path, "ce document manque ; remettez-le, ou corrigez sources.yml.") from None
    except UnicodeDecodeError:
        raise KnowledgeError(path, "ce document n'est pas en UTF-8 ; enregistrez-le en UTF-8.") from None


def _passages(sources: dict[str, Source], texts: dict[str, str], stated: list[Sourced]) -> tuple[Passage, ...]:
    """Return the sentences of the sources in French, each with whether a fact or a contact quotes of it."""
    passages = [
        Passage(source.id, position, text)
        for source in sources.values()
        if source.language == FRENCH
        for position, text in enumerate(sentences(texts[source.id]))
    ]
    quotes = {
        source: [quote for record in stated if record.source == source for quote in record.quotes] for source in sources
    }
    return tuple(replace(one, stated=any(map(one.says, quotes[one.source]))) for one in passages)


def _check_subject(document: Document, location: Location, subject: str, subjects: dict[str, Subject]) -> None:
    """Stop at a subject that does not exist."""
    if subject not in subjects:
        problem = f"le sujet « {subject} » n'est pas dans subjects.yml ; ajoutez-l'y ou corrigez l'identifiant."
        raise KnowledgeError(document.path, problem, document.line(location), str(location[-1]))


def _check_countries(document: Document, location: Location, record: Contact | EmergencyService) -> None:
    """Stop at two letters that are no country's."""
    countries = record.countries if isinstance(record, Contact) else [record.country] if record.country else []
    for code in countries:
        if code not in COUNTRIES:
            problem = f"« {code} » n'est le code d'aucun pays (ISO 3166) ; par exemple GB, et non UK."
            raise KnowledgeError(document.path, problem, document.line(location), "pays")


def _check_source(
    document: Document, location: Location, source: str, quotes: list[str], texts: dict[str, str]
) -> None:
    """Stop at an unknown source, or at a quote that does not stand in it."""
    if source not in texts:
        line = document.line((*location, "source"))
        raise KnowledgeError(document.path, f"la source « {source} » n'est pas dans sources.yml.", line, "source")
    for number, quote in enumerate(quotes):
        if same_passage(quote) not in texts[source]:
            line = document.line((*location, "citations", number))
            problem = "cette citation n'est pas mot pour mot dans la source ; recopiez le passage tel quel."
            raise KnowledgeError(document.path, problem, line, "citations")


def _check_earlier(
    facts: Iterable[tuple[Document, Location, Fact]], sources: dict[str, Source], texts: dict[str, str]
) -> None:
    """Stop at an earlier reading whose quotes or dates cannot be trusted."""
    for document, location, fact in facts:
        for number, reading in enumerate(fact.earlier):
            _check_source(document, (*location, "avant", number), reading.source, reading.quotes, texts)
        _check_newest_first(document, location, fact, sources)


def _check_newest_first(document: Document, location: Location, fact: Fact, sources: dict[str, Source]) -> None:
    """Stop at an earlier reading whose date is not known, or not before that of the reading above it."""
    places: list[Location] = [location, *((*location, "avant", number) for number in range(len(fact.earlier)))]
    above: str | None = None
    for place, reading in zip(places, fact.readings if fact.earlier else (), strict=False):
        dated = written(reading.date or sources[reading.source].date)
        line = document.line((*place, "date"))
        if dated is None:
            problem = "on ne sait pas de quand c'est ; ajoutez « date: 2019-03 » ici, ou à la source dans sources.yml."
            raise KnowledgeError(document.path, problem, line, "date")
        if above and not is_before(dated, above):
            problem = (
                f"{dated} n'est pas avant {above} ; le fait dit le plus récent, « avant » va en remontant le temps."
            )
            raise KnowledgeError(document.path, problem, line, "date")
        above = dated


def _check_verified(rows: Iterable[tuple[Document, Location, Source | Sourced]]) -> None:
    """Stop at a verification that has yet to come; where the day begins first, it is tomorrow in UTC already."""
    last = today() + timedelta(days=1)
    for document, location, record in rows:
        if record.verified and record.verified.on > last:
            problem = "ce jour n'est pas encore venu ; écrivez celui où la vérification a été faite."
            raise KnowledgeError(document.path, problem, document.line((*location, "verifie", "le")), "le")


def _by_name(path: Path, key: str, kind: type[_R], value_key: str) -> dict[str, _R]:
    """Return the records of a file that has one `name: value` a line, by their folded name."""
    document = read_yaml(path)
    _check_only_keys(document, key)
    rows = document.content.get(key)
    if not isinstance(rows, dict):
        raise KnowledgeError(path, f"il faut ici « {key}: », puis un nom et sa valeur par ligne.", 1, key)
    found = {}
    for name, value in rows.items():
        try:
            found[fold(name)] = kind.parse_obj({"nom": name, value_key: value})
        except ValidationError as error:
            raise _told_to_editor(document, (key, name), error) from None
    return found
