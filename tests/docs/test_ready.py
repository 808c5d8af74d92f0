"""What the guide shows of `make pret` is what an operator sees on the first day."""

import builtins
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.dialogue.records import Decision
from assistant.dialogue.wording import word
from assistant.knowledge.base import Knowledge
from assistant.knowledge.records import Organisation
from tests.as_it_comes import knowledge_as_it_comes
from tests.docs import pages
from tests.tools.in_process import RunMain, run_main
from tests.tools.test_channels_check import NAMES
from tools.ready.__main__ import main

__all__ = ["run_main"]  # a fixture

CHECKED, FILLED, ANSWERED = re.findall(
    r"^```\n(.*?)^```$", pages.section(pages.GUIDE, "Avant la mise en ligne"), re.S | re.M
)

Pret = Callable[..., str]


def without_lines(text: str) -> str:
    """Return a text without its line numbers: what is above a key moves them."""
    return re.sub(r"\.yml:\d+:", ".yml:N:", text)


@pytest.fixture
def pret(run_main: RunMain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pret:
    """Return a function that runs the command where nothing was filled in, and returns what it prints."""
    for name in (*NAMES, "ASSISTANT_ORIGINES", "ASSISTANT_SECRET", "ASSISTANT_JOURS_QUESTIONS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ASSISTANT_CONNAISSANCES", str(knowledge_as_it_comes(tmp_path / "knowledge")))
    monkeypatch.setenv("ASSISTANT_BASE", str(tmp_path / "var" / "conversations.db"))
    return lambda *arguments: run_main(main, *arguments).stdout.replace(f"{tmp_path}/", "")


def test_what_is_missing_is_shown_as_it_is_said(pret: Pret) -> None:
    assert without_lines(CHECKED) == "$ make pret\n" + without_lines(pret())


def test_the_filling_in_is_shown_as_it_goes(pret: Pret, monkeypatch: pytest.MonkeyPatch) -> None:
    typed: Iterator[str] = iter(["", *re.findall(r" > (.*)$", FILLED, re.M)])

    def echoed(prompt: str) -> str:
        answer = next(typed, None)
        if answer is None:
            raise EOFError
        print(prompt + answer)
        return answer

    monkeypatch.setattr(builtins, "input", echoed)
    assert FILLED in pret("--remplir")


def test_the_answer_shown_is_that_of_an_organisation_that_said_whom_to_write_to(knowledge: Knowledge) -> None:
    own = Organisation.parse_obj({"nom": "Association Exemple", "courriel": "contact@exemple.org"})
    contact = Decision("contact", "only", contact=knowledge.contacts[0].id)
    said = word(contact, replace(knowledge, organisation=own)).text or ""
    _, *shown = ANSWERED.splitlines()
    for line, today in zip(shown, said.splitlines(), strict=True):
        assert today.startswith(line.removesuffix("[...]"))
