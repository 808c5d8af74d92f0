"""The whole review of the simulated month: what it proposes holds together, and is undone without a trace."""

import shutil
from collections.abc import Sequence
from datetime import datetime, timezone

import pytest

from assistant.settings import ROOT
from channels.journal import Journal
from tests.as_it_comes import knowledge_as_it_comes
from tests.tools.report.month import KEPT_DAYS, simulate
from tests.tools.review.conftest import SECRET, Type
from tests.tools.review.project import everything
from tools.lint_faq.__main__ import lint
from tools.lint_faq.content import read_content
from tools.lint_faq.findings import errors
from tools.report.period import Period
from tools.report.proposals import Proposal, propose
from tools.review.edits import Project
from tools.review.session import Group, Session
from tools.train import ensure_model

CONVERSATIONS = 4_000


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("whole")
    knowledge_as_it_comes(root / "knowledge")
    for name in ("data", "evaluation/questions"):
        shutil.copytree(ROOT / name, root / name)
    return Project(root, root / "knowledge")


@pytest.fixture(scope="module")
def proposals(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Sequence[Proposal]:
    """What the report proposes on a quiet month."""
    ensure_model()
    today = datetime.now(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ASSISTANT_SECRET", SECRET)
        month = simulate(tmp_path_factory.mktemp("month"), today, CONVERSATIONS)
    journal = Journal(month.journal, KEPT_DAYS)
    try:
        entries = journal.entries(month.start, month.end)
    finally:
        journal.close()
    content = read_content(project.root)
    found = propose(entries, Period(month.start, month.end), content.knowledge, project.knowledge, content)
    return [one for one in found if one.kind != "nothing"]


def test_all_that_is_accepted_holds_together_and_is_undone_byte_for_byte(
    project: Project, proposals: Sequence[Proposal], type_in: Type, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything(project.root)
    session = Session([Group(one) for one in proposals], read_content(project.root), project)
    type_in(*["a"] * len(proposals), "")
    session.run()
    assert [decision for _, decision in session.decided] == ["accepted"] * len(proposals)
    assert len(proposals) >= 5
    assert "Refusé" not in capsys.readouterr().out
    assert errors(lint(project.root)) == []
    assert everything(project.root) != before
    session.undo_all()
    assert everything(project.root) == before
