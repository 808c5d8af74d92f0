"""`make eval`: what the trained model makes of questions that are not in its training data, with a dated report."""

import argparse
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from assistant.knowledge.base import Knowledge
from assistant.knowledge.errors import KnowledgeError
from assistant.settings import ROOT, Settings
from evaluation import baseline, rest
from evaluation.curve import curve
from evaluation.misses import COLUMNS, missed, row
from evaluation.questions import HALVES, Conversation, read_questions
from evaluation.reference import FILE, write_reference
from evaluation.replies import ReplyReader
from evaluation.report import Evaluation, differences, short_table, write_report
from evaluation.responses import read_responses
from evaluation.scoring import Scored, run
from evaluation.understanding import Assistant, ModelError, read_model
from tools.bench import BenchError
from tools.servers import stop_signals_interrupt
from tools.train import TrainingError, ensure_model

RESULTS = ROOT / "results" / "evaluation"


def main() -> int:
    """Measure, print the table and write the report; return the exit code."""
    options = _options()
    try:
        with stop_signals_interrupt():
            _evaluate(options)
    except (BenchError, ModelError, rest.RestError, KnowledgeError, TrainingError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrompu.", file=sys.stderr)
        return 130
    return 0


def _evaluate(options: argparse.Namespace) -> None:
    began = time.monotonic()
    model = read_model(options.modele or ensure_model())
    settings = Settings.read()
    assistant = Assistant(model.classifier, settings.knowledge, settings.passages)
    halves = {half: read_questions(assistant.knowledge, half) for half in options.moitie or HALVES}
    conversations = [one for half in halves.values() for one in half]
    direct = run(conversations, assistant.ask, "directement")
    if options.reference:
        write_reference(direct)
        print(f"Référence écrite : {FILE.relative_to(ROOT)}, {len(direct)} questions.")
        return
    only_direct = options.sans_rest or (options.modele and not options.adresse)  # what is started has the usual model
    asked = None if only_direct else _over_rest(conversations, assistant, options.adresse)
    base = _base(conversations, assistant.knowledge) if options.base else None
    about = {
        "Modèle": model.version,
        "Connaissances": assistant.knowledge.version,
        "Code": _commit() or "inconnu",
        "Questions": ", ".join(f"{half} {len(those)}" for half, those in halves.items()),
        "REST": "non demandé" if asked is None else options.adresse or "un assistant démarré pour la mesure",
    }
    if base is not None:
        about[baseline.NAME] = (
            f"n'apprend que d'une question d'entraînement sur {baseline.ONE_IN} ; l'assistant, de toutes : inégal"
        )
    points = {half: curve(those, assistant.at) for half, those in halves.items()}
    evaluation = Evaluation(direct, asked, base, points, about)
    print(f"{short_table(evaluation)}\n\n{differences(evaluation)}")
    if base is not None:
        print(f"{baseline.NAME} : {about[baseline.NAME]}.")
    if options.ratees:
        _print_misses(direct, assistant)
    place = write_report(evaluation, assistant.knowledge, RESULTS, datetime.now())
    print(f"Rapport : {place.relative_to(ROOT)}/rapport.md ({time.monotonic() - began:.0f} s)")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m evaluation",
        description="Mesure l'assistant sur des questions écrites à part ; le rapport va dans results/evaluation/.",
        add_help=False,
    )
    parser.add_argument("-h", "--help", action="help", help="montrer cette aide")
    parser.add_argument(
        "--modele", type=Path, help="un autre modèle entraîné, mesuré sans REST à moins que --adresse ne soit donnée"
    )
    parser.add_argument("--ratees", action="store_true", help="montrer aussi les questions ratées de « dev »")
    parser.add_argument(
        "--base", choices=[baseline.NAME], help="mesurer aussi Rasa sans réglage (long la première fois)"
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--moitie", choices=HALVES, action="append", help="une moitié seulement")
    which.add_argument("--reference", action="store_true", help="prendre les résultats du jour pour référence")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--adresse", metavar="URL", help="l'assistant en marche à interroger (sinon, il est démarré)")
    where.add_argument("--sans-rest", action="store_true", help="ne mesurer que directement : plus vite")
    return parser.parse_args()


def _over_rest(conversations: Sequence[Conversation], assistant: Assistant, url: str | None) -> list[Scored]:
    reader = ReplyReader(assistant.knowledge, read_responses())
    with rest.asking(reader, url) as ask:
        return run(conversations, ask, "par REST", rest.WORKERS)


def _base(conversations: Sequence[Conversation], knowledge: Knowledge) -> list[Scored]:
    single = [one for one in conversations if one[0].kind in baseline.KINDS]
    baseline.prepare()
    with baseline.asking(knowledge) as ask:
        return run(single, ask, baseline.NAME)


def _print_misses(scored: Sequence[Scored], assistant: Assistant) -> None:
    print("\nRatées (dev) :")
    for one in missed(scored):
        print(_miss(dict(zip(COLUMNS, row(one, assistant.knowledge), strict=True))))
    print()


def _miss(cells: Mapping[str, str]) -> str:
    return "[{genre}] {question} | attendu {attendu} | donné {donné} | {candidats}".format(**cells)


def _commit() -> str | None:
    """Return the version of the code, if git knows it."""
    try:
        said = subprocess.run(
            ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return said.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
