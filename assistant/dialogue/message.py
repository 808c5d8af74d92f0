"""One message, understood: what the decision is taken from."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.dialogue.records import Candidate
from assistant.handover import Desk
from assistant.knowledge.live import Current
from assistant.knowledge.search import Found
from assistant.understanding.followup import refers_back
from assistant.understanding.mentions import Mentions, places_of
from assistant.understanding.records import Half, Reading

FRENCH = "fr"


@dataclass(frozen=True)
class Message:
    """One message, understood.

    Attributes:
        text: what the person wrote, as the guard let it through.
        candidates: its candidates, best first.
        mentions: what it names.
        language: its language, two letters or `autre`.
        language_score: how likely that language is, from 0 to 1.
        double: the two questions that it would ask, if it asked two.
        gibberish: whether most of its words, names aside, are none that was ever learnt.
        premise: by which margin it takes for true what a fact puts right, or confirms, as its wording says.
        found: the sentence of a source that has most of what it asks.
        desk: where a person can take over, if that can be where it was written.
    """

    text: str
    candidates: Sequence[Candidate]
    mentions: Mentions
    language: str = FRENCH
    language_score: float = 1.0
    double: "MessageDouble | None" = None
    gibberish: bool = False
    premise: float = -1.0
    found: Found | None = None
    desk: Desk | None = None

    @classmethod
    def of(cls, text: str, reading: Reading, current: Current, desk: Desk | None = None) -> "Message":
        """Return a message as it was read, with what it names and the sentence of a source that it is closest to."""

        def half(read: Half) -> "Message":
            return cls(
                read.text, (Candidate(read.label, read.score),), current.finder.find(read.text), *reading.language
            )

        read = reading.double

        return cls(
            text,
            tuple(Candidate(label, score) for label, score in reading.ranked),
            current.finder.find(text),
            *reading.language,
            MessageDouble(half(read.one), half(read.other), read.score) if read else None,
            reading.gibberish,
            reading.premise,
            current.passages.find(text) if current.passages else None,
            desk,
        )

    @property
    def named(self) -> set[int]:
        """The places, among its folded words, of those that are names of subjects."""
        return places_of(self.mentions.subjects)

    @property
    def refers_back(self) -> bool:
        """Whether it names no subject itself and takes up the one before."""
        return not self.mentions.subjects and refers_back(self.text)


@dataclass(frozen=True)
class MessageDouble:
    """The two questions that a message would ask.

    Attributes:
        one: the first, with the fact that it asks for as its one candidate.
        other: the second.
        score: how likely it asks both, from 0 to 1.
    """

    one: Message
    other: Message
    score: float
