"""Kept versions of the knowledge: what a running assistant knew, and what was there before somebody went back."""

import io
import logging
import stat
import tarfile
import tempfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from assistant.files import stays_inside, undisturbed, write_whole
from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.loader import knowledge_files, load_knowledge, read_files, version_of
from assistant.settings import Settings

logger = logging.getLogger(__name__)

#: How many versions that an assistant knew are kept, the last ones.
KEPT = 20
_USED = ".tar.gz"
#: What was set aside before somebody went back may be an editor's only copy: it is never thrown away.
_ASIDE = ".avant-retour.tar.gz"


@dataclass(frozen=True)
class Snapshot:
    """A kept version.

    Attributes:
        version: its name, as in decisions.
        kept_at: when an assistant last took it up, or when it was set aside.
        aside: whether it was set aside before going back.
    """

    version: str
    kept_at: datetime
    aside: bool


class SnapshotError(Exception):
    """A kept version that cannot be used; the message is one line in French."""


def snapshots_folder(settings: Settings) -> Path:
    """Return the folder of the kept versions, beside the conversations."""
    return settings.database.with_name("connaissances")


class Snapshots:
    """The kept versions in a folder, one archive each.

    Args:
        folder: the folder; it is made with the first version.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, knowledge: Path, version: str) -> None:
        """Keep a version that an assistant takes up, unless its files have changed since; never stops the assistant.

        Args:
            knowledge: the folder of the knowledge.
            version: the version that was read there.
        """
        try:
            files = read_files(knowledge)
            if version_of(files) == version:  # else the next look at the files brings the newer one
                write_whole(self._folder / f"{version}{_USED}", _packed(files))
                self._forget_old()
        except OSError as error:
            logger.error("Les connaissances %s n'ont pas pu être gardées : %s", version, type(error).__name__)

    def set_aside(self, knowledge: Path) -> str:
        """Keep what is in a folder now, whether it can be used or not, and return its version.

        Raises:
            OSError: it cannot be read or kept.
        """
        files = read_files(knowledge)
        version = version_of(files)
        write_whole(self._folder / f"{version}{_ASIDE}", _packed(files))
        return version

    def all(self) -> list[Snapshot]:
        """Return what is kept, each version once, the newest first."""
        found: dict[str, Snapshot] = {}
        for path in sorted(self._folder.glob(f"*{_USED}")):
            at = datetime.fromtimestamp(path.stat().st_mtime, timezone.utc)
            aside = path.name.endswith(_ASIDE)
            version = path.name.split(".")[0]
            before = found.get(version)
            found[version] = Snapshot(version, max(at, before.kept_at) if before else at, aside)
        return sorted(found.values(), key=lambda one: one.kept_at, reverse=True)

    def put_back(self, version: str, knowledge: Path) -> None:
        """Make the files of a folder those of a version; a running assistant takes them up within seconds.

        Args:
            version: a kept version.
            knowledge: the folder of the knowledge; what is in it and no file of the knowledge stays.

        Raises:
            SnapshotError: the version is not kept, is damaged, or cannot be used any more; nothing was changed.
            OSError: a file cannot be written.
        """
        files = self._files(version)
        with tempfile.TemporaryDirectory() as trial:
            _write(files, Path(trial))
            try:
                load_knowledge(Path(trial))
            except KnowledgeError as error:
                problem = (
                    f"{error.path.relative_to(trial)}{f', ligne {error.line}' if error.line else ''} : {error.problem}"
                )
                raise SnapshotError(f"La version {version} des connaissances ne peut pas servir. {problem}") from None
        with undisturbed():
            _write(files, knowledge)
            for path in knowledge_files(knowledge):
                if path.relative_to(knowledge).as_posix() not in files:
                    path.unlink()

    def _files(self, version: str) -> dict[str, bytes]:
        """Return the files of a version."""
        path = next((path for end in (_USED, _ASIDE) if (path := self._folder / f"{version}{end}").is_file()), None)
        if path is None:
            raise SnapshotError(f"La version {version} des connaissances n'est pas gardée.")
        try:
            with tarfile.open(path) as archive:
                files = {one.name: file.read() for one in archive if (file := archive.extractfile(one))}
        except (tarfile.TarError, EOFError, OSError, zlib.error):
            files = {}
        if version_of(files) != version or not all(map(stays_inside, files)):
            raise SnapshotError(f"La version {version} des connaissances est abîmée ({path.name}).")
        return files

    def _forget_old(self) -> None:
        used = [path for path in self._folder.glob(f"*{_USED}") if not path.name.endswith(_ASIDE)]
        for path in sorted(used, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT:]:
            path.unlink(missing_ok=True)


def _packed(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def _write(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files that are not there as they are to be."""
    for name, content in files.items():
        path = folder / name
        if not path.is_file():
            write_whole(path, content, 0o644)
        elif path.read_bytes() != content:
            write_whole(path, content, stat.S_IMODE(path.stat().st_mode))
