"""The records of the dialogue: candidates and context go in, a decision comes out and is kept with the turn."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

#: What stands for none of the choices where they are offered.
OTHER = "autre_chose"
#: What stands for adding the conversation to an e-mail where that is offered.
JOIN = "joindre_conversation"
#: What stands for a person taking the conversation over where that is offered, now or later.
PERSON = "personne"
LEAVE = "laisser_message"
#: A fact that is at least this likely is meant, whatever was said before.
CERTAIN = 0.9
#: Facts offered when nothing better is known, one for each part of what the assistant knows.
EXAMPLES = ("oim.definition", "ocam.role", "projet.definition")

Kind = Literal[
    "answer",
    "passage",
    "contact",
    "choices",
    "clarify",
    "refusal",
    "off_topic",
    "distress",
    "small_talk",
    "other_language",
    "erasure",
    "nothing_to_repeat",
    "write_to",
]
#: Decisions that did not help: after one of them, the next one says whom to write to.
FAILURES: frozenset[Kind] = frozenset({"choices", "clarify", "refusal", "write_to"})


def _as_json(record: Any) -> dict[str, Any]:
    """Return a record as it comes back from JSON: with lists, no tuples."""
    kept: dict[str, Any] = json.loads(json.dumps(asdict(record)))
    return kept


@dataclass(frozen=True)
class Candidate:
    """A label of the NLU data with its score for one message.

    Attributes:
        label: such as `fait/ocam.date_creation`, `inconnu/ocam.role`, `contact`, `salutation`.
        score: a probability, from 0 to 1.
    """

    label: str
    score: float

    @property
    def intent(self) -> str:
        """The part before the slash."""
        return self.label.split("/")[0]

    @property
    def key(self) -> str:
        """The part behind the slash, or nothing."""
        return self.label.partition("/")[2]


@dataclass(frozen=True)
class Quoted:
    """A sentence of a source that is quoted, and how sure it is.

    Attributes:
        source: the id of its source.
        position: how many sentences of that source stand before it.
        sure: how much of what was asked stands in it, from 0 to 1.
        words: how many words of the question stand in it.
    """

    source: str
    position: int
    sure: float
    words: int

    @classmethod
    def kept(cls, kept: dict[str, Any] | None) -> "Quoted | None":
        """Return the sentence that was kept as JSON, if one was."""
        return cls(**kept) if kept else None


@dataclass(frozen=True)
class Context:
    """What the conversation so far says about a message.

    Attributes:
        subject: the subject of the last answer or refusal, if it is recent.
        fact: the id of the fact answered last, if it is recent.
        unknown: the id of the unknown attribute refused last, if nothing was answered since.
        last: the kind of the last decision, if it is recent.
        offered: what the last reply offered, in order: ids of facts, `contact`, `autre_chose`.
        failures: how many replies in a row did not help.
        earlier: which reading of that fact was given: 0 the newest, 1 the one before.
        quoted: the sentence of a source that was quoted last, if nothing was answered since.
    """

    subject: str | None = None
    fact: str | None = None
    unknown: str | None = None
    last: Kind | None = None
    offered: tuple[str, ...] = ()
    failures: int = 0
    earlier: int = 0
    quoted: Quoted | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return _as_json(self)

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> "Context":
        """Return the context that `as_dict` kept."""
        return cls(**{**kept, "offered": tuple(kept["offered"]), "quoted": Quoted.kept(kept.get("quoted"))})


@dataclass(frozen=True)
class Thresholds:
    """Where decisions turn, in probability. Their values are measured: docs/adr/0005-decision.md.

    Attributes:
        answer: at least this share of what facts and near-misses together get goes to the best fact.
        answer_supported: the same where the conversation is about that fact's subject, or the message sounds as if it
            took something for true.
        answer_denied: the same where the message takes for true what that fact says otherwise.
        least: the best fact is at least this likely.
        choices: below that, at least this share of it goes to all facts.
        rival: the best fact is at least this many times as likely as the second.
        rival_supported: the same where the conversation, or what the message takes for true, speaks for it.
        premise: a message takes something for true by at least this margin.
        denied: in doubt, a fact that the message contradicts is answered if it is this share of the best as likely.
        denied_subject: a fact that denies a word is answered if it and its near-misses together are this likely.
        talk: and at least this many times as likely as any small talk.
        elsewhere: a fact about another name than the message's refuses, when it is this many times as likely.
        distress: at least this much for distress, whatever else is likely.
        language: at least this much for a language other than French.
        distress_language: below that, distress is answered in the language of its likeliest label.
        erasure: at least this much before anything is erased.
        double: a message is this likely to ask two questions where both are answered.
        polite: small talk that is this likely is what a message is that asks nothing (« merci pour l'OCAM »).
        passage: a sentence is quoted that has at least this much of what a message asks.
        passage_words: and at least so many of its words.
    """

    answer: float = 0.82
    answer_supported: float = 0.75
    answer_denied: float = 0.45
    least: float = 0.25
    choices: float = 0.2
    rival: float = 1.8
    rival_supported: float = 1.15
    premise: float = -0.4
    denied: float = 0.3
    denied_subject: float = 0.4
    talk: float = 3.0
    elsewhere: float = 3.0
    distress: float = 0.1
    language: float = 0.5
    distress_language: float = 0.7
    erasure: float = 0.6
    double: float = 0.65
    polite: float = 0.05
    passage: float = 0.8
    passage_words: int = 3


@dataclass(frozen=True)
class Decision:
    """What the assistant does with one message, and why: `/pourquoi`, feedback and metrics read it.

    Attributes:
        kind: what it does.
        reason: the rule that decided, in a word.
        facts: ids of the facts answered or offered, best first.
        earlier: which reading of the fact is answered: 0 the newest, 1 the one before.
        subject: the subject that the conversation is now about.
        contact: the id of the contact given.
        uncovered: whom or which place, as it is said, no contact covers: « pour Paris ».
        unknown: the id of the unknown attribute that was asked for.
        other_name: a name (folded) that no source speaks of.
        topic: the small talk's kind.
        language: two letters, where it is not French that was written.
        corrects: whether the message takes for true what the fact answered says otherwise.
        quoted: the sentence of a source that is quoted.
        candidates: the best candidates.
        thresholds: the thresholds it was taken with.
        model: the model's version.
        knowledge: the knowledge's version.
        day: the day it was taken on, as ISO 8601 writes it: what held until then is to be confirmed.
        back: when a person answers again, as it is said.
    """

    kind: Kind
    reason: str
    facts: tuple[str, ...] = ()
    subject: str | None = None
    contact: str | None = None
    uncovered: str | None = None
    unknown: str | None = None
    other_name: str | None = None
    topic: str | None = None
    language: str | None = None
    corrects: bool = False
    quoted: Quoted | None = None
    candidates: tuple[Candidate, ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    model: str = ""
    knowledge: str = ""
    day: str = ""
    earlier: int = 0
    back: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return _as_json(self)

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> "Decision":
        """Return the decision that `as_dict` kept."""
        return cls(
            **{
                **kept,
                "facts": tuple(kept["facts"]),
                "candidates": tuple(Candidate(**candidate) for candidate in kept["candidates"]),
                "thresholds": Thresholds(**kept["thresholds"]),
                "quoted": Quoted.kept(kept.get("quoted")),
            }
        )


@dataclass(frozen=True)
class Button:
    """A choice: what is shown, and what is sent when it is pressed."""

    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """What is said: a response of `data/responses/` with its variables, or a text, and buttons."""

    response: str | None = None
    text: str | None = None
    variables: dict[str, str] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()
