"""`make faq FILE=questions.txt`: what the assistant answers to a list of questions, for those who test the FAQ."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from textwrap import shorten

from tabulate import tabulate

from assistant.dialogue.wording import source_line
from assistant.knowledge.base import Knowledge
from assistant.knowledge.errors import KnowledgeError
from assistant.names import CONTACT
from assistant.settings import ROOT, Settings
from evaluation.misses import write_table
from evaluation.outcomes import Ask, Outcome
from evaluation.understanding import Assistant, read_model
from tools.bench.figures import french
from tools.servers import stop_signals_interrupt
from tools.train import TrainingError, ensure_model

RESULTS = ROOT / "results" / "faq"
COLUMNS = ("question", "décision", "fait", "score", "réponse", "source")
#: How wide a column may be in the terminal; the table written has everything.
_WIDTHS = (36, 18, 24, 5, 48, 28)


class QuestionListError(Exception):
    """A list of questions that cannot be used; the message is one line in French that says what to do."""


def questions_in(name: str) -> list[str]:
    """Return the questions of a file, one a line; empty lines and those that begin with `#` are left out.

    Args:
        name: the path; `-` reads what is piped in.

    Raises:
        QuestionListError: there is no such file, it is not UTF-8, or there is no question in it.
    """
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        lines = [line.strip() for line in content.decode("utf-8-sig").splitlines()]
    except FileNotFoundError:
        raise QuestionListError(f"{name} n'existe pas ; vérifiez le nom et le dossier du fichier.") from None
    except OSError as error:
        raise QuestionListError(f"{name} ne peut pas être lu ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise QuestionListError(f"{name} n'est pas en UTF-8 ; enregistrez-le en UTF-8.") from None
    questions = [line for line in lines if line and not line.startswith("#")]
    if not questions:
        raise QuestionListError(f"{name} ne contient aucune question ; écrivez-en une par ligne.")
    return questions


def rows(questions: Sequence[str], ask: Ask, knowledge: Knowledge) -> Iterator[tuple[str, ...]]:
    """Yield, for each answer to each question (each asked in a conversation of its own), the cells of `COLUMNS`."""
    for question in questions:
        for outcome in ask([question])[0]:
            score = "" if outcome.score is None else french(outcome.score, 2)
            said = outcome.text.partition("\nSource :")[0]
            facts = ", ".join(outcome.given or outcome.choices)
            decision = outcome.reason.partition(" (")[0]
            yield question, decision, facts, score, said, _source(outcome, knowledge)


def main() -> int:
    """Print the table and write it; return the exit code."""
    parser = argparse.ArgumentParser(prog="make faq", description="Pose les questions d'un fichier.", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="montrer cette aide")
    parser.add_argument("fichier", nargs="?", help="une question par ligne ; « # » commence un commentaire")
    name = parser.parse_args().fichier
    if not name:
        print("Donnez un fichier avec une question par ligne : make faq FILE=questions.txt", file=sys.stderr)
        return 2
    try:
        with stop_signals_interrupt():
            questions = questions_in(name)
            settings = Settings.read()
            assistant = Assistant(read_model(ensure_model()).classifier, settings.knowledge, settings.passages)
    except (QuestionListError, KnowledgeError, TrainingError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrompu.", file=sys.stderr)
        return 130
    table = list(rows(questions, assistant.ask, assistant.knowledge))
    short = [[shorten(cell, width, placeholder="…") for cell, width in zip(row, _WIDTHS, strict=True)] for row in table]
    print(tabulate(short, COLUMNS, "simple", disable_numparse=True))
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{datetime.now():%Y-%m-%d-%Hh%Mm%S}.csv"
    write_table(COLUMNS, table, path)
    print(f"\nEn entier : {path.relative_to(ROOT)}")
    return 0


def _source(outcome: Outcome, knowledge: Knowledge) -> str:
    """Return the title of the source of an answer."""
    if not outcome.given:
        return ""
    if outcome.kind == "passage":
        return next(str(source.title) for source in knowledge.sources.values() if source_line(source) in outcome.text)
    given = outcome.given[0]
    said = knowledge.contacts[0] if given == CONTACT else knowledge.facts[given]
    return str(knowledge.sources[said.source].title)


if __name__ == "__main__":
    sys.exit(main())
