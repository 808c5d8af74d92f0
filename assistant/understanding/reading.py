"""What the assistant reads in a message: its ranked labels and language, and the two questions that it may ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.knowledge.live import Current
from assistant.names import CONTACT
from assistant.understanding.classifier import Classifier, kind_of
from assistant.understanding.doubles import Pair, ReadCut, Seen, in_order, likeliest_pair
from assistant.understanding.evidence import Evidence, evidence, likely_both
from assistant.understanding.followup import asked_by, complete, read_as
from assistant.understanding.halves import Cut, asks, halves, last_sentence, middle
from assistant.understanding.records import Double, Half, Ranked, Reading
from assistant.understanding.two_questions import label_of

#: How many labels a reading keeps, and how many that of a half does.
KEPT = 10
KEPT_OF_HALF = 6
#: How much likelier the labels of the subject of the conversation are in a follow-up: docs/adr/0005-decision.md.
_FOLLOW_UP_WEIGHTS = {"fait": 3.0, "inconnu": 1.5}
#: From this probability on a message is the small talk that it is alone: « ah cool, merci » after an answer, too.
_SMALL_TALK = 0.6
#: The order of two questions that nothing parts is found from this probability on: it takes as long as all the rest.
_WORTH_ORDERING = 0.3
#: The kinds of messages that no fact answers.
_NO_FACT = {"inconnu", "hors_sujet"}


def training_text(text: str, before: str | None, current: Current) -> str:
    """Return what is learnt from a question: a follow-up as it is read in its conversation, any other as it is.

    Bare, a follow-up may mean anything: « et où ? » is learnt with what it is about only.

    Args:
        text: the question.
        before: the id of the fact answered just before it, for a follow-up.
        current: what the assistant knows.
    """
    fact = current.knowledge.fact(before or "")
    about = current.knowledge.taken_up(fact.subject, fact.id) if fact else None
    return complete(text, *about) if about and not current.finder.names_subject(text) else text


class _Before(NamedTuple):
    """What was spoken of before a half: the subject and the fact."""

    subject: str | None
    fact: str | None


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
        about = current.knowledge.taken_up(subject, fact)
        whole = read_as(text, current.finder.names_subject(text), about)
        ranked = self._rank(text, whole, subject)
        found = self._two_questions(text, whole, ranked, current, _Before(subject, fact))
        gibberish = self.classifier.gibberish(current.finder.without_names(text))
        double = found and _double(text, ranked, found)
        return Reading(ranked, self.classifier.language(text), double, gibberish, self.classifier.premise(text))

    def pair_and_evidence(self, text: str, current: Current) -> tuple[Pair, Evidence] | None:
        """Return the two facts that a message would ask for if it asked two questions, and what speaks for that.

        Args:
            text: the message, with nothing before it.
            current: what the assistant knows.

        Returns:
            them; None where no messages with two questions were learnt, or there are not two facts.
        """
        found = self._two_questions(text, text, self._rank(text, text, None), current, _Before(None, None))
        return found and (found.pair, found.evidence)

    def _two_questions(
        self, text: str, whole: str, ranked: Ranked, current: Current, before: _Before
    ) -> "_Found | None":
        """Find the two questions of a message.

        Args:
            text: the message.
            whole: the message with what it is about.
            ranked: its labels.
            current: what the assistant knows.
            before: what was spoken of before it.
        """
        doubles, knowledge = self.classifier.doubles, current.knowledge
        if doubles is None:
            return None
        answers = {label_of(fact.id): fact.answer for fact in knowledge.facts.values()} | {CONTACT: CONTACT}
        asked = {label: margin for label, margin in doubles.asked(whole).items() if label in answers}
        cuts = halves(text)
        seen = Seen(text, self._cuts(cuts, current, before), asked, doubles.shape(text))
        pair = likeliest_pair(seen, answers)
        if pair is None:
            return None
        may_answer = {CONTACT, *map(label_of, current.finder.may_answer(text))}
        named = sum(label in may_answer for label in pair.labels)
        one = max((score for label, score in ranked if label in asked), default=0.0)
        against = sum(score for label, score in ranked if kind_of(label) in _NO_FACT)
        speaking = evidence(pair, seen, named, one, against)
        if pair.cut is not None:
            return _Found(pair, speaking, (cuts[pair.cut], seen.cuts[pair.cut]))
        if likely_both(speaking) >= _WORTH_ORDERING:
            pair = in_order(pair, *(doubles.asked(part) for part in middle(text)))
        return _Found(pair, speaking, None)

    def _cuts(self, cuts: Sequence[Cut], current: Current, before: _Before) -> list[ReadCut]:
        """Return both halves of each cut, ranked; what a second leaves out is what its first is about."""
        firsts = self._halves([(cut.one, before) for cut in cuts], current)
        behind = [_behind(first, current) or before for first in firsts]
        seconds = [(cut.other, before) for cut, before in zip(cuts, behind, strict=True)]
        ranked = self._halves(seconds, current)
        others = [
            read if _is_about(read[0][0], before.subject) else _looked_up(text, before, current) or read
            for (text, before), read in zip(seconds, ranked, strict=True)
        ]
        return [
            ReadCut(first, other, cut.weak, asks(cut.one), asks(cut.other))
            for cut, first, other in zip(cuts, firsts, others, strict=True)
        ]

    def _halves(self, parts: Sequence[tuple[str, _Before]], current: Current) -> list[Ranked]:
        """Return each half as it is read best; all are ranked at once, since each call takes its time."""
        readings = [_readings(text, current, before) for text, before in parts]
        texts = sorted(set().union(*readings))
        scores = dict(zip(texts, self.classifier.scores(texts), strict=True)) if texts else {}
        return [
            max((self._best(scores[reading]) for reading in sorted(of_half)), key=_best_fact) for of_half in readings
        ]

    def _best(self, scores: NDArray[np.float32]) -> Ranked:
        return _rounded(self.classifier.best(scores, KEPT_OF_HALF))

    def _rank(self, text: str, whole: str, subject: str | None) -> Ranked:
        """Return the labels of a message; a follow-up is read as it is and completed, its subject's labels ahead."""
        alone, *completed = self.classifier.scores([text] if whole == text else [text, whole])
        likeliest, probability = self.classifier.best(alone, 1)[0]
        if not completed or (kind_of(likeliest) == "conversation" and probability >= _SMALL_TALK):
            return _rounded(self.classifier.best(alone, KEPT))
        scores = np.mean([alone, *completed], axis=0)
        weights = [
            _FOLLOW_UP_WEIGHTS.get(kind_of(label), 1.0) if _is_about(label, subject) else 1.0
            for label in self.classifier.labels
        ]
        return _rounded(self.classifier.best(scores * weights / np.dot(scores, weights), KEPT))


