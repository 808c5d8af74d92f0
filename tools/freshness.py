"""`make fraicheur`: what is to be verified again, for those who keep the knowledge; and noting that it was."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from tabulate import tabulate

from assistant.dates import in_french, today, written
from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.loader import knowledge_files, load_knowledge
from assistant.knowledge.records import Source, Sourced, Verification
from assistant.knowledge.yaml_files import Document, Location, read_yaml
from assistant.settings import ROOT, Settings
from tools.verification import NotationError, noted, write_checked

_DESCRIPTION = """\
Montre ce qui est à vérifier de nouveau : d'abord ce qui a expiré, puis ce qui expire bientôt, avec le fichier et la
ligne. Un fait sans vérification à lui a celle de sa source. Avec --verifie, note une vérification faite aujourd'hui.
"""
_HEADS = ("état", "quoi", "vérifié par", "le", "jusqu'au", "où")

Kind = Literal["source", "fait", "contact"]
#: The list that a file holds, by the kind of its records; also their plural.
_LISTS: dict[Kind, str] = {"source": "sources", "fait": "faits", "contact": "contacts"}


@dataclass(frozen=True)
class Entry:
    """A source, fact or contact, and where it is edited.

    Attributes:
        source: the id of its source, for a fact or contact.
        own: its own verification.
        number: its place in the list of its file, from 0.
        line: the line to edit: that of its verification, else its first.
    """

    kind: Kind
    id: str
    source: str | None
    own: Verification | None
    path: Path
    number: int
    line: int

    @property
    def place(self) -> str:
        """Where it stands, for an editor."""
        path = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        return f"{path.as_posix()}:{self.line}"


def entries(folder: Path) -> list[Entry]:
    """Return everything of a knowledge folder that can be verified, in the order of its files.

    Raises:
        KnowledgeError: the knowledge cannot be read.
    """
    knowledge = load_knowledge(folder)
    topics = [path for path in knowledge_files(folder) if path.parent.name == "facts"]
    return [
        *_in_file("source", folder / "sources.yml", list(knowledge.sources.values())),
        *(entry for path in topics for entry in _in_file("fait", path, knowledge.facts_on(path.stem))),
        *_in_file("contact", folder / "contacts.yml", knowledge.contacts),
    ]


def ending(found: Iterable[Entry], until: date) -> list[Entry]:
    """Return what does not hold any more after a day, the first to end first."""
    over = [entry for entry in found if entry.own and entry.own.until <= until]
    return sorted(over, key=lambda entry: (_until(entry), entry.id))


def never_verified(found: Sequence[Entry]) -> list[Entry]:
    """Return what neither it nor its source says to be verified."""
    verified = {entry.id for entry in found if entry.kind == "source" and entry.own}
    return [entry for entry in found if not entry.own and entry.source not in verified]


def report(found: Sequence[Entry], day: date, days: int, everything: bool) -> str:
    """Return what is to be verified, for a terminal.

    Args:
        found: all that can be verified.
        day: today.
        days: how many days count as soon.
        everything: whether what was never verified is listed one by one.
    """
    last = day + timedelta(days=days)
    soon = ending(found, last)
    rows = [(_state(entry, day), _with_others(entry, found), *_said(entry), entry.place) for entry in soon]
    parts = [
        str(tabulate(rows, _HEADS, "simple", disable_numparse=True))
        if rows
        else f"Rien de ce qui a été vérifié n'expire d'ici au {_french(last)}."
    ]
    never = never_verified(found)
    if never:
        hint = " :" if everything else " (ARGS=--tout en donne la liste)."
        parts.append(f"Jamais vérifié : {_counted(never)}{hint}")
        if everything:
            parts[-1] += "".join(f"\n  {entry.place}  {entry.kind} {entry.id}" for entry in never)
    return "\n\n".join(parts)


def named(found: Sequence[Entry], name: str) -> list[Entry]:
    """Return what a name stands for: a fact, source or contact by its id, or the facts of a topic by its file."""
    one = [entry for entry in found if entry.id == name][:1]
    return one or [entry for entry in found if entry.kind == "fait" and entry.path.stem == name]


def main() -> int:
    """Print what was asked for; return the exit code."""
    options = _options()
    try:
        folder = Settings.read().knowledge
        found = entries(folder)
        if not options.verifie:
            print(report(found, today(), options.jours, options.tout))
            return 0
        print(_verify(folder, found, options))
    except KeyboardInterrupt:
        print("Interrompu.", file=sys.stderr)
        return 1
    except (KnowledgeError, NotationError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _verify(folder: Path, found: Sequence[Entry], options: argparse.Namespace) -> str:
    """Note a verification in the files, and return what to say of it.

    Raises:
        ValueError: what was typed cannot be done; the message says why, in French.
        NotationError: an element is written in a form that is not changed.
        KnowledgeError: the knowledge could not be read with it; nothing is changed.
    """
    by, until, on = (options.par or "").strip(), options.jusqu_au, today()
    if not by or not by.isprintable() or until is None:
        raise ValueError("Dites qui a vérifié, et jusqu'à quand : --par 'Prénom N.' --jusqu-au 2027-05-01.")
    if until <= on:
        raise ValueError(f"--jusqu-au doit venir après aujourd'hui ({_french(on)}).")
    verified: dict[str, Entry] = {}
    for name in options.verifie:
        meant = named(found, name)
        if not meant:
            raise ValueError(
                f"« {name} » n'est ni un fait, ni un thème, ni une source, ni un contact de {folder.name}/."
            )
        verified |= {f"{entry.path}{entry.number}": entry for entry in meant}
    note = Verification.parse_obj({"par": by, "le": on, "jusqu_au": until})
    texts: dict[Path, str] = {}
    for entry in verified.values():
        text = texts.get(entry.path) or entry.path.read_bytes().decode("utf-8")
        try:
            texts[entry.path] = noted(text, _LISTS[entry.kind], entry.number, note)
        except NotationError as error:
            raise NotationError(f"{entry.place} : {error}") from None
    try:
        write_checked(folder, texts)
    except OSError as error:
        raise ValueError(f"Rien n'est noté : {error.filename} ne peut pas être écrit ({error.strerror}).") from None
    places = {(entry.path, entry.number): entry.place for entry in entries(folder)}
    lines = [f"{places[entry.path, entry.number]}  {_with_others(entry, found)}" for entry in verified.values()]
    alone = [other.id for entry in verified.values() for other in _of(entry, found) if other.own]
    if alone:
        lines.append(f"Ont leur propre vérification, qui reste : {', '.join(alone)}.")
    return "\n".join([f"Vérifié par {by} le {_french(on)}, jusqu'au {_french(until)} :", *lines])


def _in_file(kind: Kind, path: Path, records: Sequence[Source | Sourced]) -> Iterator[Entry]:
    """Yield the records of a file, which come in its order."""
    document = read_yaml(path)
    for number, record in enumerate(records):
        location: Location = (_LISTS[kind], number)
        source = record.source if isinstance(record, Sourced) else None
        yield Entry(kind, record.id, source, record.verified, path, number, _line(document, location))


def _line(document: Document, location: Location) -> int:
    return document.line((*location, "verifie"))


def _until(entry: Entry) -> date:
    assert entry.own is not None  # only what was verified ends
    return entry.own.until


def _state(entry: Entry, day: date) -> str:
    days = (_until(entry) - day).days
    if days < 0:
        return f"expiré depuis {_days(-days)}"
    return f"expire dans {_days(days)}" if days else "expire ce soir"


def _days(number: int) -> str:
    return f"{number} jour" + ("s" if number > 1 else "")


def _said(entry: Entry) -> tuple[str, str, str]:
    own = entry.own
    return (own.by, _french(own.on), _french(own.until)) if own else ("", "", "")


def _with_others(entry: Entry, found: Sequence[Entry]) -> str:
    """Return an id; behind a source's, how much holds as long as it does."""
    counted = _counted(other for other in _of(entry, found) if not other.own)
    return f"{entry.id} (avec {counted})" if counted else entry.id


