"""What the tests of this folder look at: earlier readings of a fact too, which this repository does not have yet."""

import shutil
from pathlib import Path

from assistant.knowledge.loader import load_knowledge
from tests.content.corpus import statements
from tests.second_source import FACT, NEW, OLDER, OLDEST, add_second_source


def test_what_earlier_documents_say_is_looked_at_as_a_fact_is(knowledge_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(knowledge_folder, tmp_path / "knowledge")
    add_second_source(folder)
    said = [fact for fact in statements(load_knowledge(folder)) if fact.id == FACT]
    assert [fact.answer for fact in said] == [NEW, OLDER, OLDEST]
    assert [fact.quotes[0] for fact in said][1:] == ["l'OIM comptait 111 Etats", "l'OIM comptait 99 Etats"]
