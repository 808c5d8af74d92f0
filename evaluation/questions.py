"""The question sets: `evaluation/questions/<half>/<kind>.yml`, by authors who saw no training data."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).with_name("questions")
HALVES = ("dev", "sealed")


@dataclass(frozen=True)
class Question:
    """One question and what it accepts.

    Attributes:
        text: the question.
        kind: the name of its file: `faits`, `voisins`, `detresse`, ...
        accepted: ids of the facts that are right (`contact` for the contact), or the small talk that it is.
        register: how it is written: `formel`, `sms`, ...
        language: two letters.
    """

    text: str
    kind: str
    accepted: tuple[str, ...]
    register: str | None
    language: str


def read_questions(half: str, kind: str, folder: Path = FOLDER) -> list[Question]:
    """Return the questions of one file.

    Args:
        half: `dev`, whose misses are shown, or `sealed`, of which only figures are printed.
        kind: the file's name, without its ending.
        folder: where the halves are.

    Raises:
        FileNotFoundError: there is no such file.
        KeyError: a question lacks its text.
    """
    return [_question(row, kind) for row in _rows(folder / half / f"{kind}.yml", "questions")]


def read_conversations(half: str, folder: Path = FOLDER) -> list[list[Question]]:
    """Return the conversations of a half: the turns of each."""
    rows = _rows(folder / half / "conversations.yml", "conversations")
    return [[_question(turn, "conversations") for turn in row["tours"]] for row in rows]


def _rows(path: Path, key: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))[key]
    return rows


def _question(row: dict[str, Any], kind: str) -> Question:
    accepted = row.get("attendu", [])
    return Question(
        text=row["question"],
        kind=kind,
        accepted=(accepted,) if isinstance(accepted, str) else tuple(accepted),
        register=row.get("registre"),
        language=row.get("langue", "fr"),
    )
