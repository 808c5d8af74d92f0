"""Messages that ask two questions: those that are taught, read from their files, and those made out of single ones."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.yaml_files import read_yaml
from assistant.names import CONTACT
from assistant.understanding.halves import without_link

#: Where the second question of a message that is taught begins.
MARK = "¦"
#: The key of a file, those of its rows, and how many questions a row has.
KEY = "deux_questions"
_KEYS = {"question", "faits"}
_BOTH = 2

#: How people join two questions; what they write most often is there more than once.
_JOINS = (" et ",) * 2 + (
    "? et ",
    ", et ",
    ", ",
    " ",
    " puis ",
    " ? ",
    " ; ",
    " + ",
    ". ",
    " et aussi ",
    " ainsi que ",
    " / ",
    " - ",
)
#: What is left out where the questions are joined.
_ENDS = " ?.!,;"
#: Of so many messages that are made, the second question follows up the first; in others, both are of one subject.
_FOLLOWED_UP, _OF_ONE_SUBJECT = 0.45, 0.3
#: Longer messages are not made.
_MOST_WORDS = 45


class Taught(NamedTuple):
    """A question of the training data.

    Attributes:
        text: the question.
        label: its label.
        before: the id of the fact before it, for a follow-up.
        premise: whether it takes for true what the fact that answers it puts right, or confirms.
    """

    text: str
    label: str
    before: str | None = None
    premise: bool = False


@dataclass(frozen=True)
class TwoQuestions:
    """A message that asks two questions.

    Attributes:
        one: its first question, with what joins them.
        other: its second question.
        facts: the ids of the two facts that answer, or `contact`.
        line: where it stands in its file; 0 where it was made.
    """

    one: str
    other: str
    facts: tuple[str, str]
    line: int = 0

    @property
    def text(self) -> str:
        """The whole message."""
        return f"{self.one} {self.other}"

    @property
    def labels(self) -> tuple[str, str]:
        """The labels of both."""
        return label_of(self.facts[0]), label_of(self.facts[1])

    @property
    def taught(self) -> tuple[Taught, Taught]:
        """Its two questions alone: the second follows up the first."""
        one, other = self.labels
        return Taught(without_link(self.one), one), Taught(self.other, other, self.facts[0])


def label_of(fact: str) -> str:
    """Return the label of the questions about a fact, or about the contact."""
    return fact if fact == CONTACT else f"fait/{fact}"


def fact_of(label: str) -> str | None:
    """Return the fact, or `contact`, that a label asks for, or None where it asks for none."""
    return label if label == CONTACT else label.partition("/")[2] if label.startswith("fait/") else None


def read_two_questions(path: Path) -> tuple[TwoQuestions, ...]:
    """Return the messages of a file of `data/deux_questions/`.

    Raises:
        KnowledgeError: the file cannot be read, or a row of it is wrong; the message has file, line and what to do.
    """
    document = read_yaml(path)
    rows = document.content.get(KEY)
    if set(document.content) != {KEY} or not isinstance(rows, list):
        raise KnowledgeError(path, f"il faut ici « {KEY}: », puis une liste de messages.", 1)
    return tuple(_row(path, row, document.line((KEY, number))) for number, row in enumerate(rows))


def _row(path: Path, row: object, line: int) -> TwoQuestions:
    if not isinstance(row, dict) or set(row) != _KEYS:
        raise KnowledgeError(path, "il faut ici « question » et « faits », rien d'autre.", line)
    parts = [part.strip() for part in str(row["question"]).split(MARK)]
    if len(parts) != _BOTH or not all(parts):
        problem = f"il faut un seul « {MARK} », là où commence la seconde question, et un texte de chaque côté."
        raise KnowledgeError(path, problem, line, "question")
    facts = row["faits"]
    if not isinstance(facts, list) or len(facts) != _BOTH or facts[0] == facts[1]:
        raise KnowledgeError(path, "il faut ici les deux faits qui répondent : [sujet.attribut, ...].", line, "faits")
    return TwoQuestions(parts[0], parts[1], (str(facts[0]), str(facts[1])), line)


def joined(taught: Sequence[Taught], many: int, seed: int = 0) -> list[TwoQuestions]:
    """Make messages that ask two questions out of single ones, always the same for the same data and seed.

    Args:
        taught: the questions of the training data, follow-ups among them.
        many: how many messages to make.
        seed: the seed of what is drawn.

    Returns:
        them; none where there are not two facts to ask for.
    """
    questions, follow_ups, of_subject = _by_fact(taught)
    facts = sorted(questions)
    if len(facts) < _BOTH:
        return []
    followed = sorted(pair for pair in follow_ups if pair[0] in questions and pair[0] != pair[1])
    drawn = random.Random(seed)

    def make() -> TwoQuestions | None:
        kind = drawn.random()
        if followed and kind < _FOLLOWED_UP:
            first, second = drawn.choice(followed)
            other = drawn.choice(follow_ups[first, second])
        else:
            same = of_subject[drawn.choice(facts).partition(".")[0]]
            near = kind < _FOLLOWED_UP + _OF_ONE_SUBJECT and len(same) >= _BOTH
            first, second = drawn.sample(same if near else facts, _BOTH)
            other = drawn.choice(questions[second])
        one = drawn.choice(questions[first]).rstrip(_ENDS) + drawn.choice(_JOINS).rstrip()
        made = TwoQuestions(one, other, (first, second))
        return made if len(made.text.split()) <= _MOST_WORDS else None

    tries = (make() for _ in range(2 * many))
    return list(islice((made for made in tries if made), many))


def _by_fact(
    taught: Sequence[Taught],
) -> tuple[dict[str, list[str]], dict[tuple[str, str], list[str]], dict[str, list[str]]]:
    """Return the questions by fact, the follow-ups by the facts before and asked for, and the facts by subject."""
    questions: dict[str, list[str]] = defaultdict(list)
    follow_ups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in taught:
        fact = fact_of(one.label)
        if fact and one.before:
            follow_ups[one.before, fact].append(one.text)
        elif fact:
            questions[fact].append(one.text)
    of_subject: dict[str, list[str]] = defaultdict(list)
    for fact in sorted(questions):
        of_subject[fact.partition(".")[0]].append(fact)
    return questions, follow_ups, of_subject
