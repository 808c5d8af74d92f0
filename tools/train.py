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
from tools.kept_models import (
    MODEL,
    RECORD,
    ModelMissing,
    keep,
    keep_apart,
    pinned,
    put_in_use,
    record_of,
    sha256_of,
    unpin,
    version_of,
)
from tools.words import not_written

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
_TRAINING = "Entraînement du modèle (environ deux minutes)..."

#: Said wherever a pinned model is used: nobody wonders why what was changed in the data has no effect.
PINNED = (
    "Le modèle {version} est épinglé : il sert, même si les données ont changé. "
    "Pour suivre de nouveau les données : make revenir VERSION=actuelle"
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
    """Train the model of a project folder, note what it was trained from, and keep it beside those of before.

    Raises:
        TrainingError: Rasa failed.
    """
    print(_TRAINING, flush=True)
    began = time.monotonic()
    if (root / MODEL).is_file():
        _keep(root)  # one that was trained before models were kept
    _run_rasa(root, (root / MODEL).parent)
    (root / RECORD).write_text(_record(root), encoding="utf-8")
    unpin(root)
    _keep(root)
    version = version_of(root / MODEL)
    print(f"Modèle prêt en {time.monotonic() - began:.0f} s : {MODEL} (version {version})", flush=True)


def train_apart(root: Path) -> str:
    """Train from today's data and code and keep the model; that in use stays in use. Return the version of the new one.

    Raises:
        TrainingError: Rasa failed.
        OSError: the model cannot be kept.
    """
    print(_TRAINING, flush=True)
    began, inputs = time.monotonic(), fingerprint(root)
    with tempfile.TemporaryDirectory(prefix=".essai.", dir=(root / MODEL).parent) as folder:
        _run_rasa(root, Path(folder))
        version = keep_apart(root, Path(folder) / MODEL.name, inputs)
    print(f"Modèle prêt en {time.monotonic() - began:.0f} s (version {version}), à l'essai.", flush=True)
    return version


def ensure_model(root: Path = ROOT, force: bool = False) -> Path:
    """Return the path of a model that is up to date, after training it where it was not; or of the pinned one.

    Raises:
        TrainingError: Rasa failed, or the pinned model is lost.
    """
    version = pinned(root)
    if version and not force:
        try:
            put_in_use(root, version)
        except (ModelMissing, OSError) as error:
            problem = not_written(error) if isinstance(error, OSError) else error
            raise TrainingError(f"{problem} Pour ne plus l'épingler : make revenir VERSION=actuelle") from None
        print(PINNED.format(version=version), file=sys.stderr, flush=True)
    elif force or not is_current(root):
        train(root)
    else:
        _keep(root)
    return root / MODEL


def main() -> int:
    """Train if needed, or with `--force` in any case; return the exit code."""
    parser = argparse.ArgumentParser(prog="make train", description="Entraîne le modèle si les données ont changé.")
    parser.add_argument("--force", action="store_true", help="entraîner même si rien n'a changé")
    arguments = parser.parse_args()
    up_to_date = not arguments.force and not pinned(ROOT) and is_current(ROOT)
    try:
        model = ensure_model(ROOT, arguments.force)
        if up_to_date:
            print(f"Le modèle est à jour : {MODEL} (version {version_of(model)})")
    except TrainingError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Entraînement interrompu.", file=sys.stderr)
        return 130
    return 0


def _keep(root: Path) -> None:
    """Keep the model; a full disk is told and stops nothing."""
    try:
        keep(root / MODEL)
    except OSError as error:
        print(f"Le modèle n'a pas pu être gardé à côté de ceux d'avant. {not_written(error)}", file=sys.stderr)


def _run_rasa(root: Path, folder: Path) -> None:
    """Have Rasa write the model into a folder, showing the time that passes."""
    # Always `--force`, without Rasa's cache: it compares the component's own file but not the code that this one calls.
    command = [sys.executable, "-m", "tools.quietly", "rasa", "train", "--force"]
    # `make test` validates the data; here, reading it all twice more would take a quarter of the time.
    command += ["--skip-validation", "--out", str(folder), "--fixed-model-name", MODEL.name.split(".")[0]]
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
    return record_of(fingerprint(root), sha256_of(root / MODEL))


def _show_time(process: "subprocess.Popen[bytes]") -> None:
    """Wait for a process; in a terminal, count the seconds meanwhile."""
    with tqdm(bar_format="{elapsed}", leave=False, disable=None) as clock:
        while process.poll() is None:
            time.sleep(0.2)
            clock.update()


if __name__ == "__main__":
    sys.exit(main())
