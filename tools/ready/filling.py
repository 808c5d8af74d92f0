"""Asking for what is missing, in the terminal, and writing each answer as soon as it is given."""

import secrets
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from assistant.french import fold
from assistant.knowledge.base import Knowledge
from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.loader import REVIEWED, load_knowledge
from assistant.settings import Settings
from channels.guard import clean
from channels.origins import VARIABLE as ORIGINS
from channels.origins import allowed_origins
from tools.ready import contents
from tools.ready.contents import Entry
from tools.ready.editing import Change, change_file, in_a_line, mapping, text
from tools.ready.environment import SECRET, check_origins, check_secret
from tools.ready.findings import State, shown

_WELCOME = """\
Voici, une à une, les choses qui manquent. Entrée : passer. Ctrl-C : arrêter ; ce qui est déjà écrit le reste."""
_SKIP = "(Entrée : plus tard)"
#: What is answered where nothing was found, as it is proposed first.
_UNKNOWN = ("inconnue", "inconnu")
#: What makes a secret that nobody guesses, in bytes.
_SECRET_BYTES = 48
_IN_ENVIRONMENT = """
À mettre dans l'environnement de l'assistant avant de le démarrer (avec un gestionnaire de services, dans sa
configuration ; ce n'est pas écrit dans un fichier du projet) :"""


class Filling:
    """Fills a folder of knowledge and collects what belongs into the environment.

    Args:
        folder: the folder of the knowledge.
        today: no review is of a later day.
    """

    def __init__(self, folder: Path, today: date) -> None:
        self._folder = folder
        self._today = today

    def fill(self, settings: Settings) -> None:
        """Ask for each thing that is missing.

        Raises:
            KnowledgeError: the knowledge cannot be read.
            OSError: a file cannot be written.
        """
        print(_WELCOME)
        try:
            self._organisation()
            self._emergencies()
            self._sources()
            self._environment(settings)
        except EOFError:
            print()

    def _organisation(self) -> None:
        for entry in contents.lacking_of_organisation(self._knowledge()):
            self._entry(contents.ORGANISATION, entry, entry.what, _set_organisation)

    def _sources(self) -> None:
        for number, source in enumerate(self._knowledge().sources.values()):
            for entry in contents.lacking_of_source(source):
                what = f"{entry.what} du document « {source.title} »"
                self._entry(contents.SOURCES, entry, what, partial(_set_source, number))

    def _entry(self, name: str, entry: Entry, what: str, set_it: Callable[[str, str, Any], None]) -> None:
        """Ask for one value until it is right or passed over."""
        print(f"\n{_capital(what)} : {entry.why}.")
        of_source = name == contents.SOURCES
        hint = f"« {_UNKNOWN[0]} » si elle ne se trouve pas ; Entrée : plus tard" if of_source else "Entrée : plus tard"
        form = _FORMS.get(entry.key, "")
        while said := _asked(f"{form}({hint}) > "):
            unknown = of_source and fold(said) in _UNKNOWN
            problem = None if unknown else _problem(entry.key, said)
            if problem:
                print(problem)
            elif self._write(name, partial(set_it, entry.key, "" if unknown else said)):
                break

    def _emergencies(self) -> None:
        knowledge = self._knowledge()
        if contents.is_reviewed(knowledge, self._today):
            return
        print(
            "\nLes services d'urgence : l'assistant les donne à une personne en danger. Appelez vous-même chaque numéro"
            "\navant de l'écrire. La liste peut rester vide, si c'est exprès."
        )
        for service in knowledge.emergency_services:
            print(f"  déjà là : {service.name} : {service.number}")
        while name := _asked("Nom d'un service à ajouter (Entrée : aucun autre) > "):
            self._service(name)
        services = self._knowledge().emergency_services
        count = f"{len(services)} service{'s' if len(services) > 1 else ''}" if services else "aucun service"
        by = _asked(f"La liste a {count}. Relue par, votre nom {_SKIP} > ")
        while by:
            said = _asked(f"Relue le, AAAA-MM-JJ (Entrée : aujourd'hui, {self._today}) > ")
            on = _day(said) if said else self._today
            if on is None or on > self._today:
                print("Il faut une date, par exemple 2026-11-01, et pas à venir.")
            elif self._write(contents.EMERGENCIES, partial(_set_review, by, on)):
                break

    def _service(self, name: str) -> None:
        """Ask for the rest of an emergency service; without a number it is left out."""
        number = _asked("Son numéro (Entrée : laisser tomber ce service) > ")
        country = _asked("Son pays, deux lettres comme FR (Entrée : ne pas le dire) > ").upper()
        if number:
            of_country = {"pays": country} if country else {}
            self._write(contents.EMERGENCIES, partial(_add_service, {"nom": name, "numero": number, **of_country}))

    def _environment(self, settings: Settings) -> None:
        lines = []
        if check_origins().state is State.MISSING:
            print("\nLe site qui montrera le chat : les pages des autres sites sont refusées.")
            if origin := self._origin():
                lines.append(f"{ORIGINS}={origin}")
        if check_secret(settings).state is State.MISSING:
            print("\nLe secret qui signe les conversations : j'en ai tiré un au hasard ; ne le montrez à personne.")
            lines.append(f"{SECRET}={secrets.token_urlsafe(_SECRET_BYTES)}")
        if lines:
            print(_IN_ENVIRONMENT, *(f"  {line}" for line in lines), sep="\n")

    def _origin(self) -> str:
        """Return the addresses of the sites, as the variable takes them, or nothing."""
        while said := _asked(f"https://www.exemple.org, plusieurs séparés par des virgules {_SKIP} > "):
            try:
                return ",".join(sorted(allowed_origins(said.replace(" ", ",").split(","))))
            except ValueError as error:
                print(str(error).partition(" : ")[2])
        return ""

    def _write(self, name: str, change: Change) -> bool:
        """Change a file and show what changed, or say why it cannot be; return whether it was."""
        try:
            lines = change_file(self._folder, name, change)
        except KnowledgeError as error:
            print(_capital(error.problem))
            return False
        print(f"Écrit dans {shown(self._folder / name)} :", *(f"  {line}" for line in lines), sep="\n")
        return True

    def _knowledge(self) -> Knowledge:
        return load_knowledge(self._folder)


