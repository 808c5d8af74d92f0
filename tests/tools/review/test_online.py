"""From a question without an answer to one that is understood: with a real training, measured, put online, and back."""

import shutil

import pytest

from assistant.knowledge.loader import load_knowledge
from assistant.settings import ROOT
from evaluation.understanding import Assistant, read_model
from tests.tools.in_process import run_main
from tests.tools.review.conftest import FLAGS, PODCAST
from tests.tools.review.test_command import Editor, editor
from tools import train
from tools.kept_models import MODEL, RECORD, place_of
from tools.train import ensure_model
from tools.versions import activate

__all__ = ["editor", "run_main"]  # fixtures


@pytest.fixture
def before(editor: Editor) -> str:
    """The project's own model is in use, which knows far more than the small project teaches; return its version."""
    ensure_model()
    (editor.root / MODEL).parent.mkdir()
    (editor.root / "data" / "deux_questions").mkdir()
    for file in (MODEL, RECORD):
        shutil.copy(ROOT / file, editor.root / file)
    return editor.model


def said(editor: Editor, question: str) -> str:
    """Return what is said to a question by the model in use."""
    ((outcome, *_),) = Assistant(read_model(editor.root / MODEL).classifier, editor.project.knowledge).ask([question])
    return outcome.text


def test_from_the_journal_to_an_answer_and_back(editor: Editor, before: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loss is real: the new model learnt a fraction of what the one of before did."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    assert "podcast" not in said(editor, PODCAST[0])
    tried = editor.review("m", "libelle le podcast", "", "a", "a", "", "o", "", "")
    assert tried.returncode == 0, tried.stderr
    assert "Modèle prêt" in tried.stdout
    assert "Recul significatif : " in tried.stdout
    assert "Mettre en ligne ? [o/N] > " in editor.prompts
    assert editor.model == before

    def no_second_training(*_: object) -> None:
        raise AssertionError("what was trained is kept")

    monkeypatch.setattr(train, "_run_rasa", no_second_training)
    online = editor.review("o", "o")
    assert online.returncode == 0, online.stderr
    assert editor.model != before
    assert f"Ce qui y était est gardé : make revenir VERSION={before}" in online.stdout
    assert said(editor, PODCAST[0]).startswith("Ma source ne donne pas le podcast de l'OIM.")
    assert said(editor, FLAGS[0]).startswith(load_knowledge(editor.project.knowledge).facts["oim.membres"].answer)
    assert place_of(editor.root, before).read_bytes() == (ROOT / MODEL).read_bytes()
    activate(before[:6], editor.settings, editor.root)
    assert editor.model == before
