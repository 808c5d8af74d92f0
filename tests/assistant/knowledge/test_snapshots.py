"""Kept versions of the knowledge: what was known can be had back, and nothing that was edited is lost."""

import io
import logging
import os
import tarfile
from pathlib import Path

import pytest

from assistant.knowledge import live, snapshots
from assistant.knowledge.live import LiveKnowledge
from assistant.knowledge.loader import knowledge_version, read_files
from assistant.knowledge.snapshots import SnapshotError, Snapshots
from tests.assistant.knowledge.conftest import Break

ANSWER = "CLB est le club."


@pytest.fixture
def kept(tmp_path: Path) -> Snapshots:
    return Snapshots(tmp_path / "var" / "connaissances")


def versions(kept: Snapshots) -> list[str]:
    return [one.version for one in kept.all()]


def test_what_an_assistant_starts_with_and_takes_up_is_kept_and_a_bad_edit_is_not(
    folder: Path, edit: Break, kept: Snapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "INTERVAL", 0.0)
    knowledge = LiveKnowledge(folder)
    knowledge.note_use(kept.keep)
    first = knowledge.current.knowledge.version
    assert versions(kept) == [first]
    edit("facts/club.yml", ANSWER, "CLB veut dire club.")
    second = knowledge.current.knowledge.version
    edit("facts/club.yml", "reponse: CLB veut dire club.", "reponse:")
    assert knowledge.current.knowledge.version == second
    assert set(versions(kept)) == {first, second}


def test_a_version_put_back_is_the_same_to_the_last_file(folder: Path, edit: Break, kept: Snapshots) -> None:
    before = read_files(folder)
    version = knowledge_version(folder)
    kept.keep(folder, version)
    edit("facts/club.yml", ANSWER, "CLB veut dire club.")
    (folder / "facts" / "nouveau.yml").write_text("faits: []\n")
    (folder / "sources" / "page.txt").unlink()
    (folder / "LISEZMOI.md").write_text("à moi")
    kept.put_back(version, folder)
    assert read_files(folder) == before
    assert knowledge_version(folder) == version
    assert (folder / "LISEZMOI.md").exists(), "what is no knowledge stays"
    assert not [path for path in folder.rglob(".*")]


def test_a_running_assistant_takes_up_what_is_put_back(
    folder: Path, edit: Break, kept: Snapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "INTERVAL", 0.0)
    knowledge = LiveKnowledge(folder)
    knowledge.note_use(kept.keep)
    version = knowledge.current.knowledge.version
    edit("facts/club.yml", ANSWER, "CLB veut dire club.")
    assert knowledge.current.knowledge.version != version
    kept.put_back(version, folder)
    assert knowledge.current.knowledge.version == version
    assert knowledge.current.knowledge.facts["club.sigle"].answer == ANSWER


def test_what_changed_between_reading_and_keeping_is_not_kept_under_the_old_name(folder: Path, kept: Snapshots) -> None:
    kept.keep(folder, "0123456789ab")
    assert kept.all() == []


def test_the_last_ones_are_kept_and_what_was_set_aside_stays(
    folder: Path, kept: Snapshots, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "KEPT", 3)
    place, made = tmp_path / "var" / "connaissances", []
    aside = kept.set_aside(folder)
    for number in range(5):
        (folder / "sources" / "note.txt").write_text(str(number))
        made.append(knowledge_version(folder))
        kept.keep(folder, made[-1])
        os.utime(place / f"{made[-1]}.tar.gz", (number, number))
    kept.keep(folder, made[-1])
    assert set(versions(kept)) == {aside, *made[-3:]}
    assert versions(kept)[-1] == made[-3]


def test_an_edit_that_cannot_be_used_is_set_aside_too(folder: Path, edit: Break, kept: Snapshots) -> None:
    edit("facts/club.yml", ANSWER, "")
    (one,) = [kept.set_aside(folder)]
    assert [(found.version, found.aside) for found in kept.all()] == [(one, True)]


def test_a_version_that_cannot_be_used_any_more_changes_nothing(folder: Path, edit: Break, kept: Snapshots) -> None:
    good = read_files(folder)
    edit("facts/club.yml", f"reponse: {ANSWER}", "reponse:")
    bad = kept.set_aside(folder)
    for name, content in good.items():
        (folder / name).write_bytes(content)
    with pytest.raises(SnapshotError, match=r"ne peut pas servir. facts/club.yml, ligne 11 : cette valeur est vide"):
        kept.put_back(bad, folder)
    assert read_files(folder) == good


@pytest.mark.parametrize("damage", ["cut", "flipped", "edited", "outside", "gone"])
def test_a_damaged_version_is_refused(folder: Path, kept: Snapshots, tmp_path: Path, damage: str) -> None:
    version = kept.set_aside(folder)
    (path,) = (tmp_path / "var" / "connaissances").iterdir()
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:200])
    elif damage == "flipped":
        content = path.read_bytes()
        path.write_bytes(content[:300] + bytes(255 - byte for byte in content[300:400]) + content[400:])
    elif damage == "gone":
        path.unlink()
    else:
        with tarfile.open(path, "w:gz") as archive:
            member = tarfile.TarInfo("../dehors.yml" if damage == "outside" else "facts/club.yml")
            archive.addfile(member, io.BytesIO())
    with pytest.raises(SnapshotError):
        kept.put_back(version, folder)
    assert not (tmp_path / "dehors.yml").exists()


def test_a_full_disk_stops_no_assistant(folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    with caplog.at_level(logging.ERROR):
        LiveKnowledge(folder).note_use(Snapshots(tmp_path / "file" / "x").keep)
    assert "n'ont pas pu être gardées" in caplog.text
