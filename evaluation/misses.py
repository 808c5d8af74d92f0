"""The missed questions of `dev`, as a table that a person can act on. Those of `sealed` are shown nowhere."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from assistant.dialogue.wording import CONTACT_QUESTION
from assistant.knowledge.base import Knowledge
from assistant.names import CONTACT
from evaluation.outcomes import Outcome
from evaluation.scoring import Scored

SHOWN = "dev"
COLUMNS = (
    "question",
    "avant",
    "registre",
    "genre",
    "attendu",
    "questions attendues",
    "donné",
    "score",
    "candidats",
    "raison",
)
_BEST = 3


def missed(scored: Iterable[Scored]) -> list[Scored]:
    """Return the questions of `dev` that went wrong."""
    return [one for one in scored if one.question.half == SHOWN and one.verdict != "juste"]


def row(scored: Scored, knowledge: Knowledge) -> tuple[str, ...]:
    """Return what is to be known of a question, in the order of `COLUMNS`."""
    question, outcomes = scored.question, scored.outcomes
    expected = " puis ".join(" ou ".join(part) for part in question.accepted)
    candidates = [f"{one.label} {one.score:.2f}" for outcome in outcomes for one in outcome.candidates[:_BEST]]
    return (
        question.text,
        " / ".join(question.before),
        question.register or "",
        question.kind,
        expected or " ou ".join(question.topics) or "aucun fait",
        " / ".join(asked_by(fact, knowledge) for fact in question.facts),
        " puis ".join(map(what_came, outcomes)),
        " puis ".join(f"{outcome.score:.2f}" for outcome in outcomes if outcome.score is not None),
        " | ".join(candidates),
        " puis ".join(outcome.reason for outcome in outcomes),
    )


def what_came(outcome: Outcome) -> str:
    """Return what was given or offered, or else what was done."""
    if outcome.choices:
        return "choix : " + ", ".join(outcome.choices)
    return ", ".join(outcome.given) or outcome.topic or outcome.reason.partition(" (")[0] or outcome.kind


def asked_by(fact_id: str, knowledge: Knowledge) -> str:
    """Return the question that a fact answers."""
    return CONTACT_QUESTION if fact_id == CONTACT else str(knowledge.facts[fact_id].question)


def write_table(columns: Sequence[str], rows: Iterable[Sequence[str]], path: Path) -> None:
    """Write a table that a French spreadsheet opens: semicolons, and a mark that it is UTF-8."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(columns)
        writer.writerows(rows)
