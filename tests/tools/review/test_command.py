"""`make revue`: from the journal to the files, with a training and a measure that take no time."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from assistant.knowledge.loader import load_knowledge
from assistant.settings import ROOT, Settings
from evaluation.outcomes import Outcome
from evaluation.reference import compared, losses, reference_of
from evaluation.scoring import Scored
from tests.evaluation.made import CHOICES, PAYS, SIGLE, came
from tests.evaluation.made import asked as asking
from tests.tools.in_process import Done, RunMain, run_main
from tests.tools.review.conftest import PODCAST, Type, ask, environment
from tests.tools.review.project import everything
from tools import train
from tools.backup import read_backup, save
from tools.kept_models import MODEL, RECORD, kept, pinned, record_of, sha256_of, version_of
from tools.lint_faq.content import read_content
from tools.review import ending
from tools.review.__main__ import main
from tools.review.edits import Project
from tools.review.measuring import Difference, table, verdict
from tools.train import TrainingError, fingerprint, is_current

__all__ = ["run_main"]  # a fixture

IN_THIS_FOLDER = """\
import sys
from pathlib import Path
from tools.review.__main__ import main
sys.exit(main(Path(".")))
"""
SAME = Difference((), ())


@dataclass
class Editor:
    """Somebody who runs the command on the small project, of which podcasts and flags were asked in vain.

    Attributes:
        project: the small project.
        settings: its settings.
        prompts: what they were asked the last time.
    """

    project: Project
    settings: Settings
    _run_main: RunMain
    _type: Type
    prompts: list[str] = field(default_factory=list)

    def review(
        self, *typed: str, options: tuple[str, ...] = (), end: type[BaseException] = EOFError, **variables: str
    ) -> Done:
        """Run the command and type lines, until they are all typed."""
        self.prompts = self._type(*typed, end=end)
        own = {**environment(self.settings), **variables}
        return self._run_main(lambda: main(self.project.root), *options, **own)

    @property
    def root(self) -> Path:
        return self.project.root

    @property
    def model(self) -> str:
        """The version of the model in use."""
        return version_of(self.root / MODEL)

    @property
    def unknowns(self) -> Collection[str]:
        return load_knowledge(self.project.knowledge).unknowns


@pytest.fixture
def editor(run_main: RunMain, project: Project, settings: Settings, asked: None, type_in: Type) -> Editor:
    return Editor(project, settings, run_main, type_in)


@pytest.fixture
def model(project: Project) -> str:
    """A model of today's data is in use; return its version."""
    path = project.root / MODEL
    path.parent.mkdir()
    path.write_text("modèle d'avant")
    (project.root / RECORD).write_text(record_of(fingerprint(project.root), sha256_of(path)))
    return version_of(path)


