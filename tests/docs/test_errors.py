"""The error messages that the guide shows are those that an editor gets."""

import re
import shutil
from pathlib import Path

import pytest

from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.loader import load_knowledge
from assistant.settings import ROOT
from tests.docs import pages

FILE = "knowledge/facts/projet.yml"

#: The guide's own example with one mistake each: what it has, and what the editor wrote.
MISTAKES = {
    "a quote in other words": (
        "- L'OIM lance une initiative visant à protéger",
        "- L'OIM lance un projet visant à protéger",
    ),
    "a key that does not exist": ("repond_a:", "repond_à:"),
    "a key that is missing": ("  source: oim-femmes-migrantes\n", ""),
    "a subject that does not exist": ("id: projet.titre", "id: projets.titre"),
    "an id that exists": ("id: projet.titre", "id: projet.statut"),
    "an id that is none": ("id: projet.titre", "id: Titre"),
    "a value that is not allowed": ("repond_a: []", "repond_a: [titre]"),
    "a tab": ("  question:", "\tquestion:"),
    "a colon in a line": ("question: Quel est le titre", "question: le titre : quel est-il"),
}


def provoked(folder: Path, old: str, new: str) -> str:
    """Return the message about the guide's example with a mistake in it, its path cut as in the guide."""
    (example,) = [block for block in pages.blocks(pages.read(pages.GUIDE)) if block.file == FILE]
    assert old in example.text
    shutil.copytree(ROOT / "knowledge", folder / "knowledge")
    pages.put(pages.Block(FILE, example.text.replace(old, new, 1)), folder)
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(folder / "knowledge")
    return without_place(str(caught.value).replace(f"{folder}/", ""))


def without_place(message: str) -> str:
    """Return a message without its line number: facts above the example move it."""
    return re.sub(r"ligne \d+", "ligne N", message)


def shown() -> set[str]:
    return {without_place(line) for line in re.findall(r"^(?:knowledge/\S+, ligne .*)$", pages.read(pages.GUIDE), re.M)}


@pytest.mark.parametrize(("old", "new"), MISTAKES.values(), ids=MISTAKES.keys())
def test_the_message_of_each_mistake_is_in_the_guide(tmp_path: Path, old: str, new: str) -> None:
    assert provoked(tmp_path, old, new) in shown()


def test_the_guide_shows_no_other_message(tmp_path: Path) -> None:
    known = {provoked(tmp_path / str(number), *mistake) for number, mistake in enumerate(MISTAKES.values())}
    assert shown() - known == set()
