"""The terminal: each letter does what it says; however it ends, what was decided stays and nothing is half written."""

from collections.abc import Callable
from datetime import datetime, timezone

import pytest

from tests.tools.review.conftest import FLAGS, PODCAST, Type, proposal
from tests.tools.review.project import everything
from tools.lint_faq.content import Content
from tools.review.edits import Project
from tools.review.memory import Past
from tools.review.session import Group, Session, told

GROUPS = (Group(proposal("unknown")), Group(proposal("wording")), Group(proposal("fact")))
THEN = datetime(2026, 6, 30, tzinfo=timezone.utc)

Review = Callable[..., Session]


@pytest.fixture
def review(content: Content, project: Project, type_in: Type) -> Review:
    """Return a function that reviews groups with what is typed, to the end."""

    def _review(*typed: str, groups: tuple[Group, ...] = GROUPS) -> Session:
        type_in(*typed)
        session = Session(groups, content, project)
        session.run()
        return session

    return _review


def decisions(session: Session) -> list[str]:
    return [decision for _, decision in session.decided]


def test_all_is_decided_on_in_its_order(review: Review, project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    session = review("a", "é", "p", "")
    assert session.decided == [
        (GROUPS[0].proposal, "accepted"),
        (GROUPS[1].proposal, "dismissed"),
        (GROUPS[2].proposal, "later"),
    ]
    assert session.written == [project.unknowns, project.root / "data/nlu/site/rubriques.yml"]
    assert told(session.decided) == "1 accepté, 1 écarté, 1 remis à plus tard"
    said = capsys.readouterr().out
    assert f"1 sur 3. Nouvel inconnu : « {PODCAST[0]} »" in said
    assert "Posée 40 fois. Pourquoi : la source ne le donne pas." in said
    assert "2 sur 3. Nouvelles questions pour un fait" in said
    assert "3 sur 3. Fait à écrire" in said


@pytest.mark.parametrize("letter", ["a", "A", "accepter", "acc", " a "])
def test_a_letter_may_be_its_word(review: Review, letter: str) -> None:
    assert decisions(review(letter, "q")) == ["accepted"]


@pytest.mark.parametrize(("letter", "decision"), [("é", "dismissed"), ("e", "dismissed"), ("plus tard", "later")])
def test_what_is_not_accepted_writes_nothing(review: Review, project: Project, letter: str, decision: str) -> None:
    before = everything(project.root)
    assert decisions(review(letter, "q")) == [decision]
    assert everything(project.root) == before


@pytest.mark.parametrize("said", ["", "x", "ax", "oui", "1", "\x00"])
def test_another_key_decides_nothing(
    review: Review, project: Project, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything(project.root)
    assert decisions(review(said, "q")) == []
    assert everything(project.root) == before
    assert "Une de ces lettres" in capsys.readouterr().out


def test_undoing_goes_back_one_by_one_to_the_very_beginning(review: Review, project: Project) -> None:
    before = everything(project.root)
    session = review("a", "a", "a", "d", "d", "d", "d", "q")
    assert decisions(session) == []
    assert everything(project.root) == before


def test_what_was_undone_is_not_taken_to_be_there(review: Review, project: Project) -> None:
    review("a", "d", "e", "a", "q", groups=(GROUPS[0], Group(proposal("unknown", id="other"))))
    assert project.unknowns.read_text("utf-8").count("id: podcast") == 1


def test_what_was_undone_is_decided_on_anew(review: Review, project: Project) -> None:
    session = review("a", "d", "e", "a", "d", "a", "p", "")
    assert decisions(session) == ["dismissed", "accepted", "later"]
    assert session.written == [project.root / "data/nlu/oim/membres.yml"]


def test_what_was_changed_is_not_lost_by_an_undo(review: Review, project: Project) -> None:
    review("m", "libelle le podcast", "", "a", "a", "d", "d", "m", "-1", "", "a", "q")
    assert "libelle: le podcast," in project.unknowns.read_text("utf-8")
    rows = (project.root / "data/nlu/site/rubriques.yml").read_text("utf-8")
    assert [rows.count(f"- {text}\n") for text in PODCAST] == [0, 1, 1, 1]


def test_the_last_decision_is_undone_at_the_end_too(review: Review, project: Project) -> None:
    before = everything(project.root)
    assert decisions(review("a", "d", "p", "", groups=GROUPS[:1])) == ["later"]
    assert everything(project.root) == before


def test_lines_are_changed_before_they_are_written(
    review: Review, project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    review("m", "?", "-3", "2 Y a-t-il un podcast ?", "libelle le podcast", "9 rien", "", "a", "q")
    rows = (project.root / "data/nlu/site/rubriques.yml").read_text("utf-8")
    assert "    - Y a-t-il un podcast ?\n" in rows
    assert f"    - {PODCAST[1]}\n" not in rows
    assert f"    - {PODCAST[2]}\n" not in rows
    assert "{id: podcast, libelle: le podcast, mots: [podcast*]}" in project.unknowns.read_text("utf-8")
    said = capsys.readouterr().out
    assert "récrire la ligne 3" in said
    assert "Il n'y a pas de ligne 9." in said


def test_what_would_break_something_is_refused_and_asked_again(
    review: Review, content: Content, project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything(project.root)
    text = next(asked.text for asked in content.asked)
    assert decisions(review("m", f"1 {text}", "", "a", "e", "q")) == ["dismissed"]
    assert "Refusé, rien n'a changé" in capsys.readouterr().out
    assert everything(project.root) == before


def test_what_an_earlier_group_wrote_is_not_proposed_again(review: Review, project: Project) -> None:
    review("a", "a", "q", groups=(GROUPS[0], Group(proposal("unknown", questions=(*PODCAST, "mon balado ?")))))
    assert project.unknowns.read_text("utf-8").count("id: podcast") == 1
    rows = (project.root / "data/nlu/site/rubriques.yml").read_text("utf-8")
    assert [rows.count(f"- {text}\n") for text in (*PODCAST, "mon balado ?")] == [1] * 5


def test_what_was_decided_before_is_said(review: Review, capsys: pytest.CaptureFixture[str]) -> None:
    review("q", groups=(Group(proposal(), Past("later", THEN, 1)),))
    assert "(Remis à plus tard le 30/06/2026" in capsys.readouterr().out
    review("q", groups=(Group(proposal(), Past("dismissed", THEN, 1)),))
    assert "demandé bien plus souvent depuis" in capsys.readouterr().out


@pytest.mark.parametrize("end", [EOFError, KeyboardInterrupt])
@pytest.mark.parametrize("typed", [(), ("a",), ("a", "m"), ("a", "m", "-1"), ("a", "a", "a")])
def test_however_it_ends_what_was_decided_stays_whole(
    content: Content, project: Project, type_in: Type, typed: tuple[str, ...], end: type[BaseException]
) -> None:
    type_in(*typed, end=end)
    session = Session(GROUPS, content, project)
    with pytest.raises(end):
        session.run()
    accepted = typed.count("a")
    assert decisions(session) == ["accepted"] * accepted
    rows = (project.root / "data/nlu/oim/membres.yml").read_text("utf-8")
    assert (FLAGS[0] in rows) is (accepted > 1)
    assert not [name for name in everything(project.root) if name.split("/")[-1].startswith(".")]


def test_everything_is_undone_at_once_where_it_is_not_wanted(review: Review, project: Project) -> None:
    before = everything(project.root)
    session = review("a", "e", "a", "")
    session.undo_all()
    assert everything(project.root) == before
    assert decisions(session) == ["dismissed"]
    assert session.written == []
