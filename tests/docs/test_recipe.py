"""README's « Add a fact », followed on a copy of the project: the new fact is known, understood and answered."""

import os
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
from assistant.understanding.classifier import Classifier
from evaluation.understanding import Assistant
from tests.docs import pages

#: What the recipe and the tests of the data read.
COPIED = ("knowledge", "data", "evaluation", "assistant", "actions", "channels", "components", "rasa_plus", "tools")
COPIED_TESTS = ("__init__.py", "conftest.py", "as_it_comes.py", "second_source.py", "content")

RECIPE = pages.blocks(pages.section(pages.README, "Add a fact"))


def block_of(folder: str) -> Any:
    """Return what the recipe adds under a folder, read."""
    (block,) = [block for block in RECIPE if block.file.startswith(folder)]
    return yaml.safe_load(block.text)


FACT: dict[str, Any] = block_of("knowledge/facts/")[0]
QUESTIONS: list[str] = [row["question"] for row in block_of("evaluation/questions/")]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project that the recipe was followed on."""
    copy = tmp_path_factory.mktemp("recipe")
    no_caches = shutil.ignore_patterns("__pycache__")
    for name in COPIED:
        shutil.copytree(ROOT / name, copy / name, ignore=no_caches)
    (copy / "tests").mkdir()
    for name in COPIED_TESTS:
        source, target = ROOT / "tests" / name, copy / "tests" / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=no_caches)
        else:
            shutil.copy(source, target)
    for name in ("pyproject.toml", "domain.yml"):
        shutil.copy(ROOT / name, copy / name)
    for block in RECIPE:
        pages.put(block, copy)
    return copy


@pytest.fixture(scope="module")
def classifier(project: Path) -> Classifier:
    return trained_on(project)


def trained_on(project: Path) -> Classifier:
    """Return what `make train` would train on a copy, without Rasa around it."""
    texts, labels = [], []
    for path in sorted((project / "data" / "nlu").rglob("*.yml")):
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            examples = [row for row in re.findall(r"^- ?(.*)$", block["examples"], re.M) if row]
            texts += examples
            labels += [block["intent"]] * len(examples)
    return Classifier.train(texts, labels)


def test_the_recipe_adds_to_the_three_folders_of_a_fact() -> None:
    assert [Path(block.file).parts[0] for block in RECIPE] == ["knowledge", "data", "evaluation"]


def test_the_fact_of_the_recipe_is_a_new_one() -> None:
    known = load_knowledge(ROOT / "knowledge")
    assert FACT["id"] not in known.facts
    assert FACT["reponse"] not in {fact.answer for fact in known.facts.values()}


def test_the_knowledge_has_the_fact(project: Path) -> None:
    fact = load_knowledge(project / "knowledge").facts[FACT["id"]]
    assert (fact.question, fact.answer) == (FACT["question"], FACT["reponse"])


def test_the_data_passes_its_own_tests(project: Path) -> None:
    """Those that name the fact (quote, numbers, names, length, spelling) and what the linter finds."""
    wanted = f"{FACT['id']} or same_question or linter"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/content", "-q", "-p", "no:cacheprovider", "-k", wanted],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("question", [FACT["question"], *QUESTIONS])
def test_the_question_ranks_the_fact_first(classifier: Classifier, question: str) -> None:
    assert classifier.rank(question, 1)[0][0] == f"fait/{FACT['id']}"


def test_the_question_is_answered_with_the_fact(project: Path, classifier: Classifier) -> None:
    (decision,) = Assistant(classifier, project / "knowledge").decide(FACT["question"])
    assert (decision.kind, decision.facts) == ("answer", (FACT["id"],))
    assert load_knowledge(project / "knowledge").facts[decision.facts[0]].answer == FACT["reponse"]


def test_a_near_miss_of_the_recipe_is_not_answered(project: Path, classifier: Classifier) -> None:
    decide = Assistant(classifier, project / "knowledge").decide
    near_misses = next(block for block in block_of("data/nlu/")["nlu"] if block["intent"].startswith("inconnu/"))
    questions = re.findall(r"^- (.*)$", near_misses["examples"], re.M)
    assert questions
    for question in questions:
        assert all(decision.kind != "answer" for decision in decide(question)), question


def test_the_guide_s_example_is_the_recipe() -> None:
    """What editors copy is what was tried above."""
    guide = {block.file: block.text for block in pages.blocks(pages.read(pages.GUIDE))}
    assert {block.file: guide.get(block.file) for block in RECIPE} == {block.file: block.text for block in RECIPE}
