"""The pause switch: what visitors read, what its file survives, and how often it is looked at."""

import logging
from datetime import datetime, timezone
from pathlib import Path

import pytest

from channels import pause
from channels.pause import Pause, PauseSwitch, read_pause, write_pause
from channels.texts import TEXTS

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=timezone.utc)
LINE = '« Nous » disons "l\'été"\nà demain, {tous} \\ 5 $ €'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "pause.json"


def test_the_line_comes_back_as_it_was_given(path: Path) -> None:
    assert read_pause(path) is None
    write_pause(path, Pause(LINE, NOW))
    assert read_pause(path) == Pause(LINE, NOW)
    assert [one.name for one in path.parent.iterdir()] == ["pause.json"], "nothing half-written is left"
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("line", ["Revenez demain.", "Nous n'avons pas de numéro d'urgence.", ""])
def test_whom_to_call_in_danger_is_always_said(line: str) -> None:
    assert Pause(line, NOW).told() == f"{line or TEXTS['pause']}\n{TEXTS['urgence']}"


def test_whom_to_call_is_not_said_twice() -> None:
    line = "Fermé. En danger, appelez le numéro d’urgence de votre pays."
    assert Pause(line, NOW).told() == line


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff\xfe", b'{"message": "x"}', b'{"message": "", "depuis": 1}']
)
def test_a_damaged_file_keeps_the_assistant_paused(
    path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody wanted it silent."""
    path.parent.mkdir()
    path.write_bytes(content)
    with caplog.at_level(logging.ERROR):
        found = read_pause(path)
    assert found and found.told().startswith(TEXTS["pause"])
    assert "pause.json" in caplog.text


def test_the_file_is_looked_at_once_in_the_interval(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    switch = PauseSwitch(path)
    assert switch.pause is None
    write_pause(path, Pause(LINE, NOW))
    monkeypatch.setattr(pause, "INTERVAL", 3600.0)
    assert switch.pause is None
    monkeypatch.setattr(pause, "INTERVAL", 0.0)
    assert switch.pause == Pause(LINE, NOW)


def test_a_pause_is_taken_up_within_seconds() -> None:
    assert pause.INTERVAL <= 2
