"""What the answer threshold buys: right answers against wrong ones, as it moves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.dialogue.records import Thresholds
from evaluation.outcomes import Ask
from evaluation.questions import Conversation
from evaluation.scoring import Scored, share

#: The answer thresholds that are tried.
GRID = tuple(float(round(threshold, 2)) for threshold in [*np.arange(0.3, 0.95, 0.05), 0.95, 0.97, 0.99])


@dataclass(frozen=True)
class Point:
    """The figures at one threshold.

    Attributes:
        threshold: the answer threshold.
        right: the share of the page's questions that get the right fact at once.
        wrong: the share of the page's questions that get a wrong fact.
        near: the share of near-domain questions that get a fact.
    """

    threshold: float
    right: float
    wrong: float
    near: float


def curve(conversations: Sequence[Conversation], at: Callable[[Thresholds], Ask]) -> list[Point]:
    """Return the figures at each threshold of the grid and at the one in use.

    Args:
        conversations: the questions; only those of the page and those near it count.
        at: returns what asks the assistant with other thresholds.
    """
    asked = [one[0] for one in conversations if one[0].kind in {"faits", "voisins"}]
    used = Thresholds()
    points = []
    for threshold in sorted({*GRID, used.answer}):
        ask = at(replace(used, answer=threshold))
        scored = [Scored(question, ask([question.text])[0]) for question in asked]
        facts = [one for one in scored if one.question.kind == "faits"]
        near = [one for one in scored if one.question.kind == "voisins"]
        points.append(
            Point(
                threshold,
                share(facts, lambda one: one.right).value,
                share(facts, lambda one: one.wrong).value,
                share(near, lambda one: bool(one.given)).value,
            )
        )
    return points
