"""The records of what the assistant knows: frozen, typed, with the French keys of the YAML files as aliases."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConstrainedStr, Extra, Field, conlist, validator
from pydantic.errors import DateError

from assistant.dates import in_french, written

#: What a question may ask about a subject; follow-ups ("et quand ?") resolve through it.
Asked = Literal["quoi", "qui", "quand", "ou", "pourquoi", "comment", "combien", "sigle", "lesquels"]

Article = Literal["l'", "le", "la", "les", ""]

#: What may not be found of a source, by its key.
MayBeMissing = Literal["adresse", "date"]


class Line(ConstrainedStr):
    """A text that is not empty, and no number: YAML would read 0112 as 74."""

    strict = True
    strip_whitespace = True
    min_length = 1


class FactId(Line):
    """`subject.attribute`, lower-case words joined by underscores."""

    regex = r"[a-z0-9_]+\.[a-z0-9_]+$"


class Email(Line):
    """An e-mail address."""

    regex = r"[^@\s]+@[^@\s]+\.[a-z]{2,}$"


class Country(Line):
    """A country as its two ISO 3166 letters."""

    regex = r"[A-Z]{2}$"


class Address(Line):
    """A page on the web."""

    regex = r"https?://[^\s/]+\.[^\s]+$"


class Record(BaseModel):
    """What all records share: frozen, no unknown key, French keys in the files."""

    class Config:
        """Pydantic's settings."""

        frozen = True
        extra = Extra.forbid


class Written(str):
    """The date of a document, as far as it is known: 2019, 2019-03 or 2019-03-14."""

    @classmethod
    def __get_validators__(cls) -> Iterator[Callable[[object], str]]:
        """Give pydantic what checks a value."""
        yield cls._checked

    @classmethod
    def _checked(cls, value: object) -> str:
        text = written(value)
        if text is None:
            raise ValueError("une date s'écrit 2019, 2019-03 ou 2019-03-14 (année, mois, jour).")
        return text


class Verification(Record):
    """That a person looked whether something still holds.

    Attributes:
        by: who did.
        on: when.
        until: the last day that it holds without being looked at again.
    """

    by: Line = Field(alias="par")
    on: date = Field(alias="le")
    until: date = Field(alias="jusqu_au")

    @validator("on", "until", pre=True)
    def _is_a_day(cls, value: object) -> str:
        day = written(value)
        if day is None or len(day) < len("2027-05-01"):
            raise ValueError("un jour s'écrit année-mois-jour, par exemple 2027-05-01, et doit exister.")
        return day

    @validator("until")
    def _is_later(cls, until: date, values: dict[str, Any]) -> date:
        if "on" in values and until <= values["on"]:
            raise ValueError("ce jour doit venir après celui de « le » ; corrigez l'un des deux.")
        return until

    def holds_on(self, day: date) -> bool:
        """Return whether it holds without being looked at again."""
        return day <= self.until


class Source(Record):
    """A document that facts come from.

    Attributes:
        date: when it appeared, as a date (2019-03) or in words.
        verified: that its facts still hold, unless they say so themselves.
        not_found: what was looked for and is not known; visitors never see it.
    """

    id: Line
    title: Line = Field(alias="titre")
    publisher: Line = Field(alias="editeur")
    language: Line = Field(alias="langue")
    file: Line = Field(alias="fichier")
    address: Address | None = Field(None, alias="adresse")
    date: Line | None = None
    verified: Verification | None = Field(None, alias="verifie")
    not_found: tuple[MayBeMissing, ...] = Field((), alias="introuvables")

    @validator("date", pre=True)
    def _is_a_text(cls, value: object) -> object:  # YAML makes a number of 2019, a day of 2019-03-14
        return written(value) or value

    @property
    def dated(self) -> str | None:
        """Its date in French."""
        return in_french(self.date) if self.date else None

    @validator("not_found")
    def _not_known_either(cls, keys: tuple[str, ...], values: dict[str, object]) -> tuple[str, ...]:
        known = {"adresse": values.get("address"), "date": values.get("date")}
        for key in keys:
            if known[key]:
                raise ValueError(f"« {key} » est donnée plus haut ; retirez-la d'ici.")
        return keys


class Subject(Record):
    """What facts are about, with its article and the names that people use.

    Attributes:
        taken_up_as: the subject that a pronoun stands for after it, where that is another one.
        no_contact: whether people ask how to reach it, and no source says.
        proper: whether it has a name of its own: a fact about another such name is no answer.
    """

    id: Line
    name: Line = Field(alias="nom")
    article: Article
    names: conlist(Line, min_items=1) = Field(alias="noms")  # type: ignore[valid-type]
    taken_up_as: Line | None = Field(None, alias="repris_par")
    no_contact: bool = Field(False, alias="sans_contact")
    proper: bool = Field(False, alias="nom_propre")


