"""`make sauvegarde`, `make restaure`: all that is not in git and cannot be made again, in one archive, and back."""

import argparse
import hashlib
import io
import json
import os
import shutil
import sqlite3
import sys
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from assistant.files import PRIVATE, draft_of, stays_inside, undisturbed
from assistant.settings import ROOT, Settings
from tools.servers import in_use
from tools.words import not_written, place

_DESCRIPTION = """\
sauvegarde écrit une archive de tout ce qui n'est pas dans git : conversations, retours, décisions des revues, secret,
pause, versions gardées, modèles, réglages (.env), et aussi knowledge/, data/ et evaluation/questions/, où des
corrections attendent peut-être d'être enregistrées dans git. L'assistant peut tourner pendant ce temps. restaure
vérifie toute l'archive, puis remet ses fichiers en place ; l'assistant doit être arrêté.
"""
#: Last in the archive: the SHA-256 of each file, and what the conversations' file was called.
_MANIFEST = "manifeste.json"
#: The part that the database stands in.
_VAR = "var"
#: Names of SQLite's side files: what they hold comes with the database, and beside another one they would damage it.
_SIDE_FILES = ("-wal", "-shm", "-journal")
_SQLITE = b"SQLite format 3\0"
#: The models and databases are compressed already or small: quick matters more.
_COMPRESSION = 1
_NAME = "sauvegarde-"
#: The most files that a message names.
_SHOWN = 5


class BackupError(Exception):
    """A backup that cannot be made or put back; the message says in French what to do."""


@dataclass(frozen=True)
class Part:
    """A folder that is in the backup, or a single file.

    Attributes:
        name: what it is called in the archive.
        path: where it is on this machine.
        whole: whether a restored part has no other files: what is left of another state would be taken for its own.
        single: whether it is a file.
    """

    name: str
    path: Path
    whole: bool = False
    single: bool = False


@dataclass(frozen=True)
class Packed:
    """A file in an archive, checked.

    Attributes:
        target: where it goes.
        content: what is in it.
        changed_at: its date.
        private: whether only this user may read it.
    """

    target: Path
    content: bytes
    changed_at: float
    private: bool

    @property
    def there(self) -> bool:
        """Whether the very same file is at its place, with no log beside it that says more than it."""
        logs = (self.target.with_name(self.target.name + end) for end in _SIDE_FILES)
        if any(log.is_file() and log.stat().st_size for log in logs):
            return False
        return self.target.is_file() and self.target.read_bytes() == self.content


def parts(settings: Settings, root: Path = ROOT) -> list[Part]:
    """Return what a backup is made of."""
    return [
        Part(_VAR, settings.database.parent),
        Part("models", root / "models"),
        Part("knowledge", settings.knowledge, whole=True),
        Part("data", root / "data", whole=True),
        Part("evaluation/questions", root / "evaluation" / "questions", whole=True),
        Part(".env", root / ".env", single=True),
    ]


def back_up(settings: Settings, target: Path, root: Path = ROOT) -> int:
    """Write a backup, readable by this user of the machine only; the assistant may go on meanwhile.

    Args:
        settings: where conversations and knowledge are.
        target: the archive; it must not exist.
        root: the project's folder.

    Returns:
        How many files are in it.

    Raises:
        BackupError: the archive exists, the conversations lie in a folder that is not theirs, or a database is damaged.
        OSError: something cannot be read or written.
    """
    _check_own_folder(settings, root)
    if not target.parent.is_dir():
        raise BackupError(
            f"Le dossier {target.parent} n'existe pas : créez-le, ou donnez un autre nom à la sauvegarde."
        )
    try:
        file = os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb")
    except FileExistsError:
        raise BackupError(f"{target} existe déjà : donnez un autre nom à la sauvegarde.") from None
    try:
        with file:
            number = _write(file, settings, root)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:  # Ctrl-C too: half a backup is none
        target.unlink(missing_ok=True)
        raise
    return number


def read_backup(archive: Path, settings: Settings, root: Path = ROOT) -> list[Packed]:
    """Return the files of a backup, after checking all of it.

    Raises:
        BackupError: it is no backup, is damaged, or has a file that leads out of its folder.
    """
    contents: dict[str, tuple[bytes, float]] = {}
    try:
        with tarfile.open(archive, "r:gz") as opened:
            for member in opened:
                if not member.isreg() or not stays_inside(member.name) or member.name in contents:
                    raise BackupError(
                        f"{archive} n'a pas été faite par make sauvegarde : « {member.name} » n'y a rien à faire."
                    )
                file = opened.extractfile(member)
                contents[member.name] = (file.read() if file else b"", member.mtime)
        manifest = json.loads(contents.pop(_MANIFEST)[0])
        sums, base = manifest["fichiers"], manifest["base"]
    except FileNotFoundError:
        raise BackupError(f"{archive} n'existe pas ; vérifiez le nom de la sauvegarde.") from None
    except (OSError, EOFError, tarfile.TarError, KeyError, TypeError, ValueError, zlib.error):
        raise BackupError(f"{archive} est abîmée ou n'est pas une sauvegarde ; rien n'est changé.") from None
    if {name: _sum(content) for name, (content, _) in contents.items()} != sums:
        raise BackupError(f"{archive} est abîmée (une empreinte ne correspond pas) ; rien n'est changé.")
    renamed = {f"{_VAR}/{base}": f"{_VAR}/{settings.database.name}"}
    return [
        _placed(renamed.get(name, name), content, changed_at, settings, root)
        for name, (content, changed_at) in contents.items()
    ]


