"""The knowledge as a whole, and the pure look-ups in it: by id, subject, attribute, topic, country, person, role."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.french import fold, split_article
from assistant.knowledge.passages import Passage
from assistant.knowledge.records import (
    Asked,
    Contact,
    EmergencyService,
    Fact,
    Organisation,
    OtherName,
    Place,
    Review,
    Source,
    Sourced,
    Subject,
    Unknown,
    Verification,
)


@dataclass(frozen=True)
class Recipient:
    """Whom to write to, with the office where one is known."""

    name: str
    email: str
    office: str | None = None


@dataclass(frozen=True)
class Knowledge:
    """Everything that the assistant knows. A look-up that finds nothing returns None or an empty tuple.

    Attributes:
        questions: the id of each fact by its own question, folded.
        emergency_review: who looked over the emergency services, once somebody did.
        passages: the sentences of the French sources, in their order.
        version: the first 12 hexadecimal digits of the SHA-256 of all its files.
    """

    sources: Mapping[str, Source]
    subjects: Mapping[str, Subject]
    facts: Mapping[str, Fact]
    questions: Mapping[str, str]
    unknowns: Mapping[str, Unknown]
    other_names: Mapping[str, OtherName]
    places: Mapping[str, Place]
    contacts: tuple[Contact, ...]
    emergency_services: tuple[EmergencyService, ...]
    emergency_review: Review | None
    organisation: Organisation
    passages: tuple[Passage, ...]
    version: str

    def fact(self, fact_id: str) -> Fact | None:
        """Return the fact of that id."""
        return self.facts.get(fact_id)

    def fact_with_question(self, text: str) -> Fact | None:
        """Return the fact whose own question a text is, whatever its case, accents and punctuation."""
        return self.facts.get(self.questions.get(fold(text), ""))

    def fact_about(self, subject: str, attribute: str) -> Fact | None:
        """Return the fact that says that attribute of that subject."""
        return self.facts.get(f"{subject}.{attribute}")

    def taken_up(self, subject_id: str | None, fact_id: str | None) -> tuple[str, str] | None:
        """Return what a pronoun stands for after an answer, as article and name.

        A fact says so itself (« la directrice générale »), or its subject does; else it is the subject.
        """
        fact = self.facts.get(fact_id or "")
        if fact and fact.taken_up_as and fact.subject == subject_id:
            return split_article(fact.taken_up_as)
        subject = self.subjects.get(subject_id or "")
        if subject and subject.taken_up_as:
            subject = self.subjects.get(subject.taken_up_as)
        return (subject.article, subject.name) if subject else None

    def facts_about(self, subject: str) -> tuple[Fact, ...]:
        """Return the facts about a subject, in the order of their file."""
        return tuple(fact for fact in self.facts.values() if fact.subject == subject)

    def facts_on(self, topic: str) -> tuple[Fact, ...]:
        """Return the facts of a topic: those of one file."""
        return tuple(fact for fact in self.facts.values() if fact.topic == topic)

    def facts_answering(self, subject: str, asked: Asked, after: str | None = None) -> tuple[Fact, ...]:
        """Return the facts about a subject that answer « quand », « où », « qui », ...

        Args:
            subject: the subject's id.
            asked: the question word.
            after: the id of the fact before; it may say itself what follows it.
        """
        before = self.facts.get(after or "")
        if before and before.subject == subject and asked in before.left_open:
            return ()
        if before and before.subject == subject and asked in before.follow_ups:
            return (self.facts[before.follow_ups[asked]],)
        return tuple(fact for fact in self.facts_about(subject) if asked in fact.asked)

    def verification(self, record: Source | Sourced) -> Verification | None:
        """Return who verified a record, and until when it holds: what it says itself, else what its source says."""
        if record.verified or isinstance(record, Source):
            return record.verified
        return self.sources[record.source].verified

    def date_of(self, fact: Fact) -> str | None:
        """Return when what a fact (or a reading of it) says was so: its own date, else that of its source."""
        return fact.date or self.sources[fact.source].date

    def passage(self, source: str, position: int) -> Passage | None:
        """Return the sentence of a source that stands at a position."""
        return next((one for one in self.passages if (one.source, one.position) == (source, position)), None)

    @property
    def recipient(self) -> Recipient:
        """Whom to write to: who puts the assistant online, once they said so; else the first contact of a source."""
        first = self.contacts[0]
        return self.own_contact or Recipient(first.name, first.email, first.office)

    @property
    def own_contact(self) -> Recipient | None:
        """Who puts the assistant online, once they said whom to write to: what no source states."""
        own = self.organisation
        return Recipient(own.name, own.email) if own.name and own.email else None

    @property
    def published(self) -> frozenset[str]:
        """The addresses and numbers that the assistant itself gives: they are no visitor's, and never masked."""
        own = {self.organisation.email} if self.organisation.email else set[str]()
        emails = {contact.email for contact in self.contacts}
        return frozenset(own | emails | {service.number for service in self.emergency_services})

    def contacts_for_country(self, country: str) -> tuple[Contact, ...]:
        """Return the contacts whose office covers a country (two ISO 3166 letters)."""
        return tuple(contact for contact in self.contacts if country in contact.countries)

    def contacts_named(self, name: str) -> tuple[Contact, ...]:
        """Return the contacts that have each word of a name, whatever its case and accents."""
        words = set(fold(name).split())
        return tuple(contact for contact in self.contacts if words and words <= set(fold(contact.name).split()))

    def contacts_with_role(self, role: str) -> tuple[Contact, ...]:
        """Return the contacts whose role has each word of the one asked for."""
        words = set(fold(role).split())
        return tuple(contact for contact in self.contacts if words and words <= set(fold(contact.role).split()))