class Quoted(Record):
    """What a source states, with the passages that state it."""

    source: Line
    quotes: conlist(Line, min_items=1) = Field(alias="citations")  # type: ignore[valid-type]


class Sourced(Quoted):
    """What the assistant says with its source."""

    id: Line
    verified: Verification | None = Field(None, alias="verifie")


class EarlierReading(Quoted):
    """What an earlier document says of a fact: another number, another person.

    Attributes:
        date: when that was so, where it is not the date of the document.
    """

    answer: Line = Field(alias="reponse")
    date: Written | None = None


class Fact(Sourced):
    """One statement of a source: its question, its answer in our words, and the verbatim quotes that state it.

    Attributes:
        asked: the bare questions about its subject (« et quand ? ») that it answers.
        follow_ups: the facts that answer a bare question right after it, where not the subject's.
        left_open: the bare questions right after it that the sources do not answer, though they do of the subject.
        taken_up_as: what a pronoun stands for after it, with its article.
        denies: words that, in a question for this fact, take for true what it says otherwise.
        long: whether it may be longer than other answers.
        date: when that was so, where it is not the date of its source.
        earlier: what earlier documents say of it, the newest of them first.
        topic: the name of its file.
    """

    id: FactId
    question: Line
    answer: Line = Field(alias="reponse")
    asked: tuple[Asked, ...] = Field((), alias="repond_a")
    follow_ups: dict[Asked, FactId] = Field({}, alias="suites")
    left_open: tuple[Asked, ...] = Field((), alias="laisse_ouvert")
    taken_up_as: Line | None = Field(None, alias="repris_par")
    denies: tuple[Line, ...] = Field((), alias="dement")
    long: bool = Field(False, alias="longue")
    date: Written | None = None
    earlier: tuple[EarlierReading, ...] = Field((), alias="avant")
    topic: Line = Field(alias="theme")

    @property
    def subject(self) -> str:
        """The subject's id."""
        return self.id.split(".")[0]

    @property
    def attribute(self) -> str:
        """What the fact says of its subject."""
        return self.id.split(".")[1]

    @property
    def readings(self) -> tuple["Fact", ...]:
        """The fact as each document states it, the newest first: itself, then as it was said before."""
        before = (dict(reading) | {"verified": None, "earlier": ()} for reading in self.earlier)
        return (self, *(self.copy(update=said) for said in before))


class Unknown(Record):
    """An attribute that no source gives, with its French label and the words by which people ask for it.

    Attributes:
        asked: the bare questions (« et quand ? ») that it would answer.
        only: the subjects that it may be asked of; all, if empty.
        whole: whether its label needs no subject behind it.
        said: the question word of a general one: « ma source ne dit pas quand ».
    """

    id: Line
    label: Line = Field(alias="libelle")
    wordings: tuple[Line, ...] = Field((), alias="mots")
    asked: tuple[Asked, ...] = Field((), alias="repond_a")
    only: tuple[Line, ...] = Field((), alias="sujets")
    whole: bool = Field(False, alias="complet")
    said: Line | None = Field(None, alias="dit")


class OtherName(Record):
    """A name that visitors mention and no source speaks of."""

    name: Line = Field(alias="nom")
    article: Article


class Place(Record):
    """A place that visitors name, other than a country: a town, a continent, another name of a country."""

    name: Line = Field(alias="nom")
    country: Country | None = Field(None, alias="pays")


class Contact(Sourced):
    """A person or office to write to."""

    name: Line = Field(alias="nom")
    role: Line
    office: Line = Field(alias="bureau")
    countries: conlist(Country, min_items=1) = Field(alias="pays")  # type: ignore[valid-type]
    email: Email = Field(alias="courriel")


class Organisation(Record):
    """Who puts the assistant online; nothing of it is known before they say it.

    Attributes:
        privacy: the address of the page on how it treats what visitors write.
        hours: when a person answers, as it is said: « du lundi au vendredi, de 9 h à 17 h ».
    """

    name: Line | None = Field(None, alias="nom")
    email: Email | None = Field(None, alias="courriel")
    privacy: Address | None = Field(None, alias="confidentialite")
    hours: Line | None = Field(None, alias="horaires")


class EmergencyService(Record):
    """A service that the operator entered for people in danger."""

    name: Line = Field(alias="nom")
    number: Line = Field(alias="numero")
    country: Country | None = Field(None, alias="pays")


class Review(Record):
    """Who looked over the list of emergency services, and when: one that is empty is then meant to be."""

    by: Line = Field(alias="par")
    on: date = Field(alias="le")

    @validator("on", pre=True)
    def _a_day(cls, value: object) -> object:
        """Refuse a number, which pydantic would read as seconds since 1970."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            raise DateError from None
