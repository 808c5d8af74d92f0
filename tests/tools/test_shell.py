"""`make shell`: its buttons, and a whole conversation through a pipe."""

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from assistant.dialogue.records import Button
from assistant.settings import ROOT, Settings
from channels.pause import Pause, pause_file, write_pause
from tools.shell import Reply, pressed
from tools.train import ensure_model

BUTTONS = (Button("La mission", "/choix1"), Button("Le sigle", "/choix2"))


@pytest.mark.parametrize(
    ("line", "sent"),
    [("1", "/choix1"), ("2", "/choix2"), ("3", "3"), ("0", "0"), ("²", "²"), ("deux", "deux"), ("-1", "-1")],
)
def test_a_number_presses_its_button(line: str, sent: str) -> None:
    assert pressed(line, BUTTONS) == sent


def test_texts_come_first_then_the_numbered_buttons() -> None:
    reply = Reply.read(
        [{"text": "Que voulez-vous savoir ?"}, {"buttons": [{"title": b.title, "payload": b.payload} for b in BUTTONS]}]
    )
    assert str(reply) == "Que voulez-vous savoir ?\n  1. La mission\n  2. Le sigle"
    assert reply.buttons == BUTTONS


def shell(typed: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the shell with something piped in."""
    command = [sys.executable, "-m", "tools.shell", *arguments]
    return subprocess.run(command, cwd=ROOT, input=typed, capture_output=True, text=True, timeout=60, check=False)


def test_a_piped_conversation_answers_explains_and_ends() -> None:
    ensure_model()
    done = shell("c'est quoi l'OIM ?\n\n/pourquoi\n/fin\nQue veut dire OIM ?\n")
    assert done.returncode == 0, done.stderr
    answer, _, explanation = done.stdout.partition("Vous > /pourquoi")
    assert "Organisation internationale pour les migrations" in answer
    assert "Source :" in answer
    assert "oim.definition" in explanation
    assert "Que veut dire" not in explanation
    assert done.stdout.rstrip().endswith("Au revoir.")
    assert done.stderr == ""


def test_a_button_is_pressed_by_its_number_while_the_assistant_online_is_paused_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An operator tries here what was mended, before the pause ends."""
    ensure_model()
    monkeypatch.setenv("ASSISTANT_BASE", str(tmp_path / "conversations.db"))
    write_pause(pause_file(Settings.read()), Pause("", datetime.now().astimezone()))
    done = shell("Quel est le budget de l'OIM ?\n1\n")
    assert done.stdout.startswith("L'assistant en ligne est en pause.")
    offered, _, chosen = done.stdout.partition("Vous > 1\n")
    assert "  1. " in offered
    assert "Source :" in chosen


def test_help_starts_nothing() -> None:
    done = shell("", "--help")
    assert done.returncode == 0
    assert "/fin" in done.stdout
