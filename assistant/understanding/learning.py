"""From what is taught to a classifier: single questions, messages that ask two, and more of those made out of both."""

from collections.abc import Sequence
from pathlib import Path

from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.live import Current
from assistant.understanding.classifier import Classifier
from assistant.understanding.doubles import TaughtDoubles
from assistant.understanding.reading import training_text
from assistant.understanding.two_questions import Taught, TwoQuestions, joined, read_two_questions

#: How many messages that ask two questions are made out of single ones, beside those that people wrote.
MADE = 5000


def taught_doubles(folder: Path) -> tuple[TwoQuestions, ...]:
    """Return the messages that ask two questions of a folder of files.

    Raises:
        KnowledgeError: there is no such folder, a file cannot be read, or a row of it is wrong.
    """
    if not folder.is_dir():
        raise KnowledgeError(folder, "ce dossier manque ; remettez-le (git checkout).")
    return tuple(double for path in sorted(folder.glob("*.yml")) for double in read_two_questions(path))


def as_questions(singles: Sequence[Taught], doubles: Sequence[TwoQuestions]) -> list[Taught]:
    """Return all that is learnt as a question: the single ones, and each half of those that ask two."""
    return [*singles, *(half for double in doubles for half in double.taught)]


def learnt(singles: Sequence[Taught], doubles: Sequence[TwoQuestions], current: Current) -> Classifier:
    """Return a classifier that learnt what is taught.

    Args:
        singles: the questions, each with its label.
        doubles: the messages that ask two questions; each half is learnt as a question, too.
        current: what the assistant knows: what follow-ups are about.
    """
    taught = as_questions(singles, doubles)
    texts = [training_text(one.text, one.before, current) for one in taught]
    whole = [one.text for one in singles if one.before is None]
    both = TaughtDoubles(doubles, joined(taught, MADE), whole) if doubles else None
    return Classifier.train(texts, [one.label for one in taught], both, [one.premise for one in taught])
