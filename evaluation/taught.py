"""The training data, as the component of Rasa learns it."""

import yaml

from assistant.knowledge.live import Current
from assistant.knowledge.loader import load_knowledge
from assistant.names import BEFORE, PREMISE
from assistant.settings import ROOT
from assistant.understanding.learning import as_questions, taught_doubles
from assistant.understanding.mentions import MentionFinder
from assistant.understanding.reading import training_text
from assistant.understanding.two_questions import Taught, TwoQuestions


def current_knowledge() -> Current:
    """Return what the project's own knowledge says follow-ups are about."""
    knowledge = load_knowledge(ROOT / "knowledge")
    return Current(knowledge, MentionFinder(knowledge))


def singles() -> list[Taught]:
    """Return the questions of `data/nlu/`."""
    found: list[Taught] = []
    for path in sorted((ROOT / "data" / "nlu").rglob("*.yml")):
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            about = block.get("metadata", {})
            rows = filter(None, map(str.strip, block["examples"].splitlines()))
            found += (Taught(row[2:], block["intent"], about.get(BEFORE), about.get(PREMISE, False)) for row in rows)
    return found


def doubles() -> tuple[TwoQuestions, ...]:
    """Return the messages of `data/deux_questions/`."""
    return taught_doubles(ROOT / "data" / "deux_questions")


def training_data() -> tuple[list[str], list[str]]:
    """Return the texts and labels of all that is learnt as a question, the halves of double ones among them."""
    current = current_knowledge()
    taught = as_questions(singles(), doubles())
    return [training_text(one.text, one.before, current) for one in taught], [one.label for one in taught]
