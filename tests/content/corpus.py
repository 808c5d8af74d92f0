"""The data of this repository, read once: what the tests of this folder look at."""

import re
from functools import lru_cache
from typing import Any, NamedTuple

import yaml

from assistant.french import fold
from assistant.knowledge.base import Knowledge
from assistant.knowledge.loader import load_knowledge
from assistant.settings import ROOT

DATA = ROOT / "data"
QUESTIONS = ROOT / "evaluation" / "questions"


class Example(NamedTuple):
    """One question of the training data, with its label and its file."""

    text: str
    label: str
    file: str


class Asked(NamedTuple):
    """One question of the evaluation, with what it accepts; `place` tells it without showing a sealed text."""

    text: str
    accepted: tuple[str, ...]
    place: str


@lru_cache(maxsize=1)
def knowledge() -> Knowledge:
    return load_knowledge(ROOT / "knowledge")


@lru_cache(maxsize=1)
def training() -> tuple[Example, ...]:
    found = []
    for path in sorted((DATA / "nlu").rglob("*.yml")):
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            for row in block["examples"].splitlines():
                text = re.sub(r"^\s*-\s?", "", row).strip()
                found.append(Example(text, block["intent"], path.relative_to(DATA / "nlu").as_posix()))
    return tuple(found)


def texts_of(label: str) -> set[str]:
    """Return the different questions (folded) of a label."""
    return {fold(example.text) for example in training() if example.label == label}


@lru_cache(maxsize=1)
def evaluation() -> tuple[Asked, ...]:
    found = []
    for path in sorted(QUESTIONS.rglob("*.yml")):
        content = yaml.safe_load(path.read_text("utf-8"))
        rows = [turn for conversation in content.get("conversations", []) for turn in conversation["tours"]]
        for number, row in enumerate([*rows, *content.get("questions", [])], 1):
            place = f"{path.relative_to(QUESTIONS).as_posix()} n° {number}"
            found.append(Asked(row["question"], _flat(row.get("attendu", [])), place))
    return tuple(found)


def _flat(accepted: Any) -> tuple[str, ...]:
    if isinstance(accepted, str):
        return (accepted,)
    return tuple(label for item in accepted for label in _flat(item))


@lru_cache(maxsize=1)
def responses() -> dict[str, tuple[str, ...]]:
    """Return the texts of each response of `data/responses/`."""
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted((DATA / "responses").glob("*.yml")):
        for name, variants in yaml.safe_load(path.read_text("utf-8"))["responses"].items():
            found[name] = tuple(variant["text"] for variant in variants)
    return found


def passage(text: str) -> str:
    """Return a text with each run of blanks as one space."""
    return " ".join(text.split())