def put_back(files: Sequence[Packed], settings: Settings, root: Path = ROOT) -> None:
    """Put the files of a backup in their places, all of them or, if one cannot be written, none.

    Raises:
        BackupError: a folder stands where a file goes; nothing was changed.
        OSError: a file cannot be written; nothing was changed.
    """
    drafts: dict[Path, Path] = {}
    settings.database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        for one in files:
            if one.target.is_dir():
                raise BackupError(
                    f"{place(one.target)} est un dossier : déplacez-le, un fichier va là. Rien n'est changé."
                )
            if one.target not in drafts and not one.there:
                drafts[one.target] = _draft(one)
        with undisturbed():
            for target, draft in drafts.items():
                for end in _SIDE_FILES:
                    target.with_name(target.name + end).unlink(missing_ok=True)
                draft.replace(target)
            for path in _left_over(files, settings, root):
                path.unlink()
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)


def conflicts(files: Sequence[Packed], settings: Settings, root: Path = ROOT) -> list[Path]:
    """Return the files that putting a backup back would change or take away."""
    changed = [one.target for one in files if one.target.exists() and not one.there]
    return changed + _left_over(files, settings, root)


def save(settings: Settings, target: Path | None = None, root: Path = ROOT) -> str:
    """Write a backup; return what the operator reads.

    Args:
        settings: where conversations and knowledge are.
        target: the archive; without one, a name with the time in this folder.
        root: the project's folder.

    Raises:
        BackupError: as for `back_up`.
        OSError: something cannot be read or written.
    """
    target = target or _free_name(Path.cwd(), datetime.now())
    number = back_up(settings, target, root)
    size = f"{target.stat().st_size / 10**6:.1f}".replace(".", ",")
    return (
        f"Sauvegarde faite : {place(target)} ({number} fichiers, {size} Mo).\n"
        "Elle contient des conversations et le secret du site : rangez-la à l'abri, effacez-la quand elle ne sert plus."
    )


def restore(settings: Settings, archive: Path, replace: bool = False, root: Path = ROOT) -> str:
    """Put a backup back in its place, all of it or nothing; return what the operator reads.

    Args:
        settings: where conversations and knowledge go.
        archive: the backup.
        replace: whether files that are there may be changed or taken away, after a backup of them.
        root: the project's folder.

    Raises:
        BackupError: it cannot be, or may not, be put back; nothing was changed.
        OSError: a file cannot be written; nothing was changed.
    """
    files = read_backup(archive, settings, root)
    port = in_use(settings)
    if port is not None:
        raise BackupError(
            f"L'assistant tourne (le port {port} répond) : arrêtez-le d'abord (Ctrl-C). Rien n'est changé."
        )
    _check_room(files, root)
    touched = conflicts(files, settings, root)
    if touched and not replace:
        shown = "\n".join(f"  {place(path)}" for path in touched[:_SHOWN])
        more = f"\n  ... et {len(touched) - _SHOWN} autres" if len(touched) > _SHOWN else ""
        raise BackupError(
            f"La restauration changerait ou retirerait ces fichiers ; rien n'est changé :\n{shown}{more}\n"
            "Pour les remplacer, après une sauvegarde de ce qui est là : make restaure FILE=… ARGS=--remplacer"
        )
    saved = [save(settings, None, root)] if touched else []
    put_back(files, settings, root)
    folder = place(settings.database.parent)
    return "\n".join([*saved, f"{len(files)} fichiers vérifiés et en place (conversations : dossier {folder})."])


