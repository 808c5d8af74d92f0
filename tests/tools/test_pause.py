"""`make pause`, `make reprise`: what the operator types comes through, and what is said of it."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.settings import ROOT
from channels.pause import read_pause
from channels.texts import TEXTS
from tests.tools.in_process import Done, RunMain, run_main
from tools.pause import MAX_LENGTH, main

Run = Callable[..., Done]
__all__ = ["run_main"]  # a fixture


@pytest.fixture
def run(run_main: RunMain, tmp_path: Path) -> Run:
    """Return a function that pauses or resumes an assistant whose conversations are in a folder of the test."""

    def _run(action: str, line: str = "") -> Done:
        return run_main(main, action, ASSISTANT_BASE=str(tmp_path / "var" / "conversations.db"), MSG=line)

    return _run


def line_in(tmp_path: Path) -> str | None:
    found = read_pause(tmp_path / "var" / "pause.json")
    return found.message if found else None


def test_a_pause_is_told_changed_and_ended(run: Run, tmp_path: Path) -> None:
    done = run("pause", "Revenez demain.")
    assert (done.returncode, done.stderr) == (0, "")
    assert str(tmp_path / "var") in done.stdout
    assert f"  Revenez demain.\n  {TEXTS['urgence']}\n" in done.stdout
    since = done.stdout.split(" (dossier", 1)[0]
    changed = run("pause", "Revenez lundi.").stdout
    assert changed.startswith(since) and "sa phrase est changée" in changed
    assert line_in(tmp_path) == "Revenez lundi."
    assert "répond de nouveau" in run("reprise").stdout
    assert line_in(tmp_path) is None
    again = run("reprise")
    assert again.returncode == 0 and "n'était pas en pause" in again.stdout


def test_without_a_line_the_default_one_is_shown(run: Run, tmp_path: Path) -> None:
    assert f"  {TEXTS['pause']}\n" in run("pause").stdout
    assert line_in(tmp_path) == ""


def test_pasted_spaces_become_ordinary_and_lines_stay(run: Run, tmp_path: Path) -> None:
    run("pause", "\n Fermé\u00a0!\r\n\n\u202fÀ\u200b demain \x1b\n")
    assert line_in(tmp_path) == "Fermé !\n\nÀ demain"


@pytest.mark.parametrize("line", ["a" * (MAX_LENGTH + 1), "a\udce9"])
def test_a_line_that_cannot_be_said_is_an_error_and_changes_nothing(run: Run, tmp_path: Path, line: str) -> None:
    run("pause", "Revenez demain.")
    done = run("pause", line)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("MSG ") and done.stderr.count("\n") == 1
    assert line_in(tmp_path) == "Revenez demain."


def test_a_folder_that_cannot_be_written_is_told(run_main: RunMain, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run_main(main, "pause", ASSISTANT_BASE=str(tmp_path / "file" / "x.db"), MSG="")
    assert done.returncode == 1
    assert "ne peut pas être" in done.stderr and "Traceback" not in done.stderr


def test_make_hands_the_line_on_as_it_is(tmp_path: Path) -> None:
    line = '« L\'été » "coûte" 5 $ et $HOME $(shell id)\nà demain # `id` \\'
    variables = {**os.environ, "ASSISTANT_BASE": str(tmp_path / "conversations.db")}
    # The environment is there: what makes it is left out.
    command = ["make", "--silent", "--old-file=install", "pause", f"MSG={line}"]
    subprocess.run(command, cwd=ROOT, env=variables, check=True, capture_output=True, timeout=60)
    found = read_pause(tmp_path / "pause.json")
    assert found and found.message == line
