"""What speaks for and against two questions in a message, and how likely that makes them.

What each piece counts is learnt (`python -m evaluation.doubles`) and lies in `evidence.yml`: a curve for each, of
straight lines between some points. docs/adr/0006-conversation.md has what they bring.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp
from pathlib import Path

import numpy as np
import yaml

from assistant.understanding.doubles import Pair, ReadCut, Seen
from assistant.understanding.halves import question_words

#: For each piece of evidence, the points where its curve bends (`at`), and what it counts there (`counts`).
Curves = Mapping[str, Mapping[str, Sequence[float]]]
CURVES = Path(__file__).with_name("evidence.yml")


@dataclass(frozen=True)
class Evidence:
    """What speaks for and against two questions in a message.

    Attributes:
        shape: how far it is on the side of two questions, by its shape.
        whole: how far the whole message is on the side of the fact that it is less for.
        third: how far it is on the side of the third likeliest fact.
        halves: the smaller probability of the facts in their halves; 0 where no cut has them.
        better_half: the larger one.
        same: how likely both halves of some cut ask for one and the same fact.
        strong: 1 where more than a comma parts two halves worded as questions.
        both_ask: 1 where both halves are worded as questions.
        marks: how many question marks it has.
        question_words: how many words that ask.
        cuts: how many ways there are to cut it.
        named: how many of the two facts are not about other names than the message's.
        one: how likely the whole message asks for one fact: the probability of the likeliest.
        against: how likely it is one that no fact answers.
    """

    shape: float
    whole: float
    third: float
    halves: float
    better_half: float
    same: float
    strong: float
    both_ask: float
    marks: float
    question_words: float
    cuts: float
    named: float
    one: float
    against: float


def evidence(pair: Pair, seen: Seen, named: float, one: float, against: float) -> Evidence:
    """Return what speaks for and against a pair.

    Args:
        pair: the two facts.
        seen: what is seen of the message.
        named: see `Evidence`.
        one: see `Evidence`.
        against: see `Evidence`.
    """
    cuts, asked = seen.cuts, seen.asked
    cut = None if pair.cut is None else cuts[pair.cut]
    of_halves = (dict(cut.one)[pair.labels[0]], dict(cut.other)[pair.labels[1]]) if cut else (0.0, 0.0)
    third = sorted(asked.values(), reverse=True)[2:3]
    return Evidence(
        shape=seen.shape,
        whole=min(asked[label] for label in pair.labels),
        third=third[0] if third else 0.0,
        halves=min(of_halves),
        better_half=max(of_halves),
        same=max((_same_fact(cut, seen) for cut in cuts), default=0.0),
        strong=float(cut is not None and not cut.weak),
        both_ask=float(cut is not None and cut.one_asks and cut.other_asks),
        marks=seen.text.count("?"),
        question_words=question_words(seen.text),
        cuts=len(cuts),
        named=named,
        one=one,
        against=against,
    )


def _same_fact(cut: ReadCut, seen: Seen) -> float:
    other = dict(cut.other)
    both = (min(score, other[label]) for label, score in cut.one if label in seen.asked and label in other)
    return max(both, default=0.0)


@lru_cache(maxsize=1)
def _learnt() -> Curves:
    curves: Curves = yaml.safe_load(CURVES.read_text("utf-8"))
    return curves


def likely_both(found: Evidence, curves: Curves | None = None) -> float:
    """Return how likely a message asks both questions, from 0 to 1.

    Args:
        found: what speaks for and against it.
        curves: what each piece counts, in log-odds; what was learnt, if none are given.
    """
    counted = (curves or _learnt()).items()
    weighed = sum(np.interp(getattr(found, name), curve["at"], curve["counts"]) for name, curve in counted)
    return float(1 / (1 + exp(-weighed)))
