"""Files written whole, and names in archives that lead nowhere else."""

import os
import signal
from pathlib import Path

import pytest

from assistant.files import stays_inside, undisturbed, write_whole


def test_a_file_is_replaced_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    write_whole(path, b"one")

    def full(_: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_whole(path, b"two")
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]


def test_ctrl_c_waits_until_the_end() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), undisturbed():
        os.kill(os.getpid(), signal.SIGINT)
        done.append(1)
    assert done == [1]


@pytest.mark.parametrize("name", ["a", "facts/ocam.yml", "a/...", ".env"])
def test_a_name_stays_inside(name: str) -> None:
    assert stays_inside(name)


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../a", "a/../../b", "a/..", "./a", "a//b", "a\\..\\b", "a\0b"])
def test_a_name_that_leads_elsewhere_is_seen(name: str) -> None:
    assert not stays_inside(name)
