"""The guide's « Ajouter une source », followed on a copy of the project: from a made-up document to right answers."""

import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.knowledge.loader import load_knowledge
from assistant.settings import ROOT
from evaluation.understanding import Assistant
from tests.docs import pages
from tests.docs.test_recipe import trained_on
from tools.lint_faq.__main__ import lint
from tools.lint_faq.findings import errors

CHAPTER = pages.section(pages.GUIDE, "Ajouter une source")
ASKING, REFUSED, PUBLISHED, TRIED = pages.fenced(CHAPTER)
(DOCUMENT,) = pages.fenced(CHAPTER, "text")
(FILLED_IN,) = pages.fenced(CHAPTER, "yaml")
DRAFT = Path("knowledge/brouillons/valbrume.yml")
IN_THIS_FOLDER = """\
import sys
from pathlib import Path
from tools.add_source.__main__ import main
sys.exit(main(Path(".")))
"""
#: What of the training data a copy keeps: enough to be told apart from, and quick to learn.
TAUGHT = ("oim", "ocam", "conversation/source.yml", "langues/en.yml")
#: How fast somebody types who is no typist: 40 words of five letters a minute.
LETTERS_A_MINUTE = 200

#: A second fact, filled in as the guide's: what stands for each … of its block, in their order.
SECOND = """\
Qui est Ondine Marvaud ?
Ondine Marvaud est présidente de la FJPV.
C'est qui, Ondine Marvaud ?
Quelle est la fonction d'Ondine Marvaud ?
marvaud elle fait koi
Que fait Mme Marvaud à la FJPV ?
rôle Ondine Marvaud
Pouvez-vous me présenter Ondine Marvaud ?
Qui préside la FJPV ?
la présidente de la FJPV s'appelle comment ?
Marvaud, quel poste ?
nom présidente fjpv
Ondine Marvaud est-elle présidente ?
À quel titre Ondine Marvaud parle-t-elle ?
Quel âge a Ondine Marvaud ?
Depuis quand Ondine Marvaud préside-t-elle ?
Qui est le trésorier de la FJPV ?
Où habite Ondine Marvaud ?
Qui présidait la FJPV avant Ondine Marvaud ?
téléphone d'Ondine Marvaud
Dites-moi qui est Mme Marvaud
la FJPV a qui pour présidente
ondine marvaud elle est quoi
""".splitlines()


class Command:
    """`make source` in a terminal, on a copy of the project."""

    def __init__(self, project: Path) -> None:
        self._project = project

    def run(self, *arguments: str, typed: tuple[str, ...] = ()) -> str:
        """Return what the terminal shows; each line typed is an answer to a question that ends with « : »."""
        terminal, inside = pty.openpty()
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(
            [sys.executable, "-c", IN_THIS_FOLDER, *arguments],
            cwd=self._project,
            env=environment,
            stdin=inside,
            stdout=inside,
            stderr=inside,
        ) as process:
            os.close(inside)
            shown = b""
            for line in typed:
                shown += self._until(terminal, b" : ")
                os.write(terminal, line.encode() + b"\n")
            shown += self._until(terminal, None)
        os.close(terminal)
        self.code = process.returncode
        return re.sub(r" +$", "", shown.decode().replace("\r\n", "\n"), flags=re.M)

    @staticmethod
    def _until(terminal: int, end: bytes | None) -> bytes:
        """Return what the terminal shows up to an end, or all that is left."""
        shown = b""
        while end is None or not shown.endswith(end):
            try:
                shown += os.read(terminal, 1 if end else 4096)
            except OSError:  # Linux says so when the other side is closed
                break
        return shown


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of what the command reads, the training data of some topics only, with the guide's document."""
    copy = tmp_path_factory.mktemp("source")
    shutil.copytree(ROOT / "knowledge", copy / "knowledge")
    taught = (f"data/nlu/{name}" for name in TAUGHT)
    for name in ("data/responses", "data/rules", "evaluation/questions/dev/faits.yml", *taught):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, copy / name)
    (copy / "valbrume.txt").write_text(DOCUMENT, "utf-8")
    return copy


@pytest.fixture(scope="module")
def followed(project: Path) -> dict[str, str]:
    """Return what the commands of the chapter show, the steps between them taken, and what had to be typed."""
    command = Command(project)
    said = {"asking": command.run("valbrume.txt", typed=("", "site de la FJPV", "", ""))}
    made = (project / DRAFT).read_text("utf-8")
    filled_in, typed = _with_guide_s_block(made)
    (project / DRAFT).write_text(filled_in, "utf-8")
    said["refused"] = command.run("--publier", "valbrume")
    assert command.code == 1
    said["knowledge meanwhile"] = load_knowledge(project / "knowledge").version
    filled_in = filled_in.replace("garder: oui\n  id: fjpv.jardins", "garder: non\n  id: fjpv.jardins")
    second = filled_in[filled_in.index("  id: marvaud.fonction") : filled_in.index("# 4.")]
    rows = iter(SECOND)
    filled_in = filled_in.replace(second, re.sub("…", lambda _: next(rows), second))
    typed += "".join(["non", *SECOND])
    (project / DRAFT).write_text(filled_in, "utf-8")
    said["published"] = command.run("--publier", "valbrume")
    assert command.code == 0, said["published"]
    return {**said, "made": made, "typed": typed}


@pytest.fixture(scope="module")
def assistant(project: Path, followed: dict[str, str]) -> Assistant:
    """Return what `make train` makes of the copy, without Rasa around it."""
    assert followed
    return Assistant(trained_on(project), project / "knowledge")


