"""The content of this repository, read once, as the linter reads it: what the tests of this folder look at."""

from functools import lru_cache

from assistant.knowledge.base import Knowledge
from assistant.knowledge.records import Fact
from assistant.settings import ROOT
from tools.lint_faq.content import Content, read_content


@lru_cache(maxsize=1)
def content() -> Content:
    return read_content(ROOT)


def knowledge() -> Knowledge:
    return content().knowledge


def statements(known: Knowledge) -> list[Fact]:
    """Return each fact, and what earlier documents say of it, as a fact of its own: all are looked at."""
    return [reading for fact in known.facts.values() for reading in fact.readings]


def labels() -> set[str]:
    """Return the labels of the training data."""
    return {label for label, _ in content().labels}


def responses() -> dict[str, tuple[str, ...]]:
    """Return the texts of each response of `data/responses/`."""
    return {name: response.texts for name, response in content().responses.items()}


def passage(text: str) -> str:
    """Return a text with each run of blanks as one space."""
    return " ".join(text.split())
