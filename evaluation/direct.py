"""Asking the trained model itself, without Rasa: each half of the questions in a process of its own."""

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from assistant.settings import Settings
from evaluation.curve import Point, curve
from evaluation.questions import read_questions
from evaluation.scoring import Scored, run
from evaluation.understanding import Assistant, read_model


@dataclass(frozen=True)
class Measured:
    """What came of a half.

    Attributes:
        scored: its questions with their outcomes.
        points: the figures at each threshold.
    """

    scored: list[Scored]
    points: list[Point]


@contextmanager
def measuring(model: Path, halves: Sequence[str]) -> Iterator[Callable[[], dict[str, Measured]]]:
    """Begin to ask the questions of some halves, with a progress bar each in a terminal.

    Args:
        model: the file of the trained model; it and the questions were read without an error before.
        halves: their names.

    Yields:
        what waits for the halves and returns what came of each; an error meanwhile ends the asking.
    """
    places = [(half, place) for place, half in enumerate(halves)]
    with get_context("spawn").Pool(len(places), partial(signal.signal, signal.SIGINT, signal.SIG_IGN)) as pool:
        coming = pool.starmap_async(partial(_measured, model), places)
        yield lambda: dict(zip(halves, coming.get(), strict=True))
        pool.close()
        pool.join()


def _measured(model: Path, half: str, place: int) -> Measured:
    settings = Settings.read()
    assistant = Assistant(read_model(model).classifier, settings.knowledge, settings.passages)
    conversations = read_questions(assistant.knowledge, half)
    scored = run(conversations, assistant.ask, f"directement, {half}", place=place)
    return Measured(scored, curve(conversations, assistant.at))
