"""The trained models of a project folder: the one in use, those kept to go back to, and the one that is pinned."""

import hashlib
import shutil
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from assistant.files import draft_of, undisturbed, write_whole

MODEL = Path("models") / "assistant-oim.tar.gz"
#: Beside the model: the fingerprint of what it was trained from, and its own SHA-256.
RECORD = MODEL.with_name("assistant-oim.sha256")
#: The version that stays in use whatever the data have become; there is none without this file.
PIN = MODEL.with_name("epingle")

#: How many models are kept, the last ones trained; the one in use and the pinned one stay in any case.
KEPT = 5
_FOLDER = "versions"
_MODEL_END, _RECORD_END = ".tar.gz", ".sha256"
#: Enough of a SHA-256 to tell two models apart; it names them everywhere.
_DIGITS = 12


@dataclass(frozen=True)
class KeptModel:
    """A model that is kept.

    Attributes:
        version: the beginning of its SHA-256, as in decisions.
        trained_at: when it was trained.
        inputs: the fingerprint of what it was trained from; empty where nobody noted it.
    """

    version: str
    trained_at: datetime
    inputs: str


class ModelMissing(Exception):
    """A model that is not kept, or no longer whole; the message is one line in French."""


def version_of(model: Path) -> str:
    """Return the name of a model: the first 12 hexadecimal digits of its SHA-256."""
    return sha256_of(model)[:_DIGITS]


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def keep(model: Path) -> str:
    """Keep a copy of a model and its record, unless it is kept, and forget the oldest ones; return its version.

    Args:
        model: the model in use, with its record beside it.

    Raises:
        OSError: it cannot be read or copied.
    """
    root = model.parent.parent
    digest = sha256_of(model)
    version = digest[:_DIGITS]
    place = place_of(root, version)
    record = root / RECORD
    known = record.is_file() and f"{digest}  " in record.read_text("utf-8")
    if not place.is_file():
        _copy(model, place)
    if known and not _record(place).is_file():
        _copy(record, _record(place))
    _forget_old(root, {version, pinned(root)})
    return version


def keep_apart(root: Path, model: Path, inputs: str) -> str:
    """Keep a model that was trained elsewhere, without putting it in use; return its version.

    Args:
        root: the project's folder.
        model: the model.
        inputs: the fingerprint of what it was trained from.

    Raises:
        OSError: it cannot be read or copied.
    """
    digest = sha256_of(model)
    version = digest[:_DIGITS]
    place = place_of(root, version)
    _copy(model, place)
    write_whole(_record(place), record_of(inputs, digest).encode(), 0o644)
    _forget_old(root, {version, pinned(root), *_in_use(root)})
    return version


def record_of(inputs: str, digest: str) -> str:
    """Return what is noted beside a model: the fingerprint of what it was trained from, and its own SHA-256."""
    return f"{inputs}  entrées\n{digest}  {MODEL.name}\n"


def forget(root: Path, version: str) -> None:
    """Keep a model no longer; that in use stays in use."""
    _record(place_of(root, version)).unlink(missing_ok=True)
    place_of(root, version).unlink(missing_ok=True)


def kept(root: Path) -> list[KeptModel]:
    """Return the models that are kept, the newest first."""
    found = [
        KeptModel(
            path.name.removesuffix(_MODEL_END),
            datetime.fromtimestamp(path.stat().st_mtime, timezone.utc),
            _inputs(_record(path)),
        )
        for path in (root / MODEL).with_name(_FOLDER).glob(f"*{_MODEL_END}")
        if not path.name.startswith(".")
    ]
    return sorted(found, key=lambda one: one.trained_at, reverse=True)


def pinned(root: Path) -> str:
    """Return the version that is pinned; empty without one."""
    pin = root / PIN
    return pin.read_text("ascii", errors="replace").strip() if pin.is_file() else ""


def pin(root: Path, version: str) -> None:
    """Have a version stay in use until it is unpinned, and put it in use.

    Raises:
        ModelMissing: it is not kept, or damaged.
        OSError: it cannot be copied.
    """
    put_in_use(root, version)
    write_whole(root / PIN, f"{version}\n".encode(), 0o644)


def unpin(root: Path) -> None:
    """Let the model follow the data again."""
    (root / PIN).unlink(missing_ok=True)


def put_in_use(root: Path, version: str) -> None:
    """Make a kept model the one that the assistant starts with, unless it is already.

    Raises:
        ModelMissing: it is not kept, or damaged.
        OSError: it cannot be copied.
    """
    place, model = place_of(root, version), root / MODEL
    if model.is_file() and version_of(model) == version:
        return
    if not place.is_file():
        raise ModelMissing(f"Le modèle {version} n'est plus gardé ; make versions montre ceux qui le sont.")
    if version_of(place) != version:
        raise ModelMissing(f"Le modèle {version} est abîmé ({_FOLDER}/{place.name}) ; choisissez-en un autre.")
    with undisturbed():
        (root / RECORD).unlink(missing_ok=True)  # without it, a model that is not the data's is never taken for it
        _copy(place, model)
        if _record(place).is_file():
            _copy(_record(place), root / RECORD)


def place_of(root: Path, version: str) -> Path:
    """Return where a version is kept."""
    return (root / MODEL).with_name(_FOLDER) / f"{version}{_MODEL_END}"


def _in_use(root: Path) -> set[str]:
    return {version_of(root / MODEL)} if (root / MODEL).is_file() else set()


def _record(place: Path) -> Path:
    return place.with_name(f"{place.name.removesuffix(_MODEL_END)}{_RECORD_END}")


def _inputs(record: Path) -> str:
    return record.read_text("utf-8").split(" ", 1)[0] if record.is_file() else ""


def _copy(source: Path, target: Path) -> None:
    """Copy a file with its date; whoever reads the target finds the old one or the whole new one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = draft_of(target)
    try:
        shutil.copy2(source, draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _forget_old(root: Path, spared: set[str]) -> None:
    for model in kept(root)[KEPT:]:
        if model.version not in spared:
            forget(root, model.version)
