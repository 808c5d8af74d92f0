"""A running assistant picks up a good edit, refuses a bad one and says so, and never loses what it knew."""

import logging
from pathlib import Path

import pytest

from assistant.knowledge import live
from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.live import LiveKnowledge
from tests.assistant.knowledge.conftest import Break

ANSWER = "CLB est le club."


@pytest.fixture(autouse=True)
def _look_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "INTERVAL", 0.0)


def answer(knowledge: LiveKnowledge) -> str:
    return str(knowledge.current.knowledge.facts["club.sigle"].answer)


def test_a_folder_that_cannot_be_trusted_stops_the_start(folder: Path, edit: Break) -> None:
    edit("facts/club.yml", "source: page\n  citations:\n  - Le club (CLB)\n", "source: rien\n")
    with pytest.raises(KnowledgeError):
        LiveKnowledge(folder)


def test_a_changed_answer_is_picked_up(folder: Path, edit: Break) -> None:
    knowledge = LiveKnowledge(folder)
    before = knowledge.current.knowledge.version
    edit("facts/club.yml", ANSWER, "CLB veut dire club.")
    assert answer(knowledge) == "CLB veut dire club."
    assert knowledge.current.knowledge.version != before


def test_a_new_name_is_found_in_messages(folder: Path, edit: Break) -> None:
    knowledge = LiveKnowledge(folder)
    assert knowledge.current.finder.find("le cercle").subject is None
    edit("subjects.yml", "noms: [club, CLB]", "noms: [club, CLB, cercle]")
    assert knowledge.current.finder.find("le cercle").subject == "club"


def test_a_new_source_is_searched_at_once(folder: Path, edit: Break) -> None:
    knowledge = LiveKnowledge(folder)
    question = "Qui prête les vélos rouges ?"
    assert knowledge.current.passages and knowledge.current.passages.find(question) is None
    (folder / "sources/velos.txt").write_text("La mairie prête des vélos rouges aux habitants.", "utf-8")
    row = "- {id: velos, titre: Les vélos, editeur: La mairie, langue: fr, fichier: sources/velos.txt}\n"
    (folder / "sources.yml").write_text((folder / "sources.yml").read_text("utf-8") + row, "utf-8")
    assert knowledge.current.passages and (found := knowledge.current.passages.find(question))
    assert (found.passage.source, found.passage.stated) == ("velos", False)


@pytest.mark.parametrize(("said", "quoting"), [("oui", True), ("non", False)])
def test_the_switch_decides_whether_sources_are_searched(
    folder: Path, monkeypatch: pytest.MonkeyPatch, said: str, quoting: bool
) -> None:
    monkeypatch.setenv("ASSISTANT_CONNAISSANCES", str(folder))
    monkeypatch.setenv("ASSISTANT_PASSAGES", said)
    assert (live.live_knowledge.__wrapped__().current.passages is not None) is quoting


def test_a_new_file_and_a_removed_one_are_seen(folder: Path) -> None:
    knowledge = LiveKnowledge(folder)
    path = folder / "facts/membres.yml"
    text = path.read_text("utf-8")
    path.unlink()
    assert "membres.nombre" not in knowledge.current.knowledge.facts
    path.with_name("autres.yml").write_text(text, "utf-8")
    assert knowledge.current.knowledge.facts["membres.nombre"].topic == "autres"


def test_a_bad_edit_keeps_the_last_good_knowledge_and_says_file_and_line(
    folder: Path, edit: Break, caplog: pytest.LogCaptureFixture
) -> None:
    knowledge = LiveKnowledge(folder)
    version = knowledge.current.knowledge.version
    edit("facts/club.yml", f"reponse: {ANSWER}", "reponse:")
    with caplog.at_level(logging.INFO):
        assert answer(knowledge) == ANSWER
        assert knowledge.current.finder.find("CLB").subject == "club"
        assert knowledge.current.knowledge.version == version
    errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(errors) == 1, "said once, not at each message"
    assert f"{folder / 'facts/club.yml'}, ligne 11, clé « reponse »" in errors[0]
    assert version in errors[0]


def test_a_mended_file_is_picked_up(folder: Path, edit: Break) -> None:
    knowledge = LiveKnowledge(folder)
    edit("facts/club.yml", f"reponse: {ANSWER}", "reponse:")
    assert answer(knowledge) == ANSWER
    edit("facts/club.yml", "reponse:\n", "reponse: Réparé.\n")
    assert answer(knowledge) == "Réparé."


@pytest.mark.parametrize("name", ["subjects.yml", "sources/page.txt"])
def test_a_file_that_goes_away_keeps_the_last_good_knowledge(folder: Path, name: str) -> None:
    knowledge = LiveKnowledge(folder)
    (folder / name).unlink()
    assert answer(knowledge) == ANSWER


@pytest.mark.parametrize("value", ["!secret texte", "2024-99-99"])
def test_an_edit_bad_in_an_odd_way_keeps_the_last_good_knowledge_too(folder: Path, edit: Break, value: str) -> None:
    knowledge = LiveKnowledge(folder)
    edit("facts/club.yml", f"reponse: {ANSWER}", f"reponse: {value}")
    assert answer(knowledge) == ANSWER


def test_files_are_not_looked_at_more_often_than_the_interval(
    folder: Path, edit: Break, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "INTERVAL", 3600.0)
    knowledge = LiveKnowledge(folder)
    edit("facts/club.yml", ANSWER, "CLB veut dire club.")
    assert answer(knowledge) == ANSWER
    monkeypatch.setattr(live, "INTERVAL", 0.0)
    assert answer(knowledge) == "CLB veut dire club."
