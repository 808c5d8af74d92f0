"""What must stand in the files of `knowledge/` before the assistant goes online. Pure functions."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from assistant.dates import in_french
from assistant.knowledge.base import Knowledge
from assistant.knowledge.loader import REVIEWED
from assistant.knowledge.records import Source
from assistant.knowledge.yaml_files import read_yaml
from tools.ready.findings import Finding, State, place

ORGANISATION = "organisme.yml"
EMERGENCIES = "urgences.yml"
SOURCES = "sources.yml"
#: What a source's `introuvables` says of one of these that was looked for in vain.
NOT_FOUND = "introuvables"


class Entry(NamedTuple):
    """A value that somebody has to give.

    Attributes:
        key: its key in the file.
        what: its name, in French.
        why: what it is for, in a line.
    """

    key: str
    what: str
    why: str


OF_ORGANISATION = (
    Entry("nom", "le nom de votre organisme", "un visiteur lira « Vous pouvez écrire à », puis ce nom"),
    Entry("courriel", "l'adresse e-mail de votre organisme", "un visiteur y écrit quand l'assistant ne sait pas"),
    Entry(
        "confidentialite",
        "l'adresse de votre page sur les données personnelles",
        "un visiteur a le droit de savoir ce que vous faites de ce qu'il écrit",
    ),
)
OF_SOURCE = (
    Entry("adresse", "l'adresse", "un visiteur peut aller lire la page lui-même"),
    Entry("date", "la date", "un visiteur sait de quand datent les réponses"),
)


def check_contents(folder: Path, knowledge: Knowledge, today: date) -> Iterator[Finding]:
    """Yield how the organisation's own file, the emergency services and each source stand.

    Args:
        folder: the folder of the knowledge.
        knowledge: what was read from it.
        today: a review is not of a later day.

    Raises:
        assistant.knowledge.errors.KnowledgeError: a file cannot be read.
    """
    yield from _organisation(folder / ORGANISATION, knowledge)
    yield _emergencies(folder / EMERGENCIES, knowledge, today)
    yield from _sources(folder / SOURCES, knowledge)


def lacking_of_organisation(knowledge: Knowledge) -> list[Entry]:
    """Return what the organisation has not said of itself."""
    said = knowledge.organisation.dict(by_alias=True)
    return [entry for entry in OF_ORGANISATION if not said[entry.key]]


def lacking_of_source(source: Source) -> list[Entry]:
    """Return what is neither said of a source nor said to be unknown."""
    said = source.dict(by_alias=True)
    return [entry for entry in OF_SOURCE if not said[entry.key] and entry.key not in source.not_found]


def is_reviewed(knowledge: Knowledge, today: date) -> bool:
    """Return whether somebody looked over the emergency services."""
    return knowledge.emergency_review is not None and knowledge.emergency_review.on <= today


def _organisation(path: Path, knowledge: Knowledge) -> Iterator[Finding]:
    document = read_yaml(path)
    said = knowledge.organisation.dict(by_alias=True)
    lacking = lacking_of_organisation(knowledge)
    for entry in OF_ORGANISATION:
        where = place(path, document.line(("organisme", entry.key)))
        if entry in lacking:
            yield Finding(where, State.MISSING, f"{entry.what} ({entry.why}) ; à écrire après « {entry.key}: ».")
        else:
            yield Finding(where, State.DONE, f"{entry.what} : {said[entry.key]}")


def _emergencies(path: Path, knowledge: Knowledge, today: date) -> Finding:
    where = place(path, read_yaml(path).line((REVIEWED,)))
    review = knowledge.emergency_review
    if review is None:
        return Finding(
            where,
            State.MISSING,
            "les services d'urgence (l'assistant les donne à une personne en danger) : personne ne les a relus ; une "
            f"fois chaque numéro appelé, à écrire : « {REVIEWED}: {{par: votre nom, le: AAAA-MM-JJ}} ».",
        )
    on = in_french(review.on.isoformat())
    if not is_reviewed(knowledge, today):
        said = f"la relecture des services d'urgence est datée du {on}, qui n'est pas encore venu ; "
        return Finding(where, State.MISSING, f"{said}à corriger après « le: ».")
    count = len(knowledge.emergency_services)
    services = f"{count} service{'s' if count > 1 else ''}" if count else "aucun, exprès"
    return Finding(
        where,
        State.DONE,
        f"les services d'urgence, relus par {review.by} le {on} : {services}",
    )


def _sources(path: Path, knowledge: Knowledge) -> Iterator[Finding]:
    document = read_yaml(path)
    for number, source in enumerate(knowledge.sources.values()):
        said = source.dict(by_alias=True)
        lacking = lacking_of_source(source)
        for entry in OF_SOURCE:
            where = place(path, document.line(("sources", number, entry.key)))
            what = f"{entry.what} du document « {source.id} »"
            if entry in lacking:
                todo = f"à écrire après « {entry.key}: », ou « {NOT_FOUND}: [{entry.key}] » si elle ne se trouve pas."
                yield Finding(where, State.MISSING, f"{what} ({entry.why}) ; {todo}")
            else:
                yield Finding(where, State.DONE, f"{what} : {said[entry.key] or 'cherchée, pas trouvée'}")
