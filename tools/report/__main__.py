"""`make rapport`: write the report on a period as HTML and Markdown, with its pictures."""

import argparse
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path

from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.loader import load_knowledge
from assistant.settings import ROOT, Settings
from channels.feedback import FeedbackStore
from channels.journal import Journal
from tools.lint_faq.content import read_content
from tools.report.contents import contents, summary, title
from tools.report.figures import Report, count_all
from tools.report.page import html_page, markdown
from tools.report.period import Period, days_back
from tools.report.pictures import draw_all
from tools.report.proposals import propose
from tools.servers import stop_signals_interrupt

RESULTS = ROOT / "results" / "rapports"
HTML, MARKDOWN = "rapport.html", "rapport.md"
_DESCRIPTION = """\
Écrit le rapport d'activité : combien de messages et par où, ce qu'ils ont reçu, les faits les plus demandés, les avis
des visiteurs, et les questions restées sans réponse, avec quoi en faire. Tout est comparé à la période d'avant.
"""


def main() -> int:
    """Write the report and print where it is; return the exit code."""
    options = _options()
    began = time.monotonic()
    try:
        with stop_signals_interrupt():
            _write(options, began)
    except (sqlite3.Error, OSError) as error:
        print(f"Le rapport ne peut pas être fait ({type(error).__name__} : {error}).", file=sys.stderr)
        return 1
    except (KnowledgeError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrompu.", file=sys.stderr)
        return 130
    return 0


def _write(options: argparse.Namespace, began: float) -> None:
    settings = Settings.read()
    now = datetime.now(timezone.utc)
    report, files = make_report(settings, Period.last(options.jours, now))
    folder = options.vers or RESULTS / f"{now.astimezone():%Y-%m-%d}"
    write_whole(folder, files)
    for line in summary(report, load_knowledge(settings.knowledge)):
        print(f"- {line}")
    print(f"Rapport : {folder / HTML}")
    print(f"Fait en {time.monotonic() - began:.1f} s, sur {report.decisions} décisions.".replace(".", ",", 1))


def make_report(settings: Settings, period: Period) -> tuple[Report, Mapping[str, bytes]]:
    """Return the report on a period, and its files by name.

    Raises:
        sqlite3.Error: the journal or the feedback cannot be read.
        KnowledgeError: the knowledge or the training data cannot be read.
    """
    knowledge = load_knowledge(settings.knowledge)
    journal = Journal(settings.journal, settings.question_days)
    try:
        entries = journal.entries(period.before.start, period.end)
    finally:
        journal.close()
    feedback = FeedbackStore(settings.feedback).all()
    asked = any(entry.text for entry in period.of(entries))
    proposed = propose(entries, period, knowledge, settings.knowledge, read_content(ROOT)) if asked else []
    keeps = journal.keeps_questions
    report = count_all(period, entries, feedback, proposed, knowledge, keeps_questions=keeps)
    blocks, pictures = contents(report, knowledge), draw_all(report)
    page = html_page(title(report), blocks, pictures)
    return report, {HTML: page.encode(), MARKDOWN: markdown(blocks).encode(), **pictures}


def write_whole(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder that is made or replaced at once: nobody finds half a report.

    Args:
        folder: where to; what else is in it goes away, if it is a report's.
        files: contents by name.

    Raises:
        ValueError: the folder has something else than a report in it.
    """
    if folder.exists() and not (folder.is_dir() and {one.name for one in folder.iterdir()} <= files.keys()):
        raise ValueError(f"{folder} contient autre chose qu'un rapport ; donnez un autre dossier avec --vers.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for name, content in files.items():
            (draft / name).write_bytes(content)
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make rapport", description=_DESCRIPTION, add_help=False)
    parser.add_argument("-h", "--help", action="help", help="montrer cette aide")
    parser.add_argument("--jours", type=days_back, default=30.0, metavar="N", help="les N derniers jours (30)")
    parser.add_argument("--vers", type=Path, metavar="DOSSIER", help="où l'écrire (results/rapports/<date>)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
