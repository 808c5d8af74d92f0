"""A small project to review, what visitors asked of it in vain, and somebody who types."""

import builtins
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.dialogue.records import Candidate, Decision
from assistant.knowledge.loader import load_knowledge
from assistant.settings import Settings
from channels.journal import Journal, Turn
from tests.tools.review.project import small_project
from tools.lint_faq.content import Content, read_content
from tools.report.proposals import Addition, Proposal
from tools.review.edits import Project

#: What is asked in vain, each with what the assistant took it for: something new, and a fact in other words.
PODCAST = ("L'OIM a-t-elle un podcast ?", "podcast de l'OIM", "où écouter un podcast de l'OIM", "un podcast existe ?")
FLAGS = ("combien de drapeaux à l'OIM", "il y a combien de drapeaux devant l'OIM", "nombre de drapeaux dressés OIM")
DAYS = 14
SECRET = "s" * 32

Type = Callable[..., list[str]]


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """What questions are hashed with: none is made in the project's own folder."""
    monkeypatch.setenv("ASSISTANT_SECRET", SECRET)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    root = small_project(tmp_path / "projet")
    return Project(root, root / "knowledge")


@pytest.fixture(scope="session")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    """The content of any small project."""
    root = small_project(tmp_path_factory.mktemp("content") / "projet")
    return replace(read_content(root), knowledge=load_knowledge(root / "knowledge"))


@pytest.fixture
def settings(project: Project) -> Settings:
    base = replace(Settings.read({}), database=project.root / "var" / "conversations.db", question_days=DAYS)
    return replace(base, knowledge=project.knowledge)


@pytest.fixture
def asked(settings: Settings) -> None:
    """Podcasts and flags were asked for, by visitors who were told."""
    ask(settings, PODCAST, "inconnu/site.rubriques", 0.6)
    ask(settings, FLAGS, "fait/oim.membres", 0.6)


def ask(settings: Settings, texts: tuple[str, ...], label: str, score: float) -> None:
    journal = Journal(settings.journal, DAYS)
    journal.tell("ana")
    decision = Decision("refusal", "near-miss", candidates=(Candidate(label, score),)).as_dict()
    for text in texts:
        journal.note(Turn("ana", "website", [decision], text, True, time.time() - 60))
    journal.close()


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Type:
    """Return a function that says what is typed, in the end an exception; it returns the list of what was asked."""

    def _type(*answers: str, end: type[BaseException] = EOFError) -> list[str]:
        typed, prompts = iter(answers), []

        def _input(prompt: str) -> str:
            prompts.append(prompt)
            print(prompt)
            try:
                return next(typed)
            except StopIteration:
                raise end from None

        monkeypatch.setattr(builtins, "input", _input)
        return prompts

    return _type


def proposal(kind: str = "wording", **changes: object) -> Proposal:
    """Return what the report proposes: flags for a fact, a podcast that the source lacks, or a sentence to write up."""
    made = {
        "wording": Proposal("1", "wording", "presque sûr", FLAGS[0], FLAGS, 30, None, label="fait/oim.membres"),
        "unknown": Proposal(
            "2",
            "unknown",
            "la source ne le donne pas",
            PODCAST[0],
            PODCAST,
            40,
            None,
            label="inconnu/site.rubriques",
            additions=(Addition("knowledge/unknowns.yml", UNKNOWN), Addition("data/nlu/site/rubriques.yml", "")),
        ),
        "fact": Proposal("3", "fact", "une phrase", FLAGS[0], FLAGS, 5, None, passage=SENTENCE, source=SOURCE),
    }
    return replace(made[kind], **changes)  # type: ignore[arg-type]  # each is a field's


UNKNOWN = '- {id: podcast, libelle: "d\'informations sur « podcast »", complet: true, mots: [podcast*]}\n'
SOURCE = "oim-femmes-migrantes"
SENTENCE = "Les femmes représentent environ 53 pourcent de la population migrante totale en Amérique centrale."


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables that give a command these settings."""
    return {
        "ASSISTANT_BASE": str(settings.database),
        "ASSISTANT_CONNAISSANCES": str(settings.knowledge),
        "ASSISTANT_JOURS_QUESTIONS": f"{settings.question_days:g}",
        "PATH": os.environ["PATH"],
    }
