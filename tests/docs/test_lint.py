"""The lines of `make lint-faq` that the guide shows are those that an editor gets."""

import re
import shutil
from pathlib import Path

import pytest

from assistant.settings import ROOT
from tests.docs import pages
from tools.lint_faq.__main__ import lint
from tools.lint_faq.findings import errors

QUESTIONS = "data/nlu/projet/titre.yml"
EVALUATION = "evaluation/questions/dev/faits.yml"

#: What the editor wrote instead of what the guide's example has.
MISTAKES = [
    (
        QUESTIONS,
        "- intent: inconnu/projet.titre\n  examples: |\n",
        "    - C'est quoi le titre de l'article\n\n"
        "    Quel titre l'article a-t-il reçu ?\n"
        "    - Quel titre porte [la page] ?\n"
        "- intent: inconnu/projet.titre\n  examples: |\n"
        "    - c'est quoi le titre de l'article ?\n"
        "    - Comment s'intitule le communiqué sur les femmes migrants ?\n",
    ),
    (
        QUESTIONS,
        "- Comment traduire le titre du communiqué en anglais ?\n",
        "- Comment traduire le titre du communiqué en anglais ?\n"
        "- intent: fait/projet.titres\n  examples: |\n    - Les titres de toutes les pages ?\n",
    ),
    (
        EVALUATION,
        "Comment l'OIM a-t-elle titré son texte qui annonce le projet régional",
        "Titre : page femmes migrantes",
    ),
    (
        EVALUATION,
        'dit moi le titr exacte de larticle sur les migrante stp"\n  registre: sms\n  attendu: [projet.titre]',
        "Quel est le titre exact de l'article de l'OIM sur la migrante ?\"\n  attendu: [projet.titres]",
    ),
    ("data/responses/refus.yml", "utter_choix:", "utter_choisir:"),
]


def without_lines(finding: str) -> str:
    """Return a finding without its line numbers: what is above the example moves them."""
    return re.sub(r"(?<=\w):\d+(?=[:)])", ":N", finding)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return what is found in a copy of the content with the guide's example and its mistakes."""
    project = tmp_path_factory.mktemp("lint")
    for name in ("knowledge", "data", "evaluation"):
        shutil.copytree(ROOT / name, project / name)
    for block in pages.blocks(pages.read(pages.GUIDE)):
        pages.put(block, project)
    for name, old, new in MISTAKES:
        mistake(project / name, old, new)
    found = lint(project)
    assert errors(found)
    return [without_lines(str(finding)) for finding in found if finding in errors(found) or "titre" in str(finding)]


def mistake(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), "utf-8")


def shown() -> list[str]:
    lines = re.findall(
        r"^[\w/.-]+:\d+: (?:erreur|avertissement) : .*$", pages.section(pages.GUIDE, "Vérifier le contenu"), re.M
    )
    return [without_lines(line) for line in lines]


def test_each_line_that_the_guide_shows_is_said(said: list[str]) -> None:
    assert [line for line in shown() if line not in said] == []


def test_each_error_is_shown(said: list[str]) -> None:
    assert [line for line in said if ": erreur : " in line and line not in shown()] == []
