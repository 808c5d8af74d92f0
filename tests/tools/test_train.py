"""`make train`: when it trains, and what it says when it cannot."""

from pathlib import Path

import pytest

from tools import train
from tools.kept_models import MODEL
from tools.train import TrainingError, ensure_model, fingerprint, is_current


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project folder with a file of each kind that matters, and one that does not."""
    for name in (
        "config.yml",
        "domain.yml",
        "data/nlu/oim/sigle.yml",
        "components/ranker.py",
        "assistant/understanding/features.py",
        "assistant/french.py",
        "requirements.txt",
        "knowledge/facts/oim.yml",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("a")
    return tmp_path


@pytest.fixture
def trainings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Put a training that takes no time in the place of Rasa's; return the list that counts them."""
    counted: list[int] = []

    def fake(root: Path, folder: Path) -> None:
        counted.append(1)
        folder.mkdir(exist_ok=True)
        (folder / MODEL.name).write_text("model")

    monkeypatch.setattr(train, "_run_rasa", fake)
    return counted


def test_the_second_time_nothing_is_trained(project: Path, trainings: list[int]) -> None:
    ensure_model(project)
    assert ensure_model(project) == project / MODEL
    assert len(trainings) == 1


@pytest.mark.parametrize(
    "name",
    [
        "config.yml",
        "domain.yml",
        "data/nlu/oim/sigle.yml",
        "data/nlu/oim/nouveau.yml",
        "components/ranker.py",
        "assistant/understanding/features.py",
        "assistant/french.py",
        "requirements.txt",
    ],
)
def test_a_change_of_what_the_model_is_made_from_trains(project: Path, trainings: list[int], name: str) -> None:
    ensure_model(project)
    (project / name).write_text("b")
    ensure_model(project)
    assert len(trainings) == 2


@pytest.mark.parametrize("name", ["knowledge/facts/oim.yml", "README.md", "data/nlu/oim/__pycache__/x.pyc"])
def test_a_change_of_anything_else_does_not(project: Path, trainings: list[int], name: str) -> None:
    ensure_model(project)
    (project / name).parent.mkdir(exist_ok=True)
    (project / name).write_text("b")
    ensure_model(project)
    assert len(trainings) == 1


def test_a_renamed_file_changes_the_fingerprint(project: Path) -> None:
    before = fingerprint(project)
    (project / "data/nlu/oim/sigle.yml").rename(project / "data/nlu/oim/autre.yml")
    assert fingerprint(project) != before


def test_another_model_in_its_place_is_not_current(project: Path, trainings: list[int]) -> None:
    ensure_model(project)
    (project / MODEL).write_text("truncated")
    assert not is_current(project)
    (project / MODEL).unlink()
    assert not is_current(project)


def test_force_trains_anyway(project: Path, trainings: list[int]) -> None:
    ensure_model(project)
    ensure_model(project, force=True)
    assert len(trainings) == 2


def test_a_failure_is_one_line_then_what_rasa_said(project: Path) -> None:
    (project / "config.yml").write_text("pipeline: [")
    with pytest.raises(TrainingError) as failure:
        ensure_model(project)
    first, rest = str(failure.value).split("\n", 1)
    assert first == "L'entraînement a échoué ; voici ce que Rasa en dit :"
    assert "Failed to read YAML" in rest
    assert not is_current(project)