def _with_guide_s_block(made: str) -> tuple[str, str]:
    """Return a draft with the guide's block in the place of its own, and what had to be typed for it."""
    start = made.index("- garder: oui\n  id: fjpv.date_creation")
    blank = made[start : made.index("\n\n", start) + 1].splitlines()
    filled = FILLED_IN.splitlines()
    typed = ""
    for before, after in zip(blank, filled, strict=True):
        lead, is_blank, _ = before.partition("…")
        assert after.startswith(lead) if is_blank else after == before
        typed += after.removeprefix(lead) if is_blank else ""
    return made.replace("\n".join(blank), "\n".join(filled)), typed


def shown(transcript: str) -> list[str]:
    """Return the lines that a transcript of the guide shows, without the command and what is cut."""
    lines = [line for line in transcript.splitlines() if line and not line.startswith("$ ")]
    return [line.removesuffix(" [...]") for line in lines if line != "[...]"]


@pytest.mark.parametrize(("step", "transcript"), [("asking", ASKING), ("refused", REFUSED)])
def test_the_commands_say_what_the_guide_shows(followed: dict[str, str], step: str, transcript: str) -> None:
    said = followed[step].splitlines()
    assert [line for line in shown(transcript) if line not in said] == []


def test_a_refused_draft_changes_nothing_and_is_no_part_of_the_knowledge(
    project: Path, followed: dict[str, str]
) -> None:
    assert "Rien n'a changé" in followed["refused"]
    assert followed["knowledge meanwhile"] != load_knowledge(project / "knowledge").version


def test_publishing_says_what_the_guide_shows(followed: dict[str, str]) -> None:
    said = followed["published"].replace("2 faits", "1 fait").replace("faits en ligne", "fait en ligne")
    said = said.replace(", marvaud.fonction", "")
    assert [line for line in shown(PUBLISHED) if line not in said] == []


def test_it_is_under_ten_minutes_of_typing(followed: dict[str, str]) -> None:
    """Two facts with all their questions; nothing but words is typed."""
    assert len(followed["typed"]) < 10 * LETTERS_A_MINUTE


def test_the_document_is_copied_word_for_word_and_described(project: Path, followed: dict[str, str]) -> None:
    assert followed
    assert (project / "knowledge/sources/valbrume.txt").read_text("utf-8") == DOCUMENT
    after = (project / "knowledge/sources.yml").read_text("utf-8")
    assert after.startswith((ROOT / "knowledge/sources.yml").read_text("utf-8"))
    added = yaml.safe_load(after)["sources"][-1]
    assert added == {
        "id": "valbrume",
        "titre": "Valbrume fête ses jardins partagés",
        "editeur": "site de la FJPV",
        "langue": "fr",
        "fichier": "sources/valbrume.txt",
    }


def test_the_linter_finds_no_error_in_what_was_published(project: Path, followed: dict[str, str]) -> None:
    """The copy lacks the questions of other topics, and the linter says so; of the new files it says nothing."""
    assert followed
    of_new = [finding for finding in errors(lint(project)) if re.search("valbrume|fjpv|marvaud", str(finding))]
    assert of_new == []
    assert not (project / DRAFT).exists()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Quand la FJPV a-t-elle été fondée ?", "La FJPV a été fondée en 2003."),
        *[
            (row[2:], "La FJPV a été fondée en 2003.")
            for row in yaml.safe_load(FILLED_IN)[0]["evaluation"].splitlines()
        ],
        ("Qui est Ondine Marvaud ?", SECOND[1]),
    ],
)
def test_the_new_facts_are_answered_with_the_new_source(assistant: Assistant, question: str, answer: str) -> None:
    ((outcome,),) = assistant.ask([question])
    assert outcome.text == f"{answer}\nSource : « Valbrume fête ses jardins partagés », site de la FJPV"


def test_the_guide_shows_that_answer(assistant: Assistant) -> None:
    asked, *reply = TRIED.splitlines()
    ((outcome,),) = assistant.ask([asked.removeprefix("Vous > ")])
    assert outcome.text.splitlines() == reply


@pytest.mark.parametrize("near_miss", [row[2:] for row in yaml.safe_load(FILLED_IN)[0]["voisines"].splitlines()])
def test_a_near_miss_of_the_guide_is_not_answered(assistant: Assistant, near_miss: str) -> None:
    assert all(outcome.kind != "answer" for (outcome,) in assistant.ask([near_miss]))


@pytest.mark.parametrize(
    ("question", "fact"),
    [("Que veut dire le sigle OIM ?", "oim.sigle"), ("Quand l'OCAM a-t-elle été créée ?", "ocam.date_creation")],
)
def test_old_facts_still_answer_with_their_own_source(assistant: Assistant, question: str, fact: str) -> None:
    ((outcome,),) = assistant.ask([question])
    known = assistant.knowledge
    assert outcome.text.splitlines()[0] == known.facts[fact].answer
    assert outcome.text.splitlines()[-1].startswith(f"Source : « {known.sources['oim-femmes-migrantes'].title} »")


def test_who_asks_for_the_source_hears_of_both(assistant: Assistant) -> None:
    ((outcome,),) = assistant.ask(["Quelle est votre source ?"])
    known: Any = assistant.knowledge.sources
    assert all(source.title in outcome.text for source in known.values())
    assert "seule page" not in outcome.text
