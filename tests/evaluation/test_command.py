"""`make eval`: the command as a person runs it."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import pytest

from assistant.settings import ROOT
from evaluation import __main__ as command
from evaluation.direct import Measured
from evaluation.scoring import Scored
from tests.evaluation.made import SIGLE, asked, came
from tools.train import ensure_model


def evaluate(*arguments: str) -> "subprocess.CompletedProcess[str]":
    whole = [sys.executable, "-m", "evaluation", *arguments]
    return subprocess.run(whole, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)


def test_one_half_in_process_prints_the_table_and_the_misses_and_writes_the_report() -> None:
    ensure_model()
    done = evaluate("--sans-rest", "--moitie", "dev", "--ratees")
    assert (done.returncode, done.stderr) == (0, "")
    assert "sealed" not in done.stdout
    assert "Question de la page : le bon fait tout de suite" in done.stdout
    assert "\n[voisins] " in done.stdout
    said = done.stdout.rpartition("Rapport : ")[2].split("/rapport.md")[0]
    folder = ROOT / said
    try:
        report = (folder / "rapport.md").read_text("utf-8")
    finally:
        shutil.rmtree(folder)
    assert "## Que faire" in report
    assert "Modèle : " in report


@pytest.mark.parametrize(
    ("name", "said"), [("absent.tar.gz", "n'existe pas"), ("README.md", "n'est pas un modèle de cet assistant")]
)
def test_a_file_that_is_no_model_is_told(name: str, said: str) -> None:
    done = evaluate("--modele", name)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(name) and said in done.stderr and len(done.stderr.splitlines()) == 1


def test_the_reference_is_written_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    today, written = [came(asked("faits", ("oim.sigle",)), SIGLE)], list[Sequence[Scored]]()
    monkeypatch.setattr(sys, "argv", ["evaluation", "--reference"])
    monkeypatch.setattr(command, "measuring", lambda *_: nullcontext(lambda: {"dev": Measured(today, [])}))
    monkeypatch.setattr(command, "write_reference", written.append)
    monkeypatch.setattr(command, "write_report", None)
    assert command.main() == 0
    assert written == [today]
    assert "evaluation/reference.json, 1 questions" in capsys.readouterr().out


def test_the_version_of_the_code_is_left_out_where_git_does_not_know_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert command._commit() is None
    monkeypatch.setenv("PATH", "")
    assert command._commit() is None
