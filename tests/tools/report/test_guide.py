"""What the guide shows of `make rapport` is what it says."""

import re

from assistant.knowledge.base import Knowledge
from assistant.settings import ROOT
from tests.docs import pages
from tests.tools.report.conftest import Made
from tools.report.__main__ import HTML, RESULTS
from tools.report.contents import STEPS, summary

CHAPTER = pages.section(pages.GUIDE, "Lire le rapport")


def without_numbers(text: str) -> str:
    """Return a text with its numbers as one sign: they change with the day on which the month is made."""
    return re.sub(r"=|[+-]?\d+(?:[ ,]\d+)*(?: %)?", "N", text)


def test_the_lines_shown_are_those_of_the_simulated_month(made: Made, knowledge: Knowledge) -> None:
    (shown,) = re.findall(r"```\n(.*?)```", CHAPTER, re.S)
    said = [f"- {line}" for line in summary(made.report, knowledge)]
    assert [without_numbers(line) for line in shown.splitlines()[:3]] == [without_numbers(line) for line in said]
    where = (RESULTS / "2026-11-24" / HTML).relative_to(ROOT)
    assert shown.splitlines()[3] == f"Rapport : {where}"


def test_the_steps_are_those_of_the_report() -> None:
    assert [row[0] for row in pages.table(CHAPTER)] == list(STEPS.values())


def test_the_line_to_paste_is_one_that_the_report_gives(made: Made) -> None:
    (line,) = re.findall(r"```yaml\n(.*?)```", CHAPTER, re.S)
    assert line in {addition.yaml for one in made.report.proposals for addition in one.additions}
