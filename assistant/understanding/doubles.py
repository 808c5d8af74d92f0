"""Whether a message asks two questions, and which: « Quand l'OCAM a-t-elle été créée, et par qui ? ».

Two opinions count beside the halves that a message can be cut into: for each fact, whether the whole message asks for
it, whatever else it asks for; and whether the message has the shape of two questions. What each brings, and where the
weights come from: docs/adr/0006-conversation.md.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import NamedTuple

from assistant.understanding.features import Featurizer, TextFeaturizer
from assistant.understanding.machines import Machines
from assistant.understanding.records import Ranked
from assistant.understanding.shape import ShapeFeaturizer
from assistant.understanding.two_questions import TwoQuestions, fact_of

#: How much a half says of its fact beside what the whole message says of it, and how sharp that is (a logistic curve).
_OF_HALF = 0.7
_SHARPNESS, _MIDDLE = 3.0, -0.4
#: Keeps the logarithm of what is unlikely from running away.
_LEAST = 1e-3
#: How many facts of each half are looked at.
_FACTS_OF_HALF = 4
_TWO = "deux"


@dataclass(frozen=True)
class TaughtDoubles:
    """What is taught of messages that ask two questions.

    Attributes:
        written: those that people wrote; not empty.
        made: those that were made out of single questions.
        single: messages that ask one question, and are no follow-ups.
    """

    written: Sequence[TwoQuestions]
    made: Sequence[TwoQuestions]
    single: Sequence[str]


class Doubles:
    """Tells, of a message, the facts that it asks for, and whether it has the shape of two questions."""

    def __init__(self, of_facts: Machines, shapes: ShapeFeaturizer, of_shapes: Machines) -> None:
        self._of_facts = of_facts
        self._shapes = shapes
        self._of_shapes = of_shapes

    @classmethod
    def train(
        cls, features: Featurizer, texts: Sequence[str], labels: Sequence[str], taught: TaughtDoubles
    ) -> "Doubles":
        """Learn from questions, with one label each, and from messages that ask two.

        Args:
            features: the features of the texts, learnt.
            texts: the questions, as they are read.
            labels: their labels.
            taught: the messages that ask two questions, and single ones beside them.
        """
        doubles = [*taught.written, *taught.made]
        asked = [{label} if fact_of(label) else set[str]() for label in labels]
        of = [*asked, *(set(double.labels) for double in doubles)]
        of_facts = Machines.train_each(features, texts, of, [double.text for double in doubles])
        # Made messages have the shapes that a program draws: people's alone teach them.
        whole = [*taught.single, *(double.text for double in taught.written)]
        shapes = ShapeFeaturizer().fit(whole)
        two = [()] * len(taught.single) + [(_TWO,)] * len(taught.written)
        return cls(of_facts, shapes, Machines.train_each(shapes, whole, two))

    def asked(self, text: str) -> dict[str, float]:
        """Return, for the label of each fact, how far a message is on its side (0 is the border)."""
        return dict(zip(self._of_facts.classes, map(float, self._of_facts.margins([text])[0]), strict=True))

    def shape(self, text: str) -> float:
        """Return how far a message is on the side of two questions, by its shape."""
        return float(self._of_shapes.margins([text])[0, 0])

    def save(self, folder: Path) -> None:
        """Write it into a folder, without pickle."""
        self._shapes.save(folder, "shapes")
        self._of_facts.save(folder, "asked")
        self._of_shapes.save(folder, "two")

    @staticmethod
    def is_in(folder: Path) -> bool:
        """Return whether `save` wrote into a folder."""
        return (folder / "two.json").exists()

    @classmethod
    def load(cls, features: TextFeaturizer, folder: Path) -> "Doubles":
        """Read what `save` wrote; the features are those of the classifier."""
        shapes = ShapeFeaturizer.load(folder, "shapes")
        return cls(Machines.load(features, folder, "asked"), shapes, Machines.load(shapes, folder, "two"))


@dataclass(frozen=True)
class ReadCut:
    """A message cut in two, each half with its ranked labels.

    Attributes:
        one: the labels of the first half.
        other: the labels of the second.
        weak: whether nothing but a comma parts them, or one of them is not worded as a question.
        one_asks: whether the first is worded as a question.
        other_asks: whether the second is.
    """

    one: Ranked
    other: Ranked
    weak: bool
    one_asks: bool
    other_asks: bool


class Seen(NamedTuple):
    """What is seen of a message.

    Attributes:
        text: the message.
        cuts: the ways to cut it.
        asked: how far the whole message is on the side of each fact, by label.
        shape: how far it is on the side of two questions, by its shape.
    """

    text: str
    cuts: Sequence[ReadCut]
    asked: Mapping[str, float]
    shape: float


class Pair(NamedTuple):
    """Two facts that a message may ask for.

    Attributes:
        labels: their labels, in the order of the message.
        cut: the place, among the cuts, of the one whose halves ask for them; None where the whole message says so.
        likely: how likely both are, as a logarithm.
    """

    labels: tuple[str, str]
    cut: int | None
    likely: float


def likeliest_pair(seen: Seen, answers: Mapping[str, str]) -> Pair | None:
    """Return the two facts that a message would ask for if it asked two questions.

    Args:
        seen: what is seen of it.
        answers: what the answer of each fact is, by label: two facts with one answer are one.
    """
    found = [*_of_cuts(seen.cuts, seen.asked), *_of_whole(seen.asked)]
    apart = [pair for pair in found if answers[pair.labels[0]] != answers[pair.labels[1]]]
    return max(apart, key=lambda pair: pair.likely, default=None)


def in_order(pair: Pair, begins: Mapping[str, float], ends: Mapping[str, float]) -> Pair:
    """Return a pair that the whole message told, in the order of the message.

    Args:
        pair: the two facts.
        begins: how far the beginning of the message is on the side of each fact.
        ends: how far its end is.
    """
    one, other = pair.labels
    turned = begins[one] - ends[one] < begins[other] - ends[other]
    return pair._replace(labels=(other, one)) if turned else pair


def _of_cuts(cuts: Sequence[ReadCut], asked: Mapping[str, float]) -> Iterator[Pair]:
    for place, cut in enumerate(cuts):
        firsts, seconds = _facts(cut.one, asked), _facts(cut.other, asked)
        for (one, of_one), (other, of_other) in product(firsts, seconds):
            if one != other:
                yield Pair((one, other), place, _likely(of_one, asked[one]) + _likely(of_other, asked[other]))


def _of_whole(asked: Mapping[str, float]) -> Iterator[Pair]:
    best = sorted(asked, key=asked.__getitem__, reverse=True)[:2]
    if len(best) > 1:
        yield Pair((best[0], best[1]), None, sum(_likely(0.0, asked[label]) for label in best))


def _facts(ranked: Ranked, asked: Mapping[str, float]) -> list[tuple[str, float]]:
    return [(label, score) for label, score in ranked if label in asked][:_FACTS_OF_HALF]


def _likely(of_half: float, of_whole: float) -> float:
    """Return the logarithm of how likely a fact is asked for, by a half and by the whole message."""
    likely = 1 / (1 + math.exp(-_SHARPNESS * (of_whole - _MIDDLE)))
    return math.log(_OF_HALF * of_half + (1 - _OF_HALF) * likely + _LEAST)
