"""One message, understood: what the decision is taken from."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.dialogue.records import Candidate
from assistant.handover import Desk
from assistant.knowledge.live import Current
from assistant.knowledge.search import Found
from assistant.understanding.followup import is_a_name, refers_back
from assistant.understanding.mentions import Mentions
from assistant.understanding.records import Half, Ranked, Reading

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
        halves: the ways to cut it into two questions.
        found: the sentence of a source that has most of what it asks.
        desk: where a person can take over, if that can be where it was written.
    """

    text: str
    candidates: Sequence[Candidate]
    mentions: Mentions
    language: str = FRENCH
    language_score: float = 1.0
    halves: tuple["MessageHalves", ...] = ()
    found: Found | None = None
    desk: Desk | None = None

    @classmethod
    def of(cls, text: str, reading: Reading, current: Current, desk: Desk | None = None) -> "Message":
        """Return a message as it was read, with what it names and the sentence of a source that it is closest to."""

        def half(read: Half) -> "Message":
            return cls(read.text, _candidates(read.ranked), current.finder.find(read.text), *reading.language)

        return cls(
            text,
            _candidates(reading.ranked),
            current.finder.find(text),
            *reading.language,
            tuple(MessageHalves(half(cut.one), half(cut.other), cut.weak) for cut in reading.halves),
            current.passages.find(text) if current.passages else None,
            desk,
        )

    @property
    def named(self) -> set[int]:
        """The places, among its folded words, of those that are names of subjects."""
        return {place for name in self.mentions.subjects for place in range(name.start, name.start + name.length)}

    @property
    def refers_back(self) -> bool:
        """Whether it names no subject itself and takes up the one before."""
        return not self.mentions.subjects and refers_back(self.text)


@dataclass(frozen=True)
class MessageHalves:
    """A way to cut a message into two questions.

    Attributes:
        one: the first.
        other: the second.
        weak: whether nothing but a comma parts them, or one of them is not worded as a question.
    """

    one: Message
    other: Message
    weak: bool = False

    @property
    def holds_a_bare_name(self) -> bool:
        """Whether one of them asks nothing, but names a subject: « À quoi sert-elle, l'OCAM ? »."""
        return any(is_a_name(half.text, half.named) for half in (self.one, self.other))


def _candidates(ranked: Ranked) -> tuple[Candidate, ...]:
    return tuple(Candidate(label, score) for label, score in ranked)
