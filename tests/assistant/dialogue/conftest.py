"""Decisions on texts, from candidates made up for each case and the project's own knowledge."""

from collections.abc import Mapping

import pytest

from assistant.dialogue.decide import decide
from assistant.dialogue.message import Message
from assistant.dialogue.records import Context, Decision, Thresholds
from assistant.knowledge.live import LiveKnowledge
from assistant.understanding.records import Double, Ranked, Reading

Scores = Mapping[str, float]


class Decide:
    """Decides on a text with made-up candidates."""

    def __init__(self, live: LiveKnowledge) -> None:
        self._live = live

    def __call__(
        self,
        text: str,
        candidates: Scores,
        context: Context | None = None,
        language: tuple[str, float] = ("fr", 1.0),
        premise: float = -1.0,
    ) -> Decision:
        """Return the one decision on a text; `premise` says by which margin it takes something for true."""
        current = self._live.current
        message = Message.of(text, Reading(_ranked(candidates), language, premise=premise), current)
        (decision,) = decide(message, context or Context(), current.knowledge, Thresholds())
        return decision

    def each(
        self,
        text: str,
        candidates: Scores,
        double: Double | None = None,
        context: Context | None = None,
        language: tuple[str, float] = ("fr", 1.0),
    ) -> tuple[Decision, ...]:
        """Return the decisions on a text; `double` has the two questions that it would ask."""
        current = self._live.current
        message = Message.of(text, Reading(_ranked(candidates), language, double), current)
        return decide(message, context or Context(), current.knowledge, Thresholds())


def _ranked(scores: Scores) -> Ranked:
    return tuple(sorted(scores.items(), key=lambda item: -item[1]))


@pytest.fixture
def decided(live: LiveKnowledge) -> Decide:
    return Decide(live)