#: The form of what is asked for.
_FORMS = {
    "courriel": "nom@domaine.pays ",
    "confidentialite": "https://… ",
    "adresse": "https://… ",
    "date": "AAAA-MM-JJ ",
}


def _asked(question: str) -> str:
    """Return what is typed, without what a key leaves that no one sees."""
    return clean(input(question))


def _problem(key: str, said: str) -> str | None:
    """Return what is wrong with an answer that the files would take: a page that is not safe, a date that is none."""
    if key in {"adresse", "confidentialite"} and not said.startswith("https://"):
        return "Il faut une adresse qui commence par https://."
    if key == "date" and _day(said) is None:
        return "Il faut une date, par exemple 2018-06-21."
    return None


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _set_organisation(key: str, said: str, document: Any) -> None:
    if document["organisme"] is None:
        document["organisme"] = mapping()
    document["organisme"][key] = text(said)


def _set_source(number: int, key: str, said: str, document: Any) -> None:
    """Say a value of a source, or, where it is empty, that it was not found."""
    row = document["sources"][number]
    if said:
        _put(row, key, text(said))
        return
    row.pop(key, None)
    _put(row, contents.NOT_FOUND, in_a_line([*(row.get(contents.NOT_FOUND) or []), key]))


def _put(row: Any, key: str, value: object) -> None:
    """Set a key; a new one stands before the last, which holds the blank line or comment that follows the row."""
    if key in row:
        row[key] = value
    else:
        row.insert(len(row) - 1, key, value)


def _add_service(service: dict[str, str], document: Any) -> None:
    if not document["services"]:
        document["services"] = []
    document["services"].append(mapping(**service))


def _set_review(by: str, on: date, document: Any) -> None:
    document[REVIEWED] = mapping(par=by, le=on)


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]
