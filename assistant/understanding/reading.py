"""What the assistant reads in a message: its ranked labels and language, and the labels of its halves."""

from dataclasses import dataclass

import numpy as np

from assistant.knowledge.live import Current
from assistant.understanding.classifier import Classifier, kind_of
from assistant.understanding.followup import complete, read_as
from assistant.understanding.halves import Cut, halves, last_sentence
from assistant.understanding.records import Half, Halves, Ranked, Reading

#: How many labels a reading keeps, and how many that of a half does.
KEPT = 10
KEPT_OF_HALF = 6
#: How much likelier the labels of the subject of the conversation are in a follow-up: docs/adr/0005-decision.md.
_FOLLOW_UP_WEIGHTS = {"fait": 3.0, "inconnu": 1.5}


def training_texts(text: str, before: str | None, current: Current) -> tuple[str, ...]:
    """Return what is learnt from a question: itself, and a follow-up also as it is read in its conversation.

    Args:
        text: the question.
        before: the id of the fact answered just before it, for a follow-up.
        current: what the assistant knows.
    """
    fact = current.knowledge.fact(before or "")
    about = current.knowledge.taken_up(fact.subject, fact.id) if fact else None
    return tuple(dict.fromkeys((text, read_as(text, current.finder.names_subject(text), about))))


@dataclass(frozen=True)
class Reader:
    """Reads messages in their conversation.

    Attributes:
        classifier: the trained classifier.
    """

    classifier: Classifier

    def read(self, text: str, current: Current, subject: str | None = None, fact: str | None = None) -> Reading:
        """Return the reading of a message.

        Args:
            text: the message.
            current: what the assistant knows.
            subject: the subject that the conversation is about, if it is about one.
            fact: the id of the fact answered last.
        """
        return Reading(
            self._rank(text, current, subject, fact),
            self.classifier.language(text),
            tuple(self._halves(cut, current, subject, fact) for cut in halves(text)),
        )

    def _halves(self, cut: Cut, current: Current, subject: str | None, fact: str | None) -> Halves:
        """Return both halves; what the second leaves out is what the first is about."""
        first = self._half(cut.one, current, subject, fact)
        likeliest = current.knowledge.fact(first.ranked[0][0].partition("/")[2])
        if likeliest:
            subject, fact = likeliest.subject, likeliest.id
        return Halves(first, self._half(cut.other, current, subject, fact), cut.weak)

    def _half(self, text: str, current: Current, subject: str | None, fact: str | None) -> Half:
        """Return a half as it is read best: alone, with what it is about behind it, or its last sentence only."""
        mentioned = current.finder.find(text).subject
        about = current.knowledge.taken_up(mentioned or subject, None if mentioned else fact)
        parts = {text, last_sentence(text)}
        readings = set(parts)
        if about:
            readings |= {complete(part, *about) for part in parts if not current.finder.names_subject(part)}
        ranked = (_rounded(self.classifier.rank(reading, KEPT_OF_HALF)) for reading in sorted(readings))
        return Half(text, max(ranked, key=_best_fact))

    def _rank(self, text: str, current: Current, subject: str | None, fact: str | None) -> Ranked:
        """Return the labels of a message; a follow-up is read as it is and completed, its subject's labels ahead."""
        about = current.knowledge.taken_up(subject, fact)
        read = read_as(text, current.finder.names_subject(text), about)
        if read == text:
            return _rounded(self.classifier.rank(text, KEPT))
        scores = self.classifier.scores([text, read]).mean(axis=0)
        weights = [
            _FOLLOW_UP_WEIGHTS.get(kind_of(label), 1.0) if _is_about(label, subject) else 1.0
            for label in self.classifier.labels
        ]
        return _rounded(self.classifier.best(scores * weights / np.dot(scores, weights), KEPT))


def _is_about(label: str, subject: str | None) -> bool:
    return label.partition("/")[2].split(".")[0] == subject


def _rounded(ranked: list[tuple[str, float]]) -> Ranked:
    return tuple((label, round(score, 4)) for label, score in ranked)


def _best_fact(ranked: Ranked) -> float:
    """Return the score of the likeliest fact."""
    return max((score for label, score in ranked if kind_of(label) == "fait"), default=0.0)
