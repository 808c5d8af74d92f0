"""Measure the assistant's speed and size: `python -m tools.bench [--base rasa-default]`."""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.loader import load_knowledge
from assistant.settings import ROOT, Settings
from tools.bench import BenchError, bots, rasa_default
from tools.bench.bots import Bot
from tools.bench.figures import ENDS, Results, french, missed, results, table
from tools.bench.load import measure
from tools.bench.machine import folder_bytes
from tools.bench.sample import EXAMPLES, LABELS, Topic, draw
from tools.bench.training import train_assistant
from tools.servers import stop_signals_interrupt
from tools.train import TrainingError

#: Each bot is started that often, in turn with the other, so that what else the machine does hits both.
ROUNDS = 3
#: Questions asked after each start: in conversations of their own, then in one that grows.
FRESH = 150
TURNS = 400

_NOTES = f"""{ROUNDS} démarrages ; après chacun, {FRESH} questions dans des conversations neuves, puis {TURNS} dans une
seule. Un client, connexion gardée. Derniers tours comparés aux premiers : médiane des {ENDS} derniers sur celle des
{ENDS} premiers. Mémoire : Rasa et serveur d'actions, pages partagées comptées dans chacun. 1 Mo = 1 000 000 octets.
"""
_BASE_NOTES = f"""{rasa_default.NAME} : la configuration de rasa init (DIET, TED) avec des réponses fixes, sans serveur
d'actions, conversations en mémoire ; entraîné sur {LABELS} intentions de {EXAMPLES} exemples, l'assistant sur
toutes ses données.
"""


def main() -> int:
    """Measure and print; return the exit code."""
    options = _options()
    load = os.getloadavg()[0]
    try:
        with stop_signals_interrupt():
            ours, base = _measured(options.base is not None, options.training)
    except (BenchError, KnowledgeError, TrainingError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrompu.", file=sys.stderr)
        return 130
    print(f"\n{table(ours, (rasa_default.NAME, base) if base else None)}\n")
    print(f"Charge de la machine avant la mesure : {french(load, 1)}, pour {os.cpu_count()} cœurs.")
    print(_NOTES + (_BASE_NOTES if base else ""), end="")
    return 1 if options.strict and missed(ours) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Mesure la vitesse et la taille de l'assistant.")
    parser.add_argument("--base", choices=[rasa_default.NAME], help="mesurer aussi Rasa sans réglage, tour à tour")
    parser.add_argument("--strict", action="store_true", help="finir avec le code 1 si une cible n'est pas tenue")
    parser.add_argument(
        "--training", action=argparse.BooleanOptionalAction, default=True, help="mesurer aussi l'entraînement"
    )
    return parser.parse_args()


def _measured(compare: bool, training: bool) -> tuple[Results, Results | None]:
    """Return the assistant's figures, and those of Rasa's default where they are asked for."""
    sample = draw(load_knowledge(Settings.read().knowledge), ROOT / "data" / "nlu")
    ours = bots.assistant()
    if not compare:
        return _figures([ours], sample, [_our_training(training)])[0], None
    rasa_default.install()
    with tempfile.TemporaryDirectory() as place:
        project = Path(place)
        rasa_default.write_project(project, sample)
        our_seconds = _our_training(training)
        print(f"Entraînement de {rasa_default.NAME} (quelques minutes)...", flush=True)
        seconds = [our_seconds, rasa_default.train(project)]
        first, second = _figures([ours, rasa_default.bot(project, "--credentials", "credentials.yml")], sample, seconds)
    return first, second


def _our_training(wanted: bool) -> float | None:
    if not wanted:
        return None
    print("Entraînement de l'assistant, dans une copie...", flush=True)
    return train_assistant()


def _figures(contestants: Sequence[Bot], sample: Sequence[Topic], training: Sequence[float | None]) -> list[Results]:
    """Return the figures of each bot, all measured in turn."""
    rounds = []
    for number in range(1, ROUNDS + 1):
        print(f"Mesure {number} sur {ROUNDS}...", flush=True)
        rounds.append([measure(one, sample, FRESH, TURNS) for one in contestants])
    return [
        results(measured, folder_bytes(one.environment), one.model.stat().st_size, seconds)
        for one, measured, seconds in zip(contestants, zip(*rounds, strict=True), training, strict=True)
    ]


if __name__ == "__main__":
    sys.exit(main())
