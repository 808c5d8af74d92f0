"""The conversation that the guide shows on quoted sentences is the one that its example gives."""

import re
import shutil
from pathlib import Path

import pytest

from assistant.dialogue.explain import explain
from assistant.settings import ROOT
from evaluation.understanding import Assistant, read_model
from tests.docs import pages
from tools.train import ensure_model

CHAPTER = pages.section(pages.GUIDE, "Quand aucun fait ne convient : citer la source")
TEXT, TALK = re.findall(r"^```\n(.*?)^```$", CHAPTER, re.S | re.M)
SHORTENED = "[...]"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """Return the trained assistant with the guide's source beside its own."""
    folder = shutil.copytree(ROOT / "knowledge", tmp_path_factory.mktemp("guide") / "knowledge")
    (folder / "sources/bibliotheque.txt").write_text(TEXT, "utf-8")
    with (folder / "sources.yml").open("a", encoding="utf-8") as file:
        file.write(
            "- {id: bibliotheque, titre: Règlement de la bibliothèque, editeur: Bibliothèque de la ville, langue: fr, "
            "fichier: sources/bibliotheque.txt}\n"
        )
    return Assistant(read_model(ensure_model()).classifier, Path(folder))


def test_the_guide_shows_what_is_said(assistant: Assistant) -> None:
    """Each question begins a conversation of its own; `[...]` stands for what is left out."""
    asked = ""
    for part in TALK.strip().split("Vous > ")[1:]:
        question, shown = part.rstrip().split("\n", 1)
        if question == "/pourquoi":
            (decision,) = assistant.decide(asked)
            said = explain(decision, assistant.knowledge)
        else:
            asked = question
            ((outcome,),) = assistant.ask([question])
            said = outcome.text
        if shown.endswith(SHORTENED):
            assert said.startswith(shown.removesuffix(SHORTENED).rstrip()), question
        else:
            assert said == shown, question
