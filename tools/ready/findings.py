"""What is found of each thing that must be there before the assistant goes online, and what to do about it."""

from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from assistant.settings import ROOT

FILL = "make pret ARGS=--remplir"


class State(Enum):
    """How a thing stands, as it is said."""

    DONE = "fait"
    MISSING = "manque"
    ADVICE = "conseil"


class Finding(NamedTuple):
    """How one thing stands.

    Attributes:
        place: the file and line to edit, or the variable to set.
        said: what it is and what to do, in French.
    """

    place: str
    state: State
    said: str

    def __str__(self) -> str:
        return f"{self.place}: {self.state.value} : {self.said}"


def place(path: Path, line: int) -> str:
    """Return a line of a file as it is said: a file of the project without the project's own folder."""
    return f"{shown(path)}:{line}"


def shown(path: Path) -> str:
    """Return a file as it is said: without the project's own folder."""
    return (path.relative_to(ROOT) if path.is_relative_to(ROOT) else path).as_posix()


def missing(findings: Sequence[Finding]) -> list[Finding]:
    """Return what must be there and is not."""
    return [finding for finding in findings if finding.state is State.MISSING]


def summary(findings: Sequence[Finding]) -> str:
    """Return how much is missing, in one line."""
    count = len(missing(findings))
    if not count:
        return "Rien ne manque : l'assistant est prêt à être mis en ligne."
    things = "1 chose" if count == 1 else f"{count} choses"
    return f"Il manque {things} ; « {FILL} » les demande une à une."
