"""`make sauvegarde`, `make restaure`: everything comes back elsewhere, and nothing is overwritten or led astray."""

import io
import json
import os
import shutil
import socket
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from assistant.settings import Settings
from channels.feedback import FeedbackStore
from tests.tools.in_process import RunMain, run_main
from tools import backup
from tools.backup import BackupError, back_up, conflicts, main, put_back, read_backup, restore, save

__all__ = ["run_main"]  # a fixture

FILES = {
    "models/assistant-oim.tar.gz": "the model",
    "models/epingle": "0123456789ab\n",
    "knowledge/facts/oim.yml": "pas encore dans git",
    "data/nlu/oim.yml": "nlu",
    "evaluation/questions/dev/faits.yml": "questions",
    ".env": "TELEGRAM_TOKEN=secret",
}
IN_VAR = {"secret": "s" * 40, "pause.json": "{}", "connaissances/0123456789ab.tar.gz": "kept", "journal/autre": "x"}


@dataclass(frozen=True)
class Place:
    """An assistant's folder, and its settings."""

    root: Path
    settings: Settings

    @classmethod
    def below(cls, root: Path, database: str = "conversations.db") -> "Place":
        variables = {"ASSISTANT_BASE": str(root / "var" / database), "ASSISTANT_CONNAISSANCES": str(root / "knowledge")}
        return cls(root, Settings.read(variables))

    def files(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in self.root.rglob("*")
            if path.is_file() and not path.name.endswith((".db", ".sqlite", "-wal", "-shm"))
        }

    def rows(self) -> list[int]:
        with closing(sqlite3.connect(self.settings.database)) as database:
            return [row[0] for row in database.execute("SELECT number FROM t ORDER BY number")]


