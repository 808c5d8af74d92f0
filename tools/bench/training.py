"""How long a training takes."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.settings import ROOT
from tools.bench import BenchError
from tools.bench.bots import tail

#: What a training does not read, or makes.
_LEFT_OUT = shutil.ignore_patterns(".*", "models", "var", "results", "__pycache__", "tests", "evaluation")


def train_assistant() -> float:
    """Train the assistant in a copy of the project, as `make train` does, and return the seconds.

    Raises:
        BenchError: it could not be trained.
    """
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "copie"
        shutil.copytree(ROOT, copy, ignore=_LEFT_OUT)
        return seconds_of([sys.executable, "-m", "tools.train", "--force"], copy)


def seconds_of(command: Sequence[str], folder: Path, variables: Mapping[str, str] | None = None) -> float:
    """Run a command that trains, and return the seconds that it took.

    Raises:
        BenchError: it failed.
    """
    with tempfile.TemporaryDirectory() as place:
        log = Path(place) / "sortie.txt"
        began = time.perf_counter()
        with log.open("wb") as output:
            done = subprocess.run(
                command,
                cwd=folder,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        seconds = time.perf_counter() - began
        if done.returncode != 0:
            raise BenchError(f"L'entraînement a échoué :\n{tail(log)}")
    return seconds
