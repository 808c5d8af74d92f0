"""The guide's « Garder les faits à jour »: its YAML is read, its list, its command and its conversations are true."""

import re
import shlex
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from assistant.dates import in_french, today
from assistant.dialogue.context import after
from assistant.dialogue.decide import decide
from assistant.dialogue.message import Message
from assistant.dialogue.records import Context, Thresholds
from assistant.dialogue.wording import word
from assistant.knowledge.live import LiveKnowledge
from assistant.understanding.records import Reading
from evaluation.responses import read_responses
from tests.docs import pages
from tests.second_source import FACT, add_second_source
from tests.tools.in_process import RunMain, run_main
from tools.freshness import entries, main, report

__all__ = ["run_main"]  # a fixture
CHAPTER = pages.section(pages.GUIDE, "Garder les faits à jour")
VERIFIED, READINGS = re.findall(r"```yaml\n(.*?)```", CHAPTER, re.S)
CONFIRMED, LISTED, NOTED, BEFORE = re.findall(r"```\n([^`]+)\n```", re.sub(r"```yaml\n.*?```", "", CHAPTER, flags=re.S))
#: The day that the guide tells of.
DAY = date(2026, 11, 24)
RESPONSES = read_responses()
#: What stands for the rest of a line.
CUT = "[...]"


@pytest.fixture
def folder(knowledge_folder: Path, tmp_path: Path) -> Path:
    return shutil.copytree(knowledge_folder, tmp_path / "knowledge")


def verify(folder: Path) -> None:
    """Write what the guide verifies: the line that it shows, and the other row of its list."""
    line = next(line for line in VERIFIED.splitlines() if "verifie" in line)
    other = '  verifie: {par: "Paul R.", le: 2026-06-12, jusqu_au: 2026-12-12}'
    for file, record, said in (("oim", FACT, line), ("structure", "structure.direction", other)):
        path = folder / "facts" / f"{file}.yml"
        before, after_it = path.read_text("utf-8").split(f"- id: {record}\n")
        path.write_text(
            f"{before}- id: {record}\n" + after_it.replace("citations:", f"{said.strip()}\n  citations:", 1)
        )


def conversation(folder: Path, shown: str) -> str:
    """Return a conversation of the guide as it goes on the day that the guide tells of, without a trained model."""
    current, context = LiveKnowledge(folder).current, Context()
    told = []
    for text in re.findall(r"^Vous > (.+)$", shown, re.M):
        message = Message.of(text, Reading((("hors_sujet", 0.9),)), current)
        (decision,) = decide(message, context, current.knowledge, Thresholds())
        context = after(context, decision)
        reply = word(replace(decision, day=DAY.isoformat()), current.knowledge)
        said = reply.text or RESPONSES[reply.response or ""][0].format(**reply.variables)
        told.append(f"Vous > {text}\n{said}")
    return "\n\n".join(told)


def as_shown(said: str, shown: str) -> str:
    """Return what is said, each line cut where the guide cuts it."""
    lines = zip(said.splitlines(), shown.splitlines(), strict=True)
    return "\n".join(f"{one[: len(other) - len(CUT)]}{CUT}" if other.endswith(CUT) else one for one, other in lines)


def test_the_line_of_a_verification_stands_in_the_fact_as_it_is_and_is_read(folder: Path) -> None:
    verify(folder)
    (shown,) = yaml.safe_load(VERIFIED)
    rows = yaml.safe_load((folder / "facts" / "oim.yml").read_text("utf-8"))["faits"]
    assert shown.items() <= next(row for row in rows if row["id"] == FACT).items()
    assert as_shown(conversation(folder, CONFIRMED), CONFIRMED) == CONFIRMED


def test_the_list_is_that_of_the_day_it_tells_of(folder: Path) -> None:
    verify(folder)
    listed = report(entries(folder), DAY, 30, False).replace(f"{folder.parent}/", "")
    assert without_counts(listed) == without_counts(LISTED)


def without_counts(text: str) -> str:
    """Return a list without what other facts change: lines, their number, and the width of the last column."""
    return re.sub(r":\d+$|\d+ faits|-+$", "", text, flags=re.M)


def test_the_command_that_notes_a_verification_says_what_is_shown(run_main: RunMain, folder: Path) -> None:
    verify(folder)
    command, *shown = NOTED.splitlines()
    arguments = shlex.split(re.findall(r'ARGS="(.+)"', command)[0])
    until, on = arguments[-1], in_french(today().isoformat())
    arguments[-1] = (today() + timedelta(days=90)).isoformat()  # the day of the guide will have passed
    done = run_main(main, *arguments, ASSISTANT_CONNAISSANCES=str(folder))
    said = done.stdout.replace(f"{folder.parent}/", "").replace(in_french(arguments[-1]), in_french(until))
    assert without_counts(said.replace(on, in_french(DAY.isoformat())).strip()) == without_counts("\n".join(shown))


def test_what_was_before_is_read_and_said_as_shown(folder: Path) -> None:
    add_second_source(folder)
    rows = yaml.safe_load((folder / "facts" / "oim.yml").read_text("utf-8"))["faits"]
    assert yaml.safe_load(READINGS) == [row for row in rows if row["id"] == FACT]
    assert as_shown(conversation(folder, BEFORE), BEFORE) == BEFORE
