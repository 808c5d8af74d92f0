"""What breaks while the assistant runs, and what a visitor notices of it."""

import os
import signal
import sqlite3
import subprocess
import sys
import time

from assistant.settings import ROOT
from tests.e2e.conftest import Running
from tools.servers import wait_until_ready

QUESTION = "Quand l'OCAM a-t-elle été créée ?"


APOLOGY = "Je suis désolé, je n'arrive pas à répondre en ce moment."


def action_server(running: Running) -> int:
    """Return the process id of the action server."""
    (process,) = (pid for pid, command in running.launcher.left().items() if command.endswith("actions "))
    return process


def test_a_hung_action_server_is_apologised_for_and_the_conversation_goes_on(running_alone: Running) -> None:
    conversation = running_alone.conversation()
    assert "1990" in conversation.say(QUESTION).text
    os.kill(action_server(running_alone), signal.SIGSTOP)
    began = time.monotonic()
    assert conversation.say("et où ?").text.startswith(APOLOGY)
    assert time.monotonic() - began < 15
    os.kill(action_server(running_alone), signal.SIGCONT)
    assert "San Jose" in conversation.say("et où ?").text


def test_a_dead_action_server_is_apologised_for_and_the_conversation_goes_on(running_alone: Running) -> None:
    conversation, launcher = running_alone.conversation(), running_alone.launcher
    assert "1990" in conversation.say(QUESTION).text
    os.kill(launcher.process.pid, signal.SIGSTOP)  # or it would stop the assistant, as it should
    os.kill(action_server(running_alone), signal.SIGKILL)
    assert conversation.say("et où ?").text.startswith(APOLOGY)
    variables = {
        **os.environ,
        "ASSISTANT_PORT_ACTIONS": str(launcher.settings.actions_port),
        "ASSISTANT_BASE": str(launcher.settings.database),
        "ASSISTANT_CONNAISSANCES": str(running_alone.knowledge),
    }
    with subprocess.Popen([sys.executable, "-W", "ignore", "-m", "actions"], cwd=ROOT, env=variables) as again:
        try:
            assert wait_until_ready(launcher.settings)
            assert "San Jose" in conversation.say("et où ?").text
        finally:
            again.terminate()


def test_an_edited_answer_is_said_at_once_and_a_bad_edit_changes_nothing(running_alone: Running) -> None:
    path = running_alone.knowledge / "facts" / "ocam.yml"
    before = path.read_text("utf-8")
    conversation = running_alone.conversation()
    path.write_text(before.replace("L'OCAM a été créée en 1990.", "L'OCAM date de 1990."), "utf-8")
    time.sleep(1.2)
    assert conversation.say(QUESTION).text.startswith("L'OCAM date de 1990.")
    path.write_text("faits:\n- id: ocam.date_creation\n", "utf-8")
    time.sleep(1.2)
    assert conversation.say(QUESTION).text.startswith("L'OCAM date de 1990.")
    assert running_alone.launcher.logged("facts/ocam.yml, ligne")


def test_a_conversation_is_erased_on_request(running_alone: Running) -> None:
    conversation, other = running_alone.conversation(), running_alone.conversation()
    conversation.say(QUESTION)
    other.say(QUESTION)
    assert "effacée" in conversation.say("efface mes données").text
    with sqlite3.connect(running_alone.launcher.settings.database) as database:
        senders = {row[0] for row in database.execute("SELECT DISTINCT sender_id FROM events")}
    assert senders == {other.sender}
    assert conversation.say("et où ?").text.startswith("De quoi parlez-vous ?")
