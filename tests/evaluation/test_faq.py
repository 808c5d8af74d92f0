"""`make faq`: the answers to a list of questions, as a table."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.settings import ROOT
from evaluation.faq import COLUMNS, QuestionListError, questions_in, rows
from evaluation.understanding import Assistant
from tools.train import ensure_model


def faq(*arguments: str, piped: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "evaluation.faq", *arguments]
    return subprocess.run(command, cwd=ROOT, input=piped, capture_output=True, timeout=60, check=False)


def test_a_file_gets_a_table_and_the_whole_of_it_as_a_file(tmp_path: Path) -> None:
    ensure_model()
    path = tmp_path / "questions.txt"
    path.write_bytes("\ufeff# un essai\r\n\r\nQue veut dire OIM ?\r\nQuel est le budget de l'OIM ?\r\n".encode())
    done = faq(str(path))
    said = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    (first,) = [line for line in said.splitlines() if line.startswith("Que veut dire OIM ?")]
    assert "réponse" in first and "oim.sigle" in first and "femmes migrantes" not in first
    written = ROOT / said.rpartition("En entier : ")[2].strip()
    try:
        table = list(csv.DictReader(written.read_text("utf-8-sig").splitlines(), delimiter=";"))
    finally:
        written.unlink()
    assert [row["décision"] for row in table] == ["réponse", "refus"]
    assert table[0]["réponse"] == "OIM veut dire « Organisation internationale pour les migrations »."
    assert table[0]["source"].endswith("femmes migrantes en Amérique centrale")
    assert table[1]["source"] == ""


def test_each_question_is_asked_alone(assistant: Assistant) -> None:
    (first, second) = rows(["Que veut dire OCAM ?", "et quand ?"], assistant.ask, assistant.knowledge)
    cells = dict(zip(COLUMNS, first, strict=True))
    assert cells["fait"] == "ocam.nom" or cells["fait"] == "ocam.definition"
    assert dict(zip(COLUMNS, second, strict=True))["décision"] == "précision demandée"


def test_questions_can_be_piped_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "piped").write_text("Quoi ?\n", encoding="utf-8")
    with (tmp_path / "piped").open(encoding="utf-8") as piped:
        monkeypatch.setattr(sys, "stdin", piped)
        assert questions_in("-") == ["Quoi ?"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "n'existe pas"),
        ("", "ne contient aucune question"),
        ("# rien\n\n", "ne contient aucune question"),
        ("Où ?".encode("latin-1"), "n'est pas en UTF-8"),
    ],
)
def test_a_list_that_cannot_be_used_is_told(tmp_path: Path, content: str | bytes | None, said: str) -> None:
    path = tmp_path / "questions.txt"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(QuestionListError, match=said):
        questions_in(str(path))


def test_a_folder_is_no_list(tmp_path: Path) -> None:
    with pytest.raises(QuestionListError, match="ne peut pas être lu"):
        questions_in(str(tmp_path))


@pytest.mark.parametrize(("arguments", "code", "said"), [((), 2, "FILE=questions.txt"), (("rien.txt",), 1, "rien.txt")])
def test_errors_are_one_line_in_french(arguments: tuple[str, ...], code: int, said: str) -> None:
    done = faq(*arguments)
    assert (done.returncode, done.stdout) == (code, b"")
    assert said in done.stderr.decode() and len(done.stderr.splitlines()) == 1