class _Found(NamedTuple):
    """The two facts that a message may ask for, what speaks for both, and the cut that has them, as text and ranked."""

    pair: Pair
    evidence: Evidence
    cut: tuple[Cut, ReadCut] | None


def _double(text: str, ranked: Ranked, found: _Found) -> Double:
    """Return the two questions of a message; where nothing parts them, both are the whole message."""
    one, other = found.pair.labels
    texts, of_one, of_other = (text, text), dict(ranked), dict(ranked)
    if found.cut:
        cut, read = found.cut
        texts, of_one, of_other = (cut.one, cut.other), dict(read.one), dict(read.other)
    return Double(
        Half(texts[0], one, of_one.get(one, 0.0)),
        Half(texts[1], other, of_other.get(other, 0.0)),
        round(likely_both(found.evidence), 4),
    )


def _readings(text: str, current: Current, before: _Before) -> set[str]:
    """Return the ways to read a half: alone, its last sentence only, and with what it is about behind them."""
    mentioned = current.finder.subject(text)
    about = current.knowledge.taken_up(mentioned or before.subject, None if mentioned else before.fact)
    parts = {text, last_sentence(text)}
    if not about:
        return parts
    return parts | {complete(part, *about) for part in parts if not current.finder.names_subject(part)}


def _looked_up(text: str, before: _Before, current: Current) -> Ranked | None:
    """Return the fact that a bare question word asks for after another: « Quand l'OCAM a-t-elle été créée et où ? »."""
    asked = asked_by(text)
    if not asked or not before.subject:
        return None
    facts = current.knowledge.facts_answering(before.subject, asked, before.fact)
    return next((((label_of(fact.id), 1.0),) for fact in facts if fact.id != before.fact), None)


def _behind(first: Ranked, current: Current) -> _Before | None:
    """Return what comes before the second half: the likeliest fact of the first."""
    likeliest = current.knowledge.fact(first[0][0].partition("/")[2])
    return _Before(likeliest.subject, likeliest.id) if likeliest else None


def _is_about(label: str, subject: str | None) -> bool:
    return label.partition("/")[2].split(".")[0] == subject


def _rounded(ranked: list[tuple[str, float]]) -> Ranked:
    return tuple((label, round(score, 4)) for label, score in ranked)


def _best_fact(ranked: Ranked) -> float:
    """Return the score of the likeliest fact."""
    return max((score for label, score in ranked if kind_of(label) == "fait"), default=0.0)
