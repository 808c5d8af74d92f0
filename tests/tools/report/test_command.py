"""`make rapport`: what it says, where it writes, and that nothing a visitor wrote does anything in a report."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.dialogue.records import Candidate, Decision
from channels.journal import Journal, Turn
from tests.tools.in_process import Done, RunMain, run_main
from tools.report.__main__ import HTML, MARKDOWN, main, write_whole

EVIL = "<img src=x onerror=alert(1)> ![x](http://x.example) podcast de l'OIM | [a](javascript:b) `c`"


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_SECRET", "s" * 32)


Run = Callable[..., Done]
__all__ = ["run_main"]  # a fixture


@pytest.fixture
def run(tmp_path: Path, run_main: RunMain) -> Run:
    """Return a function that runs the command with the journal of the test's folder."""

    def _run(*arguments: str, days: int = 14) -> Done:
        own = {"ASSISTANT_BASE": str(tmp_path / "conversations.db"), "ASSISTANT_JOURS_QUESTIONS": str(days)}
        return run_main(main, "--vers", str(tmp_path / "rapport"), *arguments, **own)

    return _run


def ask(folder: Path, *texts: str) -> None:
    """Write what a visitor who was told asked in vain."""
    journal = Journal(folder / "journal.db", 14)
    journal.tell("ana")
    decision = Decision("refusal", "near-miss", candidates=(Candidate("inconnu/site.rubriques", 0.7),)).as_dict()
    for text in texts:
        journal.note(Turn("ana", "website", [decision], text, True, time.time() - 60))
    journal.close()


def test_without_visitors_an_empty_report_is_written(tmp_path: Path, run: Run) -> None:
    done = run(days=0)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line[:2] for line in lines[:3]] == ["- "] * 3
    assert lines[3] == f"Rapport : {tmp_path / 'rapport' / HTML}"
    assert lines[4].startswith("Fait en ")
    assert "ASSISTANT_JOURS_QUESTIONS" in (tmp_path / "rapport" / HTML).read_text("utf-8")
    assert [one.name for one in tmp_path.iterdir()] == ["rapport"], "reading makes no journal"


def test_what_visitors_wrote_has_no_meaning_in_a_report(tmp_path: Path, run: Run) -> None:
    ask(tmp_path, EVIL, EVIL, EVIL)
    run(days=0)
    done = run()  # over its own report
    assert (done.returncode, done.stderr) == (0, "")
    page = (tmp_path / "rapport" / HTML).read_text("utf-8")
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    text = (tmp_path / "rapport" / MARKDOWN).read_text("utf-8")
    prose = "".join(text.split("```")[::2])
    assert "\\<img" in prose
    assert "<img" not in prose.replace("\\<", "")
    assert "](http" not in prose
    assert "](javascript" not in prose


def test_a_text_past_its_days_is_in_no_report(tmp_path: Path, run: Run) -> None:
    ask(tmp_path, "un podcast de l'OIM ?", "podcast de l'OIM", "où est le podcast de l'OIM")
    assert "podcast" not in run(days=0).stdout
    assert "podcast" not in (tmp_path / "rapport" / MARKDOWN).read_text("utf-8")


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path, run: Run) -> None:
    other = tmp_path / "rapport" / "important.txt"
    other.parent.mkdir()
    other.write_text("à garder", "utf-8")
    done = run()
    assert done.returncode == 1
    assert "contient autre chose qu'un rapport" in done.stderr
    assert done.stderr.count("\n") == 1
    assert other.read_text("utf-8") == "à garder"


def test_an_interrupted_report_leaves_the_one_before_whole(tmp_path: Path) -> None:
    folder = tmp_path / "rapport"
    write_whole(folder, {HTML: b"avant", MARKDOWN: b"avant"})
    with pytest.raises(TypeError):
        write_whole(folder, {HTML: b"apres", MARKDOWN: None})  # type: ignore[dict-item]  # it fails half way
    assert (folder / HTML).read_bytes() == b"avant"
    assert [one.name for one in tmp_path.iterdir()] == ["rapport"]


@pytest.mark.parametrize("file", ["journal.db", "feedback.db"])
def test_a_file_that_is_no_database_is_told_in_one_line(tmp_path: Path, run: Run, file: str) -> None:
    (tmp_path / file).write_text("pas une base " * 100, "utf-8")
    done = run()
    assert done.returncode == 1
    assert done.stderr.startswith("Le rapport ne peut pas être fait")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("days", ["0", "-1", "hier", "1e7"])
def test_what_is_no_number_of_days_is_refused(tmp_path: Path, run: Run, days: str) -> None:
    done = run(f"--jours={days}")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "rapport").exists()


def test_help_is_in_french(run: Run) -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "Écrit le rapport d'activité" in done.stdout
    assert "show this help" not in done.stdout
