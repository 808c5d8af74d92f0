"""`make retours`: what is counted, what comes first, and that nothing a visitor wrote is shown."""

import csv
import io
import os
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, get_args

import pytest

from assistant.dialogue.records import Candidate, Decision, Kind
from assistant.settings import ROOT
from channels.feedback import VERDICTS as SAID
from channels.feedback import Feedback, FeedbackStore
from tools.feedback import KINDS, VERDICTS, report, since, summary, write_csv

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=timezone.utc)
MARK = "zorglubmarque"


def decision(*facts: str, kind: Kind = "answer", **more: Any) -> dict[str, Any]:
    """Return a decision as it is kept."""
    candidates = (Candidate("fait/ocam.role", 0.876), *(Candidate(f"fait/autre{n}", 0.01) for n in range(9)))
    return Decision(kind, "best", facts, candidates=candidates, **more).as_dict()


def said(verdict: str, *decisions: dict[str, Any], days: float = 0) -> Feedback:
    return Feedback(NOW - timedelta(days=days), verdict, list(decisions))


def test_all_verdicts_and_kinds_have_french_names() -> None:
    assert tuple(VERDICTS) == SAID
    assert set(KINDS) == set(get_args(Kind))


def test_the_most_criticised_fact_comes_first() -> None:
    feedback = [
        *[said("yes", decision("oim.definition"))] * 9,
        said("wrong", decision("oim.definition")),
        said("unclear", decision("ocam.role")),
        said("incomplete", decision("ocam.role")),
        said("yes", decision("projet.definition")),
    ]
    rows = summary(feedback)
    assert [name for name, _ in rows] == ["ocam.role", "oim.definition", "projet.definition"]
    assert rows[1][1] == {"yes": 9, "wrong": 1}


def test_an_answer_of_two_facts_counts_for_both_and_for_one_fact_once() -> None:
    rows = dict(summary([said("wrong", decision("ocam.role"), decision("oim.membres"), decision("ocam.role"))]))
    assert rows == {"ocam.role": {"wrong": 1}, "oim.membres": {"wrong": 1}}


def test_facts_that_were_only_offered_are_not_judged() -> None:
    rows = dict(
        summary([said("other", decision("ocam.role", "oim.membres", kind="choices")), said("other", decision())])
    )
    assert rows == {"(choix)": {"other": 1}, "(réponse)": {"other": 1}}


def test_criticism_is_listed_with_what_was_decided_and_why() -> None:
    made = decision("ocam.role", model="modele123", knowledge="savoir456")
    text = report([said("incomplete", made), said("yes", decision("oim.membres"))])
    table, _, below = text.partition("\n\n")
    assert "oim.membres" in table
    line = below.splitlines()[-1]
    for part in (
        "2026-03-04 05:06",
        "incomplète",
        "réponse",
        "ocam.role",
        "fait/ocam.role 0,88",
        "modele123",
        "savoir456",
    ):
        assert part in line
    assert "oim.membres" not in below
    assert "autre2" not in below, "the best candidates are enough"


def test_useful_answers_alone_are_no_criticism() -> None:
    assert "\n\n" not in report([said("yes", decision("ocam.role"))])


def test_only_the_last_days_count_when_asked() -> None:
    feedback = [said("yes", days=1), said("wrong", days=6.9), said("wrong", days=7.1)]
    assert since(feedback, 7, NOW) == feedback[:2]
    assert since(feedback, None, NOW) == feedback


def test_the_csv_holds_all_feedback_whole() -> None:
    file = io.StringIO()
    write_csv([said("yes", decision("ocam.role", "oim.membres", model="m" * 40)), said("wrong", decision())], file)
    header, first, second = csv.reader(io.StringIO(file.getvalue()))
    assert len(header) == len(first) == len(second)
    assert (first[1], first[3], first[5]) == ("utile", "ocam.role oim.membres", "m" * 40)


def test_what_a_newer_or_older_version_kept_is_shown_as_it_is() -> None:
    assert "devine" in report([said("wrong", {"kind": "devine"}), said("perhaps", {})])


def run(folder: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run the command with the feedback of a folder."""
    environment = {**os.environ, "ASSISTANT_BASE": str(folder / "conversations.db"), **variables}
    command = [sys.executable, "-m", "tools.feedback", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_without_feedback_a_friendly_line_is_said_and_no_file_made(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Aucun visiteur n'a dit ce qu'il pense d'une réponse pour l'instant.\n"
    assert list(tmp_path.iterdir()) == []


def test_what_was_said_is_shown_without_a_word_of_the_visitor(tmp_path: Path) -> None:
    store = FeedbackStore(tmp_path / "feedback.db")
    store.add("conversation", "message-1", "wrong", [decision("ocam.role", uncovered=MARK, other_name=MARK)])
    for arguments in ([], ["--csv"], ["--depuis", "1"], ["--csv", "--depuis", "0,5"]):
        done = run(tmp_path, *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        assert "ocam.role" in done.stdout
        assert MARK not in done.stdout


def test_when_only_older_feedback_is_there_it_says_so(tmp_path: Path) -> None:
    FeedbackStore(tmp_path / "feedback.db").add("conversation", "message-1", "yes", [decision("ocam.role")])
    assert run(tmp_path, "--depuis", "0.0000001").stdout.endswith("pendant ces jours-là.\n")
    assert len(run(tmp_path, "--depuis", "0.0000001", "--csv").stdout.splitlines()) == 1


@pytest.mark.parametrize("days", ["0", "-1", "hier", "nan", "inf", "1e99"])
def test_what_is_no_number_of_days_is_refused_in_one_line(tmp_path: Path, days: str) -> None:
    done = run(tmp_path, f"--depuis={days}")
    assert done.returncode == 2
    assert f"« {days} » n'est pas un nombre de jours" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_no_database_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "feedback.db").write_text(f"pas une base : {MARK}" * 100, "utf-8")
    done = run(tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("Les retours ne peuvent pas être lus")
    assert done.stderr.count("\n") == 1
    assert MARK not in done.stderr


def test_a_wrong_setting_is_told_in_one_line(tmp_path: Path) -> None:
    done = run(tmp_path, ASSISTANT_PORT="abc")
    assert done.returncode == 1
    assert done.stderr.startswith("ASSISTANT_PORT doit être")


def test_help_is_in_french(tmp_path: Path) -> None:
    done = run(tmp_path, "--help")
    assert done.returncode == 0
    assert "Montre ce que les visiteurs ont dit" in done.stdout
    assert "show this help" not in done.stdout