@pytest.fixture
def trainings(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Put a training that takes no time in the place of Rasa's; return the folders that models were written into."""
    folders: list[Path] = []

    def fake(root: Path, folder: Path) -> None:
        folders.append(folder)
        (folder / MODEL.name).write_text(f"modèle de {fingerprint(root)}")

    monkeypatch.setattr(train, "_run_rasa", fake)
    return folders


@pytest.fixture
def same(monkeypatch: pytest.MonkeyPatch) -> None:
    """The measure finds no difference."""
    monkeypatch.setattr(ending, "measure", lambda *_: SAME)


def some(results: list[Outcome]) -> list[Scored]:
    question = asking("faits", ("oim.sigle",))
    return [came(replace(question, text=f"{number} ?"), one) for number, one in enumerate(results)]


def test_nothing_is_asked_where_no_text_is_kept(editor: Editor) -> None:
    done = editor.review(ASSISTANT_JOURS_QUESTIONS="0")
    assert (done.returncode, editor.prompts) == (0, [])
    assert "ASSISTANT_JOURS_QUESTIONS" in done.stdout


def test_nothing_is_asked_where_nobody_asked(editor: Editor, model: str) -> None:
    editor.settings.journal.unlink()
    assert editor.review().returncode == 0
    assert editor.prompts == []


def test_the_period_is_that_of_the_report(editor: Editor) -> None:
    assert "1 sur 2" in editor.review("q", options=("--jours", "7")).stdout
    assert "sur" not in editor.review(options=("--jours", "0,0001")).stdout
    assert editor.review(options=("--jours", "hier")).returncode == 2


def test_a_dismissed_group_does_not_come_again_unless_it_grew(editor: Editor) -> None:
    assert "1 écarté, 1 remis à plus tard" in editor.review("é", "p", "").stdout
    again = editor.review("q").stdout
    assert "1 groupe à passer en revue. Déjà décidé lors d'une autre revue : 1." in again
    assert "podcast" not in again
    ask(editor.settings, PODCAST, "inconnu/site.rubriques", 0.6)
    assert "demandé bien plus souvent depuis" in editor.review("q").stdout


@pytest.mark.parametrize(("end", "code"), [(EOFError, 0), (KeyboardInterrupt, 130)])
def test_what_was_decided_is_kept_however_it_ends(editor: Editor, end: type[BaseException], code: int) -> None:
    done = editor.review("a", end=end)
    assert done.returncode == code
    assert "Ce qui est décidé est gardé : 1 accepté." in done.stdout
    assert "« make revue » y revient" in done.stdout
    assert "podcast" in editor.unknowns
    assert "1 groupe à passer" in editor.review("q").stdout


def test_the_decisions_are_in_a_backup(editor: Editor, tmp_path: Path) -> None:
    editor.review("é", "q")
    archive = tmp_path / "sauvegarde.tar.gz"
    save(editor.settings, archive, editor.root)
    assert editor.settings.review in {one.target for one in read_backup(archive, editor.settings, editor.root)}


def test_online_is_only_what_is_wanted_and_the_model_of_before_is_kept(
    editor: Editor, model: str, trainings: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_use = []

    def measure(*_: object) -> Difference:
        in_use.append(editor.model)
        return SAME

    monkeypatch.setattr(ending, "measure", measure)
    done = editor.review("a", "q", "", "o")
    assert (done.returncode, done.stderr) == (0, "")
    assert in_use == [model], "until it was measured, the new one does not serve"
    assert editor.model != model
    assert is_current(editor.root)
    assert {one.version for one in kept(editor.root)} == {model, editor.model}
    assert f"make revenir VERSION={model}" in done.stdout
    assert trainings[0].parent == (editor.root / MODEL).parent
    assert not trainings[0].exists()


@pytest.mark.usefixtures("same", "trainings")
def test_what_is_not_wanted_is_undone_byte_for_byte(editor: Editor, model: str) -> None:
    before = everything(editor.root)
    assert editor.review("a", "a", "", "o", "n", "d").returncode == 0
    after = everything(editor.root)
    changed = {name for name in {**before, **after} if before.get(name) != after.get(name)}
    assert changed == {"var/review.db", f"models/versions/{model}.tar.gz", f"models/versions/{model}.sha256"}
    assert "2 groupes à passer en revue" in editor.review("q").stdout


@pytest.mark.usefixtures("same")
def test_what_is_kept_for_later_is_put_online_without_training_again(
    editor: Editor, model: str, trainings: list[Path]
) -> None:
    done = editor.review("a", "q", "o", "n", "")
    assert f"Le modèle {model} reste en place, épinglé" in done.stdout
    assert (editor.model, pinned(editor.root)) == (model, model)
    assert "rien n'est épinglé" in editor.review("q", "o", "o").stdout
    assert len(trainings) == 1
    assert is_current(editor.root)
    assert pinned(editor.root) == ""


@pytest.mark.usefixtures("trainings")
def test_a_significant_loss_is_said_and_no_is_the_default(
    editor: Editor, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fallen = Difference.of(some([SIGLE] * 20), some([SIGLE] * 12 + [CHOICES] * 8))
    monkeypatch.setattr(ending, "measure", lambda *_: fallen)
    done = editor.review("a", "q", "o", "")
    assert "Recul significatif : question de la page : le bon fait tout de suite : 8 perdues, 0 gagnées" in done.stdout
    assert "Questions perdues, par fait : oim.sigle (8)" in done.stdout
    assert "Mettre en ligne ? [o/N] > " in editor.prompts
    assert editor.model == model


def test_the_table_has_each_figure_before_and_after_with_its_test() -> None:
    before, after = some([SIGLE] * 9 + [CHOICES]), some([PAYS] + [SIGLE] * 9)
    difference = Difference.of(before, after)
    assert [one.name for one in difference.figures] == [
        one.name for one in compared(reference_of(before), after) if one.total
    ]
    row = next(line for line in table(difference).splitlines() if "le bon fait tout de suite" in line)
    assert row.split()[-8:] == ["90,0", "%", "90,0", "%", "(9/10)", "1", "1", "0,750"]
    assert losses(reference_of(before), after) == []
    assert "Aucun recul n'est significatif" in "\n".join(verdict(difference))
    assert list(verdict(Difference.of(before, before))) == ["Aucune question n'a changé de résultat."]


def test_an_error_of_the_linter_stops_before_the_training(editor: Editor, model: str, trainings: list[Path]) -> None:
    with (editor.root / "data/nlu/oim/sigle.yml").open("a", encoding="utf-8") as file:
        file.write("- intent: fait/oim.rien\n  examples: |\n    - rien de rien\n")
    done = editor.review("q", "o")
    assert done.returncode == 1
    assert "le fait « oim.rien » n'existe pas" in done.stdout
    assert (editor.model, trainings) == (model, [])


@pytest.mark.usefixtures("model", "same", "trainings")
def test_advice_on_what_was_written_is_shown(editor: Editor) -> None:
    same = next(one.text for one in read_content(editor.root).questions if one.label == "fait/oim.membres")
    done = editor.review("p", "m", f"1 {same}", "", "a", "", "o", "n", "d")
    assert f"Conseil : ligne 1, « {same} » : cette question est déjà là" in done.stdout
    assert re.search(r"^data/nlu/oim/membres\.yml:\d+: avertissement : .*déjà là", done.stdout, re.M)
    assert "data/nlu/site" not in done.stdout.split("Entraîner")[1], "nothing of files that the review left alone"


def test_a_training_that_fails_changes_nothing(editor: Editor, model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(root: Path, folder: Path) -> None:
        (folder / MODEL.name).write_text("la moitié")
        raise TrainingError("L'entraînement a échoué.")

    monkeypatch.setattr(train, "_run_rasa", fail)
    done = editor.review("a", "q", "o")
    assert done.returncode == 1
    assert "L'entraînement a échoué." in done.stderr
    assert editor.model == model
    assert [one.name for one in (editor.root / MODEL).parent.iterdir() if one.name.startswith(".")] == []


@pytest.mark.usefixtures("same", "trainings")
@pytest.mark.parametrize(("typed", "code"), [("a q", 130), ("a q n", 0), ("a q o", 130), ("a q o n", 130)], ids=str)
def test_ctrl_c_at_the_end_leaves_the_model_and_what_was_decided(
    editor: Editor, model: str, typed: str, code: int
) -> None:
    done = editor.review(*typed.split(), end=KeyboardInterrupt)
    assert done.returncode == code
    assert "« make revue » y revient" in done.stdout + done.stderr
    assert editor.model == model
    assert "podcast" in editor.unknowns


@pytest.mark.usefixtures("model")
def test_an_unknown_alone_needs_no_training(editor: Editor) -> None:
    done = editor.review("m", *["-1"] * len(PODCAST), "", "a", "q")
    assert "Rien à entraîner" in done.stdout
    assert not any("Entraîner" in prompt for prompt in editor.prompts)


def test_without_a_model_there_is_nothing_to_compare(editor: Editor) -> None:
    done = editor.review("a", "q")
    assert done.returncode == 0
    assert "make train" in done.stdout


@pytest.mark.parametrize("file", ["journal.db", "review.db"])
def test_a_file_that_is_no_database_is_told_in_one_line(editor: Editor, file: str) -> None:
    (editor.settings.journal.parent / file).write_text("pas une base " * 100, "utf-8")
    done = editor.review()
    assert done.returncode == 1
    assert done.stderr.startswith("Le journal ne peut pas être lu")
    assert done.stderr.count("\n") == 1


def test_help_is_in_french(editor: Editor) -> None:
    done = editor.review(options=("--help",))
    assert done.returncode == 0
    assert "Passe en revue les questions restées sans réponse" in done.stdout
    assert "show this help" not in done.stdout


class Started:
    """The command in a process of its own, with lines piped in."""

    def __init__(self, editor: Editor) -> None:
        own = {**os.environ, **environment(editor.settings), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", IN_THIS_FOLDER],
            cwd=editor.root,
            env=own,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def type(self, line: str, then: str) -> None:
        """Type a line, and wait until something is shown."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        while then not in self.process.stdout.readline():
            assert self.process.poll() is None


def test_it_reads_lines_from_a_pipe(editor: Editor) -> None:
    with Started(editor).process as process:
        said, wrong = process.communicate("a\né\n", timeout=60)
    assert (process.returncode, wrong) == (0, "")
    assert "Ce qui est décidé est gardé : 1 accepté, 1 écarté." in said
    assert "podcast" in editor.unknowns


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_as_ctrl_c_does(editor: Editor, stop: signal.Signals) -> None:
    started = Started(editor)
    with started.process as process:
        started.type("é", then="2 sur 2")
        process.send_signal(stop)
        said, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Ce qui est décidé est gardé : 1 écarté." in said
    with closing(sqlite3.connect(editor.settings.review)) as connection:
        assert connection.execute("SELECT count(*) FROM reviewed").fetchone() == (len(PODCAST),)
