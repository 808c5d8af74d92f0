"""`make train`: train the model, if what it is made from has changed since the last time."""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tqdm import tqdm

from assistant.settings import ROOT

MODEL = Path("models") / "assistant-oim.tar.gz"
#: Beside the model: the fingerprint of what it was trained from, and its own SHA-256.
RECORD = MODEL.with_name("assistant-oim.sha256")

#: What a model is made from, code and library versions included.
_SOURCES = (
    "config.yml",
    "domain.yml",
    "data",
    "components",
    "assistant/understanding",
    "assistant/french.py",
    "requirements.txt",
)


class TrainingError(Exception):
    """Rasa could not train; the message holds one line in French, then what Rasa printed."""


def fingerprint(root: Path) -> str:
    """Return the SHA-256 of everything under a project folder that a model is made from, names included."""
    digest = hashlib.sha256()
    for path in _source_files(root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_current(root: Path) -> bool:
    """Say whether the model of a project folder is the one trained from its present data and code."""
    model, record = root / MODEL, root / RECORD
    return model.exists() and record.exists() and record.read_text(encoding="utf-8") == _record(root)


def train(root: Path) -> None:
    """Train the model of a project folder and note what it was trained from.

    Raises:
        TrainingError: Rasa failed.
    """
    print("Entraînement du modèle (moins de deux minutes)...", flush=True)
    began = time.monotonic()
    _run_rasa(root)
    (root / RECORD).write_text(_record(root), encoding="utf-8")
    print(
        f"Modèle prêt en {time.monotonic() - began:.0f} s : {MODEL} (SHA-256 {_sha256(root / MODEL)[:12]})", flush=True
    )


def ensure_model(root: Path = ROOT, force: bool = False) -> Path:
    """Return the path of a model that is up to date, after training it where it was not.

    Raises:
        TrainingError: Rasa failed.
    """
    if force or not is_current(root):
        train(root)
    return root / MODEL


def main() -> int:
    """Train if needed, or with `--force` in any case; return the exit code."""
    parser = argparse.ArgumentParser(prog="make train", description="Entraîne le modèle si les données ont changé.")
    parser.add_argument("--force", action="store_true", help="entraîner même si rien n'a changé")
    arguments = parser.parse_args()
    if not arguments.force and is_current(ROOT):
        print(f"Le modèle est à jour : {MODEL}")
        return 0
    try:
        train(ROOT)
    except TrainingError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Entraînement interrompu.", file=sys.stderr)
        return 130
    return 0


def _run_rasa(root: Path) -> None:
    """Have Rasa write the model, showing the time that passes."""
    # Always `--force`, without Rasa's cache: it compares the component's own file but not the code that this one calls.
    command = [sys.executable, "-m", "tools.quietly", "rasa", "train", "--force"]
    command += ["--fixed-model-name", MODEL.name.split(".")[0]]
    environment = {**os.environ, "RASA_MAX_CACHE_SIZE": "0"}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        with subprocess.Popen(
            command, cwd=root, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        ) as rasa:
            try:
                _show_time(rasa)
            except BaseException:  # Ctrl-C or SIGTERM: nothing goes on behind the reader's back
                rasa.terminate()
                raise
        if rasa.returncode != 0:
            output.seek(0)
            raise TrainingError(f"L'entraînement a échoué ; voici ce que Rasa en dit :\n{output.read()}")


def _source_files(root: Path) -> Iterator[Path]:
    for name in _SOURCES:
        source = root / name
        for path in sorted(source.rglob("*")) if source.is_dir() else [source]:
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def _record(root: Path) -> str:
    return f"{fingerprint(root)}  entrées\n{_sha256(root / MODEL)}  {MODEL.name}\n"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _show_time(process: "subprocess.Popen[bytes]") -> None:
    """Wait for a process; in a terminal, count the seconds meanwhile."""
    with tqdm(bar_format="{elapsed}", leave=False, disable=None) as clock:
        while process.poll() is None:
            time.sleep(0.2)
            clock.update()


if __name__ == "__main__":
    sys.exit(main())
