"""`make versions`, `make revenir`: what is kept, what going back changes, and that nothing is lost by it."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.knowledge.loader import knowledge_version, read_files
from assistant.knowledge.snapshots import Snapshots, snapshots_folder
from assistant.settings import ROOT, Settings
from tests.tools.in_process import RunMain, run_main
from tests.tools.test_train import project, trainings
from tools import kept_models, train, versions
from tools.kept_models import MODEL, RECORD, kept, pinned, version_of
from tools.train import TrainingError, ensure_model
from tools.versions import VersionError, activate, current, keep, listing

__all__ = ["project", "run_main", "trainings"]  # fixtures

Train = Callable[[str], str]


@pytest.fixture
def trained(project: Path, trainings: list[int], monkeypatch: pytest.MonkeyPatch) -> Train:
    """Return a function that changes the data to some text and trains: each text makes a model of its own."""

    def write(root: Path, folder: Path) -> None:
        trainings.append(1)
        folder.mkdir(exist_ok=True)
        (folder / MODEL.name).write_bytes(b"model of " + (root / "config.yml").read_bytes())

    monkeypatch.setattr(train, "_run_rasa", write)

    def _train(data: str) -> str:
        (project / "config.yml").write_text(data)
        ensure_model(project)
        version = version_of(project / MODEL)
        # Trainings take minutes; these would all have one time.
        os.utime(project / f"models/versions/{version}.tar.gz", (len(trainings), len(trainings)))
        return version

    return _train


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge", dirs_exist_ok=True)
    (tmp_path / "knowledge" / "facts" / "oim.yml").write_bytes((ROOT / "knowledge/facts/oim.yml").read_bytes())
    base = str(tmp_path / "var" / "conversations.db")
    return Settings.read({"ASSISTANT_BASE": base, "ASSISTANT_CONNAISSANCES": str(tmp_path / "knowledge")})


def in_models(project: Path) -> list[str]:
    return [one.version for one in kept(project)]


def test_each_trained_model_is_kept_by_its_hash(project: Path, trained: Train) -> None:
    first, second = trained("b"), trained("c")
    assert in_models(project) == [second, first]
    assert version_of(project / f"models/versions/{first}.tar.gz") == first


def test_the_last_five_are_kept(project: Path, trained: Train) -> None:
    made = [trained(str(number)) for number in range(8)]
    assert in_models(project) == made[:-6:-1]
    assert len(list((project / "models/versions").iterdir())) == 2 * kept_models.KEPT


def test_a_model_of_before_this_is_kept_at_the_next_start_and_training(
    project: Path, trained: Train, trainings: list[int]
) -> None:
    first = trained("b")
    shutil.rmtree(project / "models/versions")
    ensure_model(project)
    assert in_models(project) == [first]
    shutil.rmtree(project / "models/versions")
    assert set(in_models(project)) | {trained("c")} == {trained("c")}
    assert first in in_models(project)


def test_going_back_to_a_model_pins_it(
    project: Path, trained: Train, trainings: list[int], settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = trained("b"), trained("c")
    before = len(trainings)
    said = activate(first[:6], settings, project)
    assert f"Le modèle {first} est en place et épinglé" in said
    assert f"make revenir VERSION={second}" in said and "relancez make run" in said
    assert current(settings, project).model == first == pinned(project)
    capsys.readouterr()
    (project / "config.yml").write_text("d")
    assert version_of(ensure_model(project)) == first
    assert f"Le modèle {first} est épinglé" in capsys.readouterr().err
    assert len(trainings) == before


def test_going_forward_again_is_the_same_command(project: Path, trained: Train, settings: Settings) -> None:
    first, second = trained("b"), trained("c")
    activate(first, settings, project)
    assert "rien n'est épinglé" in activate(second, settings, project)
    assert (current(settings, project).model, pinned(project)) == (second, "")
    assert train.is_current(project), "nothing is trained at the next start"
    assert "déjà en place" in activate(second, settings, project)


def test_unpinned_the_model_follows_the_data(
    project: Path, trained: Train, trainings: list[int], settings: Settings
) -> None:
    first, second = trained("b"), trained("c")
    activate(first, settings, project)
    said = activate("actuelle", settings, project)
    assert f"Le modèle {first} n'est plus épinglé. Le modèle {second}" in said
    activate(first, settings, project)
    (project / "config.yml").write_text("d")
    assert "make train" in activate("actuelle", settings, project)
    before = len(trainings)
    assert version_of(ensure_model(project)) not in {first, second}
    assert len(trainings) == before + 1


def test_the_pinned_model_is_never_forgotten_and_put_back_where_it_was_overwritten(
    project: Path, trained: Train, settings: Settings
) -> None:
    first = trained("0")
    trained("1")
    activate(first, settings, project)
    for number in range(7):
        (project / MODEL).write_text(f"by hand {number}")
        keep(project / MODEL)
    assert first in in_models(project)
    assert version_of(ensure_model(project)) == first


def test_a_pinned_model_that_is_lost_stops_with_what_to_do(project: Path, trained: Train, settings: Settings) -> None:
    first = trained("b")
    trained("c")
    activate(first, settings, project)
    shutil.rmtree(project / "models/versions")
    (project / MODEL).unlink()
    with pytest.raises(TrainingError, match="make revenir VERSION=actuelle"):
        ensure_model(project)


def test_force_trains_and_unpins(project: Path, trained: Train, settings: Settings) -> None:
    first = trained("b")
    second = trained("c")
    activate(first, settings, project)
    assert version_of(ensure_model(project, force=True)) == second
    assert pinned(project) == ""


def test_a_damaged_model_is_refused_and_changes_nothing(project: Path, trained: Train, settings: Settings) -> None:
    first, second = trained("b"), trained("c")
    (project / f"models/versions/{first}.tar.gz").write_text("cut")
    with pytest.raises(VersionError, match="abîmé"):
        activate(first, settings, project)
    assert (current(settings, project).model, pinned(project)) == (second, "")


def test_a_model_that_nobody_knows_the_data_of_is_not_taken_for_todays(project: Path, trained: Train) -> None:
    trained("b")
    (project / MODEL).write_text("by hand")
    keep(project / MODEL)
    assert [one.inputs for one in kept(project) if one.version == version_of(project / MODEL)] == [""]
    assert (project / RECORD).exists()


def test_going_back_to_knowledge_keeps_what_was_there(project: Path, settings: Settings) -> None:
    snapshots = Snapshots(snapshots_folder(settings))
    old = knowledge_version(settings.knowledge)
    snapshots.keep(settings.knowledge, old)
    (settings.knowledge / "facts" / "brouillon.yml").write_text("pas fini, pas dans git")
    edited = read_files(settings.knowledge)
    draft = knowledge_version(settings.knowledge)
    said = activate(old[:5], settings, project)
    assert f"make revenir VERSION={draft}" in said
    assert current(settings, project).knowledge == old
    # What could not be used is not put back by the command, but it is whole.
    assert (snapshots_folder(settings) / f"{draft}.avant-retour.tar.gz").exists()
    assert snapshots._files(draft) == edited
    assert "déjà en place" in activate(old, settings, project)


@pytest.mark.parametrize("version", ["abc", "zzzz", "../../x", "", "ABCD"])
def test_what_is_no_version_is_told(project: Path, settings: Settings, version: str) -> None:
    with pytest.raises(VersionError, match="n'est pas une version"):
        activate(version, settings, project)


def test_an_unknown_and_an_ambiguous_version_are_told(
    project: Path, trained: Train, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(VersionError, match="make versions"):
        activate("0000", settings, project)
    first, second = trained("b"), trained("c")
    monkeypatch.setattr(versions, "_FEWEST", 0)
    with pytest.raises(VersionError, match=f"(?s){min(first, second)}.*{max(first, second)}"):
        activate("", settings, project)


def test_the_list_says_what_is_in_use(project: Path, trained: Train, settings: Settings) -> None:
    first, second = trained("b"), trained("c")
    lines = listing(settings, project).splitlines()
    assert any(line.startswith("en place") and second in line and "d'aujourd'hui" in line for line in lines)
    assert any(first in line and "autres données" in line for line in lines)
    here = knowledge_version(settings.knowledge)
    assert any(line.startswith("en place") and here in line and "dès que" in line for line in lines)
    activate(first, settings, project)
    Snapshots(snapshots_folder(settings)).keep(settings.knowledge, here)
    lines = listing(settings, project).splitlines()
    assert any(line.startswith("en place, épinglé") and first in line for line in lines)
    assert any(line.startswith("en place") and here in line and "dès que" not in line for line in lines)


def test_an_error_is_one_line(run_main: RunMain, tmp_path: Path) -> None:
    done = run_main(versions.main, "abcdef012345", ASSISTANT_BASE=str(tmp_path / "c.db"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
