"""From decisions to figures: what a reply counts as, and the table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assistant.dialogue.context import after
from assistant.dialogue.decide import CONTACT
from assistant.dialogue.records import Context, Decision
from evaluation.questions import Question

Decide = Callable[[str, Context], Decision]


@dataclass(frozen=True)
class Scored:
    """One question with the decision it got."""

    question: Question
    decision: Decision

    @property
    def given(self) -> str | None:
        """The id of the fact that was given, or None: a contact that opens with a refusal gives none."""
        if self.decision.kind == "answer":
            return self.decision.facts[0]
        return CONTACT if self.decision.kind == "contact" and not self.decision.uncovered else None

    @property
    def right(self) -> bool:
        """Whether the fact given is one that the question accepts."""
        return self.given in self.question.accepted

    @property
    def wrong(self) -> bool:
        """Whether a fact was given that the question does not accept."""
        return self.given is not None and not self.right

    @property
    def offered(self) -> bool:
        """Whether the right fact was given, or is among the choices."""
        choices = self.decision.facts if self.decision.kind == "choices" else ()
        return self.right or any(fact in self.question.accepted for fact in choices)


@dataclass(frozen=True)
class Figure:
    """One line of the table: so many of so many."""

    name: str
    count: int
    total: int

    def __str__(self) -> str:
        """Return the line as it is printed."""
        share = self.count / self.total if self.total else 0.0
        return f"{self.name:<62} {share:6.1%}  ({self.count}/{self.total})"


def score(questions: Iterable[Question], decide: Decide) -> list[Scored]:
    """Return each question with its decision, each asked in a conversation of its own."""
    return [Scored(question, decide(question.text, Context())) for question in questions]


def score_conversation(turns: Iterable[Question], decide: Decide) -> list[Scored]:
    """Return the turns of one conversation with their decisions, the context carried on."""
    context, scored = Context(), []
    for turn in turns:
        decision = decide(turn.text, context)
        context = after(context, decision)
        scored.append(Scored(turn, decision))
    return scored


def turn_is_right(scored: Scored) -> bool:
    """Return whether a turn got what it accepts: a fact, small talk, or no fact where none is right."""
    if not scored.question.accepted:
        return scored.given is None
    return scored.right or scored.decision.topic in scored.question.accepted


def counted(name: str, scored: list[Scored], holds: Callable[[Scored], bool]) -> Figure:
    """Return how many of the scored questions something holds for."""
    return Figure(name, sum(map(holds, scored)), len(scored))
