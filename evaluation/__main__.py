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
from assistant.knowledge.loader import load_knowledge
from assistant.settings import ROOT, Settings
from evaluation import baseline, rest
from evaluation.direct import measuring
from evaluation.misses import COLUMNS, missed, row
from evaluation.questions import HALVES, Conversation, read_questions
from evaluation.reference import FILE, write_reference
from evaluation.replies import ReplyReader
from evaluation.report import Evaluation, differences, short_table, write_report
from evaluation.responses import read_responses
from evaluation.scoring import Scored, run
from evaluation.understanding import ModelError, read_model
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
    file = options.modele or ensure_model()
    model, knowledge = read_model(file), load_knowledge(Settings.read().knowledge)
    halves = {half: read_questions(knowledge, half) for half in options.moitie or HALVES}
    conversations = [one for half in halves.values() for one in half]
    # what is started has the usual model
    only_direct = options.reference or options.sans_rest or (options.modele and not options.adresse)
    with measuring(file, list(halves)) as measure:
        asked = None if only_direct else _over_rest(conversations, knowledge, options.adresse, len(halves))
        measured = measure()
    direct = [one for half in measured.values() for one in half.scored]
    if options.reference:
        write_reference(direct)
        print(f"Référence écrite : {FILE.relative_to(ROOT)}, {len(direct)} questions.")
        return
    base = _base(conversations, knowledge) if options.base else None
    about = {
        "Modèle": model.version,
        "Connaissances": knowledge.version,
        "Code": _commit() or "inconnu",
        "Questions": ", ".join(f"{half} {len(those)}" for half, those in halves.items()),
        "REST": "non demandé" if asked is None else options.adresse or "un assistant démarré pour la mesure",
    }
    if base is not None:
        about[baseline.NAME] = (
            f"n'apprend que d'une question d'entraînement sur {baseline.ONE_IN} ; l'assistant, de toutes : inégal"
        )
    points = {half: those.points for half, those in measured.items()}
    evaluation = Evaluation(direct, asked, base, points, about)
    print(f"{short_table(evaluation)}\n\n{differences(evaluation)}")
    if base is not None:
        print(f"{baseline.NAME} : {about[baseline.NAME]}.")
    if options.ratees:
        _print_misses(direct, knowledge)
    place = write_report(evaluation, knowledge, RESULTS, datetime.now())
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


def _over_rest(
    conversations: Sequence[Conversation], knowledge: Knowledge, url: str | None, place: int
) -> list[Scored]:
    reader = ReplyReader(knowledge, read_responses())
    with rest.asking(reader, url) as ask:
        return run(conversations, ask, "par REST", rest.WORKERS, place)


def _base(conversations: Sequence[Conversation], knowledge: Knowledge) -> list[Scored]:
    single = [one for one in conversations if one[0].kind in baseline.KINDS]
    baseline.prepare()
    with baseline.asking(knowledge) as ask:
        return run(single, ask, baseline.NAME)


def _print_misses(scored: Sequence[Scored], knowledge: Knowledge) -> None:
    print("\nRatées (dev) :")
    for one in missed(scored):
        print(_miss(dict(zip(COLUMNS, row(one, knowledge), strict=True))))
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
