"""What is written, what is refused with nothing changed, and that undoing leaves no trace."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from assistant.knowledge.loader import load_knowledge
from tests.tools.review.conftest import FLAGS, PODCAST, SENTENCE, proposal
from tests.tools.review.project import everything
from tools.add_source import writing
from tools.add_source.publishing import IncompleteError, ready
from tools.lint_faq.__main__ import lint
from tools.lint_faq.content import Content, read_content
from tools.lint_faq.findings import errors
from tools.review.edits import Edit, Project, RefusedError, edit_of, with_rows
from tools.review.steps import Step, changed, step_of

MEMBERS = "data/nlu/oim/membres.yml"
UNKNOWNS = "knowledge/unknowns.yml"
FILE = """\
# Un commentaire
nlu:
- intent: fait/oim.sigle
  examples: |
    - un
    - deux

- intent: inconnu/oim.sigle  # et un autre
  examples: |
    - trois
- intent: fait/oim.pays
  metadata: {avant: oim.sigle}
  examples: |
    - quatre
"""

Make = Callable[..., Edit]


@pytest.fixture
def make(content: Content, project: Project) -> Make:
    """Return a function that makes the edit of a proposal, as lines that are typed change it."""

    def _make(kind: str = "wording", *said: str, **changes: object) -> Edit:
        step = step_of(proposal(kind, **changes), content, lambda path: (project.root / path).exists())
        for line in said:
            step = changed(step, line, content)
        return edit_of(step, content, project)

    return _make


def added(project: Project, before: dict[str, bytes], file: str) -> list[str]:
    """Return the lines that a file has more; all others are where and what they were."""
    then, now = before[file].decode().splitlines(), (project.root / file).read_text("utf-8").splitlines()
    new = list(now)
    for line in then:
        new.remove(line)
    assert [line for line in now if line not in new] == [line for line in then if line not in new]
    return new


def test_wordings_are_written_behind_those_of_their_fact_and_nothing_else_changes(make: Make, project: Project) -> None:
    before = everything(project.root)
    make().write()
    assert added(project, before, MEMBERS) == [f"    - {text}" for text in FLAGS]
    assert {name for name, text in everything(project.root).items() if before.get(name) != text} == {MEMBERS}
    blocks = yaml.safe_load((project.root / MEMBERS).read_text("utf-8"))["nlu"]
    (block,) = [one for one in blocks if one["intent"] == "fait/oim.membres"]
    assert block["examples"].splitlines()[-3:] == [f"- {text}" for text in FLAGS]


def test_an_unknown_is_written_with_its_near_misses_and_the_linter_has_nothing_against_it(
    make: Make, project: Project
) -> None:
    before = everything(project.root)
    make("unknown", "libelle le podcast").write()
    assert added(project, before, UNKNOWNS) == ["- {id: podcast, libelle: le podcast, mots: [podcast*]}"]
    assert len(added(project, before, "data/nlu/site/rubriques.yml")) == len(PODCAST)
    assert load_knowledge(project.knowledge).unknowns["podcast"].label == "le podcast"
    assert errors(lint(project.root)) == []


def test_a_fact_to_write_is_a_draft_that_make_source_publishes_once_it_is_filled_in(
    make: Make, project: Project
) -> None:
    edit = make("fact")
    edit.write()
    (path,) = edit.after
    assert path == project.root / "knowledge/brouillons/combien-de-drapeaux-a-l-oim.yml"
    (fact,) = yaml.safe_load(path.read_text("utf-8"))["faits"]
    assert fact["garder"] == "oui"
    assert [" ".join(quote.split()) for quote in fact["citations"]] == [SENTENCE]
    assert fact["questions"].splitlines()[: len(FLAGS)] == [f"- {text}" for text in FLAGS]
    assert f'--publier {path.stem}"' in path.read_text("utf-8")
    with pytest.raises(IncompleteError) as refused:
        ready(project.root, path.stem)
    assert all("manque" in one.problem or "il en faut au moins" in one.problem for one in refused.value.findings)
    filled = path.read_text("utf-8").replace("question: >-\n    …", "question: >-\n    Quelle part de drapeaux ?")
    filled = filled.replace("reponse: >-\n    …", "reponse: >-\n    Environ 53 pour cent.")
    for number in range(filled.count("- …")):
        filled = filled.replace("- …", f"- {'abcdefghijklmnopqrstuvwxyz'[number] * 4} mot {number} du drapeau", 1)
    path.write_text(filled, "utf-8")
    assert ready(project.root, path.stem).facts == (fact["id"],)


@pytest.mark.parametrize("kind", ["wording", "unknown", "fact"])
def test_undoing_leaves_every_file_as_it_was_byte_for_byte(make: Make, project: Project, kind: str) -> None:
    unknowns = project.unknowns
    unknowns.write_bytes(unknowns.read_bytes().rstrip(b"\n"))  # no line break at the end
    members = project.root / MEMBERS
    members.write_bytes(members.read_bytes().replace(b"\n", b"\r\n"))
    members.chmod(0o640)
    before = everything(project.root)
    edit = make(kind)
    edit.write()
    assert everything(project.root) != before
    edit.undo()
    assert everything(project.root) == before
    assert members.stat().st_mode & 0o777 == 0o640


def test_lines_of_windows_stay_so(make: Make, project: Project) -> None:
    path = project.root / MEMBERS
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    make().write()
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")


def test_a_file_that_somebody_changed_since_is_not_undone(make: Make, project: Project) -> None:
    edit = make("unknown")
    edit.write()
    with project.unknowns.open("a", encoding="utf-8") as file:
        file.write("# à moi\n")
    after = everything(project.root)
    with pytest.raises(RefusedError, match="a changé depuis"):
        edit.undo()
    assert everything(project.root) == after


def test_if_one_file_cannot_be_written_none_is(make: Make, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    before, edit, put = everything(project.root), make("unknown"), writing._put
    last = list(edit.after)[-1]

    def fail(path: Path, content: bytes | None) -> None:
        if path == last and content == edit.after[last]:
            raise OSError(28, "plein", str(path))
        put(path, content)

    monkeypatch.setattr(writing, "_put", fail)
    with pytest.raises(OSError, match="plein"):
        edit.write()
    assert everything(project.root) == before


def a_question_of_the_evaluation(project: Project) -> str:
    return next(asked.text for asked in read_content(project.root).asked if "oim.membres" in asked.accepted)


@pytest.mark.parametrize("kind", ["wording", "unknown", "fact"])
@pytest.mark.parametrize("alike", [lambda text: text, lambda text: text.upper().rstrip(" ?") + "s"])
def test_a_question_of_the_evaluation_is_never_learnt(
    make: Make, project: Project, kind: str, alike: Callable[[str], str]
) -> None:
    before, text = everything(project.root), alike(a_question_of_the_evaluation(project))
    with pytest.raises(RefusedError, match=r"ligne 2, .*parmi les questions d'évaluation"):
        make(kind, f"2 {text}")
    assert everything(project.root) == before


def test_a_question_of_another_label_is_refused_with_its_place(make: Make, content: Content) -> None:
    other = next(one for one in content.questions if one.label == "fait/oim.sigle")
    with pytest.raises(RefusedError, match=rf"ligne 1, .*« fait/oim.sigle » .{other.place}"):
        make("wording", f"1 {other.text}")


def test_a_question_that_is_there_is_advised_against(make: Make, content: Content) -> None:
    same = next(one for one in content.questions if one.label == "fait/oim.membres")
    (advice,) = make("wording", f"1 {same.text}").advice
    assert "déjà là" in advice


@pytest.mark.parametrize(
    ("unknown", "why"),
    [
        ({"id": "budget", "libelle": "le budget", "mots": ["x"]}, "l'identifiant « budget » existe déjà"),
        ({"id": "podcast", "libelle": "", "mots": ["x"]}, "cette valeur est vide"),
    ],
)
def test_an_unknown_that_breaks_the_knowledge_is_refused(
    content: Content, project: Project, unknown: dict[str, object], why: str
) -> None:
    before = everything(project.root)
    with pytest.raises(RefusedError, match=f"unknowns.yml, ligne .*{why}"):
        edit_of(Step((), unknown=unknown), content, project)
    assert everything(project.root) == before


def test_nothing_is_written_of_an_empty_step(make: Make) -> None:
    with pytest.raises(RefusedError, match="rien à écrire"):
        make("wording", "-1", "-1", "-1")


def test_a_file_in_another_form_is_refused(make: Make, project: Project) -> None:
    path = project.root / MEMBERS
    text = path.read_text("utf-8").replace("- intent: fait/oim.membres\n", '- intent: "fait/oim.membres"\n')
    path.write_text(f"{text}autre:\n- rien\n", "utf-8")
    with pytest.raises(RefusedError, match=r"membres\.yml"):
        make()


def test_two_groups_of_one_file_are_undone_one_after_the_other(content: Content, project: Project) -> None:
    before, edits, now = everything(project.root), [], content
    for texts in (FLAGS[:1], FLAGS[1:]):
        edits.append(edit_of(Step(texts, "fait/oim.membres"), now, project))
        edits[-1].write()
        now = edits[-1].content
    assert sum(one.label == "fait/oim.membres" for one in now.questions) == 3 + sum(
        one.label == "fait/oim.membres" for one in content.questions
    )
    for edit in reversed(edits):
        edit.undo()
    assert everything(project.root) == before


@pytest.mark.parametrize(
    ("label", "line"), [("fait/oim.sigle", 7), ("inconnu/oim.sigle", 11), ("fait/oim.pays", 17), ("fait/x.y", 17)]
)
def test_rows_stand_behind_those_of_their_label_and_never_among_follow_ups(label: str, line: int) -> None:
    text, lines = with_rows(FILE, label, ["neuf", "dix"])
    assert [text.splitlines()[number - 1] for number in lines] == ["    - neuf", "    - dix"]
    assert lines[0] == line
    then = yaml.safe_load(FILE)["nlu"]
    now = yaml.safe_load(text)["nlu"]
    assert all(comment in text for comment in ("# Un commentaire", "# et un autre"))
    without = [{**one, "examples": one["examples"].replace("- neuf\n- dix\n", "")} for one in now]
    assert [one for one in without if one["examples"]] == then