def _of(source: Entry, found: Iterable[Entry]) -> list[Entry]:
    """Return what comes from a source."""
    return [other for other in found if source.kind == "source" and other.source == source.id]


def _counted(found: Iterable[Entry]) -> str:
    """Return how many sources, facts and contacts there are: « 1 source, 58 faits »."""
    counts = Counter(entry.kind for entry in found)
    return ", ".join(f"{counts[kind]} {kind if counts[kind] < 2 else _LISTS[kind]}" for kind in _LISTS if counts[kind])


def _french(day: date) -> str:
    return in_french(day.isoformat())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make fraicheur", description=_DESCRIPTION, add_help=False)
    parser.add_argument("-h", "--help", action="help", help="montrer cette aide")
    parser.add_argument("--jours", type=_number, default=30, metavar="JOURS", help="ce qui expire bientôt (30 jours)")
    parser.add_argument("--tout", action="store_true", help="lister aussi ce qui n'a jamais été vérifié")
    parser.add_argument(
        "--verifie", nargs="+", metavar="NOM", help="noter comme vérifiés des faits, thèmes, sources ou contacts"
    )
    parser.add_argument("--par", metavar="QUI", help="qui a vérifié (avec --verifie)")
    parser.add_argument("--jusqu-au", type=_day, metavar="DATE", help="jusqu'à quand cela vaut : 2027-05-01")
    return parser.parse_args()


def _number(value: str) -> int:
    if not (value.isdecimal() and int(value) <= 36500):
        raise argparse.ArgumentTypeError(f"« {value} » n'est pas un nombre de jours")
    return int(value)


def _day(value: str) -> date:
    day = written(value)
    if day is None or len(day) < len("2027-05-01"):
        raise argparse.ArgumentTypeError(f"« {value} » n'est pas un jour ; écrivez année-mois-jour : 2027-05-01")
    return date.fromisoformat(day)


if __name__ == "__main__":
    sys.exit(main())
