"""What the assistant made of a message, in the same words however it was asked: in process or over REST."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant.dialogue.decide import ERASURE, PRIVACY
from assistant.dialogue.records import Candidate
from assistant.knowledge.base import Knowledge
from assistant.knowledge.passages import Passage
from assistant.names import CONTACT
from evaluation.questions import DISTRESS, REPEAT

#: Kinds whose buttons are choices; those of a refusal are suggestions.
WITH_CHOICES = frozenset({"choices", "clarify"})
#: What is given by a quoted sentence that no fact quotes of.
PASSAGE = "passage"
#: What a message that the guard stopped counts as.
STOPPED = "stopped"
#: The topic of what is no fact, by the kind of the decision; small talk has its own.
_TOPICS = {"distress": DISTRESS, "erasure": ERASURE, "nothing_to_repeat": REPEAT}


@dataclass(frozen=True)
class Outcome:
    """One of the replies to a message. Two are equal when a visitor got the same.

    Attributes:
        kind: the kind of the decision (`answer`, `contact`, `choices`, `refusal`, ...), or `stopped` by the guard.
        given: ids of the fact given: several where facts share one answer, `contact` for a contact; none for a contact
            that opens with a refusal; for a quoted sentence those that quote of it, or `passage`.
        choices: ids of the facts offered as choices.
        topic: the small talk that it was taken for, or `detresse`.
        text: what is said.
        score: the score of the fact given, or of the best candidate, where it is known.
        reason: the decision and its reason in French, as `/pourquoi` says it, where they are known.
        candidates: the best candidates, where they are known.
    """

    kind: str
    given: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    topic: str | None = None
    text: str = field(default="", compare=False)
    score: float | None = field(default=None, compare=False)
    reason: str = field(default="", compare=False)
    candidates: tuple[Candidate, ...] = field(default=(), compare=False)


Outcomes = tuple[Outcome, ...]
#: Sends the messages of one conversation in turn; returns what came of each.
Ask = Callable[[Sequence[str]], list[Outcomes]]


def topic_of(kind: str, topic: str | None = None) -> str | None:
    """Return the topic of an outcome: that of its kind, or its small talk's."""
    return _TOPICS.get(kind) or (ERASURE if topic == PRIVACY else topic)


def stated_in(passage: Passage, knowledge: Knowledge) -> tuple[str, ...]:
    """Return the ids of the facts, and `contact`, that quote of a sentence: who reads it has read them."""
    facts = [fact.id for fact in knowledge.facts.values() if any(map(passage.says, fact.quotes))]
    contacts = [CONTACT for contact in knowledge.contacts if any(map(passage.says, contact.quotes))]
    return (*facts, *contacts[:1])


def same_answer(fact_id: str, knowledge: Knowledge) -> tuple[str, ...]:
    """Return the ids of the facts that have the answer of that one: who reads it cannot tell them apart."""
    if fact_id == CONTACT:
        return (CONTACT,)
    answer = knowledge.facts[fact_id].answer
    return tuple(sorted(fact.id for fact in knowledge.facts.values() if fact.answer == answer))
