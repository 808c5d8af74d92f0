"""`make retours`: what visitors said of answers, for those who look after the FAQ."""

import argparse
import csv
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, TextIO

from tabulate import tabulate

from assistant.dialogue import explain
from assistant.settings import Settings
from channels.feedback import Feedback, FeedbackStore

_DESCRIPTION = """\
Montre ce que les visiteurs ont dit des réponses : d'abord un tableau par fait, le plus critiqué en tête, puis chaque
critique, la plus récente en premier. Ce que les visiteurs écrivent n'est pas gardé, et n'est donc pas montré.
"""
#: What may be said of an answer, in French; what is no criticism comes first.
VERDICTS = {
    "yes": "utile",
    "wrong": "fausse",
    "incomplete": "incomplète",
    "other": "autre question",
    "unclear": "pas claire",
}
#: What the assistant did, in French and short enough for a column.
KINDS = {**explain.KINDS, "choices": "choix"}
_SINGLE = ("date (UTC)", "retour", "décision", "faits", "candidats", "modèle", "connaissances")
#: The best candidates say why a decision was taken; the others are noise.
_CANDIDATES = 3
#: Enough of a version to tell two apart; the CSV file has it whole.
_SHORT = 12

Decision = Mapping[str, Any]


def since(feedback: Iterable[Feedback], days: float | None, now: datetime) -> list[Feedback]:
    """Return the feedback of the last days, or all of it."""
    return [one for one in feedback if days is None or now - one.said_at <= timedelta(days=days)]


def summary(feedback: Iterable[Feedback]) -> list[tuple[str, Counter[str]]]:
    """Return how often each thing was said of each fact answered, the most criticised first.

    What is no answer of a fact stands under what it is, in brackets: a refusal has no fact that could be mended.
    """
    counts: dict[str, Counter[str]] = {}
    for one in feedback:
        for name in dict.fromkeys(name for decision in one.decisions for name in _judged(decision)):
            counts.setdefault(name, Counter())[one.verdict] += 1
    return sorted(counts.items(), key=lambda row: (row[1]["yes"] - row[1].total(), row[1]["yes"], row[0]))


def singles(feedback: Iterable[Feedback], short: bool = True) -> list[tuple[str, ...]]:
    """Return one row for each decision that something was said of, as under `_SINGLE`."""
    return [
        (
            f"{one.said_at.astimezone(timezone.utc):%Y-%m-%d %H:%M}",
            VERDICTS.get(one.verdict, one.verdict),
            _kind(decision),
            " ".join(decision.get("facts", [])),
            " ".join(map(_scored, decision.get("candidates", [])[:_CANDIDATES])),
            *(str(decision.get(key, ""))[: _SHORT if short else None] for key in ("model", "knowledge")),
        )
        for one in feedback
        for decision in one.decisions
    ]


def report(feedback: Sequence[Feedback]) -> str:
    """Return the summary and the criticism, for a terminal."""
    rows = [[name, *(count[verdict] or "" for verdict in VERDICTS)] for name, count in summary(feedback)]
    parts = [str(tabulate(rows, ["", *VERDICTS.values()], "simple", colalign=("left", *("right" for _ in VERDICTS))))]
    criticism = [one for one in feedback if one.verdict != "yes"]
    if criticism:
        parts.append(str(tabulate(singles(criticism), _SINGLE, "simple", disable_numparse=True)))
    return "\n\n".join(parts)


def write_csv(feedback: Iterable[Feedback], file: TextIO) -> None:
    """Write all feedback, useful answers too, for a spreadsheet."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_SINGLE)
    writer.writerows(singles(feedback, short=False))


def main() -> int:
    """Print what was asked for; return the exit code."""
    options = _options()
    try:
        everything = FeedbackStore(Settings.read().feedback).all()
    except (sqlite3.Error, OSError) as error:
        print(f"Les retours ne peuvent pas être lus ({type(error).__name__} : {error}).", file=sys.stderr)
        return 1
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    feedback = since(everything, options.depuis, datetime.now(timezone.utc))
    if options.csv:
        write_csv(feedback, sys.stdout)
    elif feedback:
        print(report(feedback))
    else:
        when = "pendant ces jours-là" if everything else "pour l'instant"
        print(f"Aucun visiteur n'a dit ce qu'il pense d'une réponse {when}.")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make retours", description=_DESCRIPTION, add_help=False)
    parser.add_argument("-h", "--help", action="help", help="montrer cette aide")
    parser.add_argument("--depuis", type=days, metavar="JOURS", help="seulement les retours des derniers jours")
    parser.add_argument("--csv", action="store_true", help="écrire tous les retours en CSV, pour un tableur")
    return parser.parse_args()


def days(value: str) -> float:
    """Return a number of days that was typed.

    Raises:
        argparse.ArgumentTypeError: it is none; the message is in French.
    """
    try:
        number = float(value.replace(",", "."))
        timedelta(days=number)
    except (ValueError, OverflowError):
        number = -1
    if not number > 0:
        raise argparse.ArgumentTypeError(f"« {value} » n'est pas un nombre de jours")
    return number


def _judged(decision: Decision) -> Sequence[str]:
    """Return the names of the rows that a decision counts for: the facts it answered, or what else it did."""
    facts: Sequence[str] = decision.get("facts", [])
    return facts if facts and decision.get("kind") == "answer" else [f"({_kind(decision)})"]


def _kind(decision: Decision) -> str:
    kind = str(decision.get("kind", ""))
    return KINDS.get(kind, kind)


def _scored(candidate: Mapping[str, Any]) -> str:
    score = f"{candidate['score']:.2f}".replace(".", ",")
    return f"{candidate['label']} {score}"


if __name__ == "__main__":
    sys.exit(main())