def main() -> int:
    """Back up or restore; return the exit code."""
    options = _options()
    try:
        settings = Settings.read()
        if options.action == "sauvegarde":
            print(save(settings, options.fichier))
        elif options.fichier is None:
            raise BackupError("Dites quelle sauvegarde remettre en place : make restaure FILE=sauvegarde-….tar.gz")
        else:
            print(restore(settings, options.fichier, options.remplacer))
    except (ValueError, BackupError) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(not_written(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrompu.", file=sys.stderr)
        return 130
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make sauvegarde", description=_DESCRIPTION, add_help=False)
    parser.add_argument("action", choices=("sauvegarde", "restaure"), metavar="ACTION", help="sauvegarde ou restaure")
    parser.add_argument("fichier", nargs="?", type=Path, metavar="FICHIER", help="l'archive")
    parser.add_argument("-h", "--help", action="help", help="montrer cette aide")
    parser.add_argument(
        "--remplacer",
        action="store_true",
        help="restaure : remplacer les fichiers qui sont là, après en avoir fait une sauvegarde",
    )
    return parser.parse_args()


def _write(file: BinaryIO, settings: Settings, root: Path) -> int:
    """Write the archive; return how many files are in it."""
    sums: dict[str, str] = {}
    with tarfile.open(fileobj=file, mode="w:gz", compresslevel=_COMPRESSION) as archive:
        for part in parts(settings, root):
            for name, path in _files(part):
                content = _read(path)
                if content is not None:
                    sums[name] = _sum(content)
                    _add(archive, name, content, path.stat().st_mtime)
        manifest = {"base": settings.database.name, "fichiers": sums}
        _add(archive, _MANIFEST, json.dumps(manifest, indent=1).encode(), datetime.now().timestamp())
    return len(sums)


def _free_name(folder: Path, now: datetime) -> Path:
    """Return a name with the time that nothing has."""
    name = f"{_NAME}{now:%Y-%m-%d-%H%M}"
    number = 1
    while True:
        path = folder / f"{name}{f'-{number}' if number > 1 else ''}.tar.gz"
        if not path.exists():
            return path
        number += 1


def _check_own_folder(settings: Settings, root: Path) -> None:
    """Stop before the folder of the conversations is one that has everything else in it too."""
    folder = settings.database.parent.resolve()
    if root.is_relative_to(folder) or Path.home().is_relative_to(folder):
        raise BackupError(
            f"Les conversations sont dans {folder}, avec bien d'autres choses : donnez-leur un dossier à elles "
            "(ASSISTANT_BASE=…/var/conversations.db)."
        )


def _check_room(files: Iterable[Packed], root: Path) -> None:
    needed = sum(len(one.content) for one in files)
    free = shutil.disk_usage(next(path for path in (root, *root.parents) if path.is_dir())).free
    if free < needed:
        raise BackupError(f"Il n'y a plus assez de place sur le disque : {free // 2**20} Mo libres. Rien n'est changé.")


def _files(part: Part) -> Iterator[tuple[str, Path]]:
    """Yield the files of a part with their names in the archive: no half-written ones, no backups."""
    if part.single and part.path.is_file():
        yield part.name, part.path
    for path in sorted(part.path.rglob("*")):
        below = path.relative_to(part.path)
        passed_over = any(name.startswith((".", "__pycache__")) for name in below.parts) or path.name.startswith(_NAME)
        if path.is_file() and not passed_over and not _is_side_file(path):
            yield f"{part.name}/{below.as_posix()}", path


def _is_side_file(path: Path) -> bool:
    return any(path.name.endswith(end) and path.with_name(path.name.removesuffix(end)).is_file() for end in _SIDE_FILES)


def _read(path: Path) -> bytes | None:
    """Return what is in a file, of a database what is in it at one moment; None if it went away meanwhile."""
    try:
        with path.open("rb") as file:
            if file.read(len(_SQLITE)) != _SQLITE:
                file.seek(0)
                return file.read()
    except FileNotFoundError:
        return None
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        try:
            with closing(sqlite3.connect(path, timeout=30)) as source, closing(sqlite3.connect(copy)) as target:
                source.backup(target)
        except sqlite3.Error as error:
            raise BackupError(
                f"La base {place(path)} ne peut pas être lue ({error}) ; aucune sauvegarde n'est faite."
            ) from None
        return copy.read_bytes()


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _add(archive: tarfile.TarFile, name: str, content: bytes, changed_at: float) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    member.mtime = int(changed_at)
    member.mode = PRIVATE
    archive.addfile(member, io.BytesIO(content))


def _placed(name: str, content: bytes, changed_at: float, settings: Settings, root: Path) -> Packed:
    """Return a file of an archive with its place on this machine."""
    for part in parts(settings, root):
        if part.single and name == part.name:
            return Packed(part.path, content, changed_at, private=True)
        if not part.single and name.startswith(f"{part.name}/"):
            target = part.path / name.removeprefix(f"{part.name}/")
            return Packed(target, content, changed_at, private=part.name == _VAR)
    raise BackupError(f"« {name} » n'a rien à faire dans une sauvegarde ; rien n'est changé.")


def _draft(one: Packed) -> Path:
    """Write a file beside its place, with its date."""
    one.target.parent.mkdir(mode=0o700 if one.private else 0o755, parents=True, exist_ok=True)
    draft = draft_of(one.target)
    mode = PRIVATE if one.private else 0o644
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(one.content)
        os.utime(draft, (one.changed_at, one.changed_at))
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return draft


def _left_over(files: Sequence[Packed], settings: Settings, root: Path) -> list[Path]:
    """Return the files of the parts that are restored as a whole that would be there beside the restored ones."""
    wanted = {one.target for one in files}
    return [
        path
        for part in parts(settings, root)
        if part.whole and any(target.is_relative_to(part.path) for target in wanted)
        for _, path in _files(part)
        if path not in wanted
    ]


if __name__ == "__main__":
    sys.exit(main())
