"""Running it: a pause, the way back to a knowledge, and a backup, each on an assistant that goes on running."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from assistant.knowledge.loader import knowledge_version
from assistant.knowledge.snapshots import Snapshots, snapshots_folder
from assistant.settings import Settings
from channels.pause import INTERVAL, pause_file
from channels.texts import TEXTS
from tests.e2e.conftest import Conversation, Running, run_assistant
from tests.e2e.test_website import Visitor
from tests.tools.conftest import Launcher
from tools.backup import back_up, put_back, read_backup
from tools.pause import pause, resume
from tools.servers import address
from tools.versions import activate, current

QUESTION = "Quand l'OCAM a-t-elle été créée ?"
#: What « within seconds » means here, on a busy machine.
SECONDS = 20


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An assistant that the tests of this file pause, edit and back up."""
    yield from run_assistant(tmp_path_factory.mktemp("operation"))


def within_seconds(say: Callable[[], str], words: str) -> None:
    """Ask again until an answer has these words."""
    end = time.monotonic() + SECONDS
    while words not in (said := say()):
        assert time.monotonic() < end, said
        time.sleep(0.2)


def test_a_pause_takes_effect_on_every_channel_within_seconds_and_ends(running: Running) -> None:
    conversation, visitor = running.conversation(), Visitor(running)
    assert "1990" in conversation.say(QUESTION).text
    file = pause_file(running.launcher.settings)
    pause(file, "Revenez demain.", datetime.now().astimezone())
    try:
        within_seconds(lambda: conversation.say(QUESTION).text, "Revenez demain.")
        within_seconds(lambda: visitor.text(QUESTION), "Revenez demain.")
        assert visitor.text("mon mari me frappe").endswith(TEXTS["urgence"])
        assert "effacée" in visitor.text("efface mes données")
        assert visitor.kept() == []
    finally:
        resume(file)
    within_seconds(lambda: Visitor(running).text(QUESTION), "1990")
    within_seconds(lambda: conversation.say("et où ?").text, "San Jose")


def test_going_back_to_a_knowledge_and_forward_again_is_taken_up_while_it_runs(running: Running) -> None:
    settings, conversation = running.launcher.settings, running.conversation()
    assert "1990" in conversation.say(QUESTION).text
    first = current(settings).knowledge
    path = running.knowledge / "facts" / "ocam.yml"
    path.write_text(path.read_text("utf-8").replace("L'OCAM a été créée en 1990.", "L'OCAM date de 1990."), "utf-8")
    within_seconds(lambda: conversation.say(QUESTION).text, "L'OCAM date de 1990.")
    second = current(settings).knowledge
    assert {first, second} <= {one.version for one in Snapshots(snapshots_folder(settings)).all()}
    activate(first, settings)
    within_seconds(lambda: conversation.say(QUESTION).text, "L'OCAM a été créée en 1990.")
    activate(second, settings)
    within_seconds(lambda: conversation.say(QUESTION).text, "L'OCAM date de 1990.")


def test_an_assistant_restored_in_an_empty_folder_goes_on_with_a_conversation(running: Running, tmp_path: Path) -> None:
    conversation, visitor = running.conversation(), Visitor(running)
    assert "1990" in conversation.say(QUESTION).text
    assert "1990" in visitor.text(QUESTION)
    archive, place = tmp_path / "s.tar.gz", tmp_path / "ailleurs"
    # Not the project's own folder: a model that is there need not be copied, and data are not for tests to replace.
    back_up(running.launcher.settings, archive, tmp_path / "projet")
    variables = {
        "ASSISTANT_BASE": str(place / "base.db"),
        "ASSISTANT_CONNAISSANCES": str(place / "connaissances"),
    }
    settings = Settings.read(variables)
    put_back(read_backup(archive, settings, place), settings, place)
    assert knowledge_version(settings.knowledge) == knowledge_version(running.knowledge)
    pause(pause_file(settings), "", datetime.now().astimezone())
    launcher = Launcher(place, variables)
    try:
        launcher.wait_until_ready()
        assert launcher.logged("make reprise"), "the operator is reminded of the pause"
        with httpx.Client(base_url=address(launcher.settings), timeout=60, trust_env=False) as client:
            restored = Conversation(client)
            restored.sender = conversation.sender
            assert restored.say("et où ?").text.startswith(TEXTS["pause"]), "a pause outlasts a start"
            resume(pause_file(settings))
            time.sleep(INTERVAL)
            assert "San Jose" in restored.say("et où ?").text
            # Its token is good there: the secret came along.
            assert "San Jose" in Visitor(Running(launcher, settings.knowledge, client), visitor.token).text("et où ?")
    finally:
        launcher.close()