@pytest.fixture
def here(tmp_path: Path) -> Place:
    """An assistant with all that it keeps."""
    place = Place.below(tmp_path / "ici")
    for name, content in {**FILES, **{f"var/{name}": content for name, content in IN_VAR.items()}}.items():
        (place.root / name).parent.mkdir(parents=True, exist_ok=True)
        (place.root / name).write_text(content)
    os.utime(place.root / "var/connaissances/0123456789ab.tar.gz", (1000, 1000))
    with closing(sqlite3.connect(place.settings.database)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE t (number)")
        database.executemany("INSERT INTO t VALUES (?)", [(number,) for number in range(100)])
        database.commit()
    FeedbackStore(place.settings.feedback).add("conversation", "message", "wrong", [{"kind": "answer"}])
    return place


@pytest.fixture
def elsewhere(tmp_path: Path) -> Place:
    """An empty folder, whose database has another name."""
    return Place.below(tmp_path / "ailleurs", "base.sqlite")


@pytest.fixture
def archive(here: Place, tmp_path: Path) -> Path:
    target = tmp_path / "s.tar.gz"
    back_up(here.settings, target, here.root)
    return target


def put(archive: Path, place: Place) -> None:
    put_back(read_backup(archive, place.settings, place.root), place.settings, place.root)


def test_all_of_it_comes_back_in_an_empty_folder(here: Place, archive: Path, elsewhere: Place) -> None:
    put(archive, elsewhere)
    assert elsewhere.files() == here.files()
    assert elsewhere.rows() == list(range(100))
    assert FeedbackStore(elsewhere.settings.feedback).all() == FeedbackStore(here.settings.feedback).all()


def test_only_this_user_reads_the_archive_and_what_is_private_in_it(archive: Path, elsewhere: Place) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600
    put(archive, elsewhere)
    private = [path for path in elsewhere.settings.database.parent.rglob("*") if path.is_file()]
    assert private
    for path in (*private, elsewhere.root / ".env"):
        assert path.stat().st_mode & 0o077 == 0, path
    assert elsewhere.settings.database.parent.stat().st_mode & 0o077 == 0


def test_the_dates_of_kept_versions_come_back(archive: Path, elsewhere: Place) -> None:
    put(archive, elsewhere)
    assert (elsewhere.root / "var/connaissances/0123456789ab.tar.gz").stat().st_mtime == 1000


def test_an_assistant_that_writes_meanwhile_is_backed_up_at_one_moment(
    here: Place, tmp_path: Path, elsewhere: Place
) -> None:
    with closing(sqlite3.connect(here.settings.database)) as writer:
        writer.execute("INSERT INTO t VALUES (100)")
        writer.commit()  # in the write-ahead log only
        writer.execute("INSERT INTO t VALUES (101)")  # not committed
        back_up(here.settings, tmp_path / "s.tar.gz", here.root)
    put(tmp_path / "s.tar.gz", elsewhere)
    assert elsewhere.rows() == list(range(101))


def test_a_link_comes_along_as_what_it_leads_to(here: Place, tmp_path: Path, elsewhere: Place) -> None:
    (tmp_path / "loin").write_text("s" * 41)
    (here.root / "var" / "secret").unlink()
    (here.root / "var" / "secret").symlink_to(tmp_path / "loin")
    back_up(here.settings, tmp_path / "s.tar.gz", here.root)
    put(tmp_path / "s.tar.gz", elsewhere)
    assert (elsewhere.root / "var" / "secret").read_text() == "s" * 41


def test_backups_and_unfinished_files_are_left_out(here: Place, tmp_path: Path) -> None:
    (here.root / "var" / "sauvegarde-2026-01-01-0000.tar.gz").write_text("x")
    (here.root / "var" / ".secret.0123").write_text("x")
    (here.root / "data" / "__pycache__").mkdir()
    (here.root / "data" / "__pycache__" / "a.pyc").write_text("x")
    back_up(here.settings, tmp_path / "s.tar.gz", here.root)
    with tarfile.open(tmp_path / "s.tar.gz") as opened:
        names = opened.getnames()
    assert not [name for name in names if "sauvegarde" in name or "0123." in name[:14] or "pyc" in name]
    assert not [name for name in names if name.endswith(("-wal", "-shm"))]


def test_an_archive_is_never_overwritten(here: Place, archive: Path) -> None:
    before = archive.read_bytes()
    with pytest.raises(BackupError, match="existe déjà"):
        back_up(here.settings, archive, here.root)
    assert archive.read_bytes() == before


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_half_an_archive_is_taken_away(
    here: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    def stop(path: Path) -> bytes:
        raise error

    monkeypatch.setattr(backup, "_read", stop)
    with pytest.raises(error):
        back_up(here.settings, tmp_path / "s.tar.gz", here.root)
    assert not (tmp_path / "s.tar.gz").exists()


def test_a_folder_that_has_everything_else_in_it_too_is_refused(here: Place, tmp_path: Path) -> None:
    settings = Settings.read({"ASSISTANT_BASE": str(here.root.parent / "conversations.db")})
    with pytest.raises(BackupError, match="un dossier à elles"):
        back_up(settings, tmp_path / "s.tar.gz", here.root)


def test_a_damaged_database_is_told_and_leaves_no_archive(here: Place, tmp_path: Path) -> None:
    here.settings.feedback.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    with pytest.raises(BackupError, match=r"feedback\.db ne peut pas être lue"):
        back_up(here.settings, tmp_path / "s.tar.gz", here.root)
    assert not (tmp_path / "s.tar.gz").exists()


def repack(archive: Path, change: Callable[[dict[str, bytes]], None], *more: tarfile.TarInfo) -> None:
    """Write an archive anew with other contents, its manifest true or not, and more members."""
    with tarfile.open(archive) as opened:
        contents = {one.name: file.read() for one in opened if (file := opened.extractfile(one))}
    change(contents)
    with tarfile.open(archive, "w:gz") as changed:
        for name, content in contents.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            changed.addfile(member, io.BytesIO(content))
        for member in more:
            changed.addfile(member, io.BytesIO(b"x" * member.size))


def member(name: str, kind: bytes = tarfile.REGTYPE, to: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, to
    return made


def nothing(_: dict[str, bytes]) -> None:
    pass


@pytest.mark.parametrize(
    "more",
    [
        member("../dehors"),
        member("/dehors"),
        member("var/../../dehors"),
        member("var/lien", tarfile.SYMTYPE, "/etc"),
        member("var/lien", tarfile.LNKTYPE, "var/secret"),
        member("var/fifo", tarfile.FIFOTYPE),
        member("var/secret"),
        member("var/nouveau"),
        member("tools/run.py"),
    ],
    ids=lambda one: f"{one.name} {one.type!r}",
)
def test_what_a_backup_never_has_is_refused_before_anything_is_written(
    archive: Path, elsewhere: Place, more: tarfile.TarInfo
) -> None:
    repack(archive, nothing, more)
    with pytest.raises(BackupError, match=r"rien n'est changé|rien à faire"):
        put(archive, elsewhere)
    assert not elsewhere.root.exists()


@pytest.mark.parametrize("name", ["tools/run.py", "../dehors", "models/../tools/run.py", "knowledge"])
def test_a_manifest_that_names_it_does_not_help(archive: Path, elsewhere: Place, name: str) -> None:
    def add(contents: dict[str, bytes]) -> None:
        manifest = json.loads(contents.pop("manifeste.json"))
        contents[name] = b"x"
        manifest["fichiers"][name] = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
        contents["manifeste.json"] = json.dumps(manifest).encode()

    repack(archive, add)
    with pytest.raises(BackupError):
        put(archive, elsewhere)
    assert not elsewhere.root.exists()


@pytest.mark.parametrize("damage", ["changed", "missing", "no manifest", "cut", "no archive", "a folder"])
def test_a_damaged_archive_is_refused_before_anything_is_written(archive: Path, elsewhere: Place, damage: str) -> None:
    def change(contents: dict[str, bytes]) -> None:
        if damage == "changed":
            contents["var/secret"] = b"t" * 40
        else:
            del contents["var/secret" if damage == "missing" else "manifeste.json"]

    if damage in {"changed", "missing", "no manifest"}:
        repack(archive, change)
    elif damage == "cut":
        archive.write_bytes(archive.read_bytes()[:-100])
    elif damage == "no archive":
        archive.write_text("bonjour")
    else:
        archive.unlink()
        archive.mkdir()
    with pytest.raises(BackupError, match="abîmée"):
        put(archive, elsewhere)
    assert not elsewhere.root.exists()


def test_what_would_change_or_go_is_named_and_the_same_is_no_conflict(here: Place, archive: Path) -> None:
    files = read_backup(archive, here.settings, here.root)
    changing = set(conflicts(files, here.settings, here.root))
    assert changing <= {here.settings.database, here.settings.feedback}, "SQLite's copy may differ by its header"
    (here.root / "var" / "secret").write_text("t" * 40)
    (here.root / "knowledge" / "facts" / "neuf.yml").write_text("x")
    (here.root / "var" / "de-plus").write_text("x")
    changed = {here.root / "var" / "secret", here.root / "knowledge" / "facts" / "neuf.yml"}
    assert set(conflicts(files, here.settings, here.root)) - changing == changed


def test_replacing_leaves_no_fact_of_another_state_and_no_log_of_another_database(here: Place, archive: Path) -> None:
    (here.root / "knowledge" / "facts" / "neuf.yml").write_text("x")
    wal = here.settings.database.with_name("conversations.db-wal")
    with closing(sqlite3.connect(here.settings.database)) as database:
        database.execute("INSERT INTO t VALUES (100)")
        database.commit()
        shutil.copy(wal, here.root / "wal")
    shutil.copy(here.root / "wal", wal)  # as a crash would leave it
    put(archive, here)
    assert here.rows() == list(range(100))
    assert not (here.root / "knowledge" / "facts" / "neuf.yml").exists()


def test_a_database_whose_log_says_more_is_a_conflict(here: Place, archive: Path, elsewhere: Place) -> None:
    """What an assistant that was killed wrote last stands there, and its file alone may be the restored one."""
    put(archive, elsewhere)
    files = read_backup(archive, elsewhere.settings, elsewhere.root)
    assert conflicts(files, elsewhere.settings, elsewhere.root) == []
    elsewhere.settings.database.with_name("base.sqlite-wal").write_bytes(b"more")
    assert conflicts(files, elsewhere.settings, elsewhere.root) == [elsewhere.settings.database]


def test_a_folder_in_the_place_of_a_file_changes_nothing(archive: Path, elsewhere: Place) -> None:
    (elsewhere.root / "var" / "secret").mkdir(parents=True)
    with pytest.raises(BackupError, match="est un dossier"):
        put(archive, elsewhere)
    assert elsewhere.files() == {}


def test_a_write_that_fails_changes_nothing(here: Place, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("secret", "pause.json"):
        (here.root / "var" / name).write_text("changed")
    before = here.files()
    draft, number = backup._draft, iter(range(9))

    def full(one: backup.Packed) -> Path:
        if next(number) == 1:
            raise OSError("no space left")
        return draft(one)

    monkeypatch.setattr(backup, "_draft", full)
    with pytest.raises(OSError, match="no space"):
        put(archive, here)
    assert here.files() == before


@pytest.fixture
def at_rest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Work in a folder of the test, with no assistant running on the default ports."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(backup, "in_use", lambda _: None)


def test_a_backup_has_the_time_in_its_name_and_replaces_none(here: Place, tmp_path: Path, at_rest: None) -> None:
    said = [save(here.settings, None, here.root) for _ in range(2)]  # two in one minute, most of the time
    names = [path.name for path in tmp_path.glob("sauvegarde-????-??-??-????*.tar.gz")]
    assert len(names) == 2
    assert all(any(name in one for one in said) for name in names)


def test_files_are_replaced_only_when_told_and_after_a_backup(
    here: Place, archive: Path, tmp_path: Path, at_rest: None
) -> None:
    secret = here.root / "var" / "secret"
    secret.write_text("t" * 40)
    with pytest.raises(BackupError, match=r"(?s)var/secret.*--remplacer"):
        restore(here.settings, archive, root=here.root)
    assert secret.read_text() == "t" * 40
    assert "Sauvegarde faite" in restore(here.settings, archive, replace=True, root=here.root)
    assert secret.read_text() == "s" * 40
    (before,) = tmp_path.glob("sauvegarde-*.tar.gz")
    with tarfile.open(before) as opened:
        file = opened.extractfile("var/secret")
        assert file and file.read() == b"t" * 40


def test_nothing_is_restored_while_the_assistant_runs(archive: Path, elsewhere: Place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        settings = replace(elsewhere.settings, port=other.getsockname()[1])
        with pytest.raises(BackupError, match="L'assistant tourne"):
            restore(settings, archive, root=elsewhere.root)
    assert not elsewhere.root.exists()


@pytest.mark.parametrize("arguments", [("restaure",), ("restaure", "rien.tar.gz"), ("sauvegarde", "rien/x.tar.gz")])
def test_a_mistake_is_one_line(run_main: RunMain, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = run_main(main, *arguments, ASSISTANT_BASE=str(tmp_path / "var" / "conversations.db"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
