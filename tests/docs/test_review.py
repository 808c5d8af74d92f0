"""What the guide shows of `make revue` is what an editor reads who types the same."""

import builtins
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.settings import Settings
from evaluation.questions import Question
from evaluation.scoring import Scored
from tests.docs import pages
from tests.evaluation.made import CHOICES, REFUSAL, SIGLE, asked, came
from tests.tools.in_process import RunMain, run_main
from tests.tools.review.conftest import FLAGS, PODCAST, ask, environment, project, secret, settings
from tools import train
from tools.kept_models import MODEL, RECORD, record_of, sha256_of
from tools.review import ending, session
from tools.review.__main__ import main
from tools.review.edits import Project
from tools.review.measuring import Difference
from tools.review.steps import CHANGES
from tools.train import fingerprint

__all__ = ["project", "run_main", "secret", "settings"]  # fixtures

CHAPTER = pages.section(pages.GUIDE, "Passer les questions en revue")
TYPED, CHANGED, ONLINE = pages.fenced(CHAPTER)


def some(question: Question, total: int, good: int, lost: int, won: int) -> tuple[list[Scored], list[Scored]]:
    """Return so many questions as they came before and after: good before, and what was lost and won since."""
    right, wrong = (SIGLE, CHOICES) if question.accepted else (REFUSAL, SIGLE)
    before = [right] * good + [wrong] * (total - good)
    after = [wrong] * lost + [right] * (good - lost + won) + [wrong] * (total - good - won)
    texts = [replace(question, text=f"{question.kind} {number} ?") for number in range(total)]
    then, now = ([came(*one) for one in zip(texts, results, strict=True)] for results in (before, after))
    return then, now


@pytest.fixture
def difference() -> Difference:
    """What the measure finds in the guide."""
    facts = some(asked("faits", ("oim.sigle",)), 1063, 1006, 1, 2)
    near = some(asked("voisins"), 490, 473, 0, 6)
    return Difference.of([*facts[0], *near[0]], [*facts[1], *near[1]])


@pytest.fixture
def said(
    run_main: RunMain, project: Project, settings: Settings, difference: Difference, monkeypatch: pytest.MonkeyPatch
) -> str:
    """Return what the terminal shows to an editor who types what the guide shows."""
    model = project.root / MODEL
    model.parent.mkdir()
    model.write_text("avant")
    (project.root / RECORD).write_text(record_of(fingerprint(project.root), sha256_of(model)))
    monkeypatch.setattr(train, "_run_rasa", lambda _, folder: (folder / MODEL.name).write_text("après"))
    monkeypatch.setattr(ending, "measure", lambda *_: difference)
    ask(settings, PODCAST, "inconnu/site.rubriques", 0.6)
    ask(settings, FLAGS, "fait/oim.membres", 0.6)
    typed: Iterator[str] = iter(re.findall(r" > ?(.*)$", TYPED + ONLINE, re.M))

    def echoed(prompt: str) -> str:
        answer = next(typed)
        print(prompt, end="")
        return answer

    monkeypatch.setattr(builtins, "input", echoed)
    done = run_main(lambda: main(project.root), **environment(settings))
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def told_alike(text: str) -> list[str]:
    """Return lines without what differs each time: versions, seconds, and the widths of columns."""
    text = re.sub(r"-{2,}", "--", re.sub(r"\b[0-9a-f]{12}\b", "VERSION", text))
    return [" ".join(line.split()) for line in re.sub(r"en \d+ s", "en N s", text).splitlines() if line.strip()]


def test_what_is_shown_is_what_is_said_in_its_order(said: str) -> None:
    lines = iter(told_alike(said))
    for shown in told_alike(TYPED + ONLINE):
        if shown != "[...]" and not shown.startswith("$ "):
            start = shown.removesuffix(" [...]")
            assert any(line == shown or (start != shown and line.startswith(start)) for line in lines), shown


def test_what_may_be_typed_to_change_a_group_is_shown_whole() -> None:
    assert [line.strip() for line in CHANGED.splitlines()] == [line.strip() for line in CHANGES.splitlines()]


def test_the_letters_are_those_that_are_asked_for() -> None:
    letters = [row[0] for row in pages.table(CHAPTER)]
    assert re.findall(r"(\w) \w+", session._KEYS.replace("plus tard", "plus")) == letters
