"""`make run`: what it refuses to start with, and that nothing is left when it stops."""

import os
import shutil
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.settings import ROOT
from tools.servers import StartError, _check_room


def refusal(launcher: Any) -> str:
    """Return the one line of a launcher that refuses to start."""
    assert launcher.process.wait(timeout=20) == 1
    assert launcher.left() == {}
    line = launcher.output.strip()
    assert "\n" not in line
    assert "Traceback" not in line
    return str(line)


@pytest.mark.parametrize("variable", ["ASSISTANT_PORT", "ASSISTANT_PORT_ACTIONS"])
def test_a_taken_port_is_named_with_its_variable(start: Callable[..., Any], variable: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        line = refusal(start(**{variable: str(port)}))
    assert f"Le port {port} est déjà pris" in line
    assert f"{variable}=" in line


def test_the_same_port_twice_is_refused(start: Callable[..., Any]) -> None:
    line = refusal(start(ASSISTANT_PORT="6123", ASSISTANT_PORT_ACTIONS="6123"))
    assert "ASSISTANT_PORT et ASSISTANT_PORT_ACTIONS valent tous deux 6123" in line


@pytest.mark.parametrize("value", ["abc", "0", "70000", "50.5"])
def test_what_is_no_port_is_refused(start: Callable[..., Any], value: str) -> None:
    assert "ASSISTANT_PORT doit être" in refusal(start(ASSISTANT_PORT=value))


def test_an_address_of_another_machine_is_refused(start: Callable[..., Any]) -> None:
    assert "ASSISTANT_HOTE" in refusal(start(ASSISTANT_HOTE="192.0.2.1"))


def test_broken_knowledge_is_told_with_file_and_line(start: Callable[..., Any], tmp_path: Path) -> None:
    knowledge = tmp_path / "knowledge"
    shutil.copytree(ROOT / "knowledge", knowledge)
    with (knowledge / "subjects.yml").open("a", encoding="utf-8") as subjects:
        subjects.write("cle_inconnue: 1\n")
    line = refusal(start(ASSISTANT_CONNAISSANCES=str(knowledge)))
    assert "subjects.yml, ligne" in line
    assert "cle_inconnue" in line


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.servers._ROOM_BYTES", 2**70)
    with pytest.raises(StartError, match="assez de place"):
        _check_room(tmp_path)


def test_ctrl_c_stops_both_and_frees_the_ports(start: Callable[..., Any]) -> None:
    launcher = start()
    launcher.wait_until_ready()
    assert launcher.interrupt() == 0
    assert launcher.left() == {}
    assert launcher.ports_are_free()
    assert launcher.output.rstrip().endswith("L'assistant est arrêté.")


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGHUP])
def test_other_ways_to_stop_leave_nothing_either(start: Callable[..., Any], stop: signal.Signals) -> None:
    launcher = start()
    launcher.wait_until_ready()
    launcher.process.send_signal(stop)
    assert launcher.process.wait(timeout=20) == 0
    assert launcher.left() == {}


@pytest.mark.parametrize("delay", [0, 0.01, 0.02, 0.04, 0.1, 0.5, 2])
def test_ctrl_c_while_starting_leaves_nothing(start: Callable[..., Any], delay: float) -> None:
    launcher = start()
    assert launcher.logged("Démarrage")
    time.sleep(delay)
    assert launcher.interrupt() in {0, 130}
    assert launcher.left() == {}
    assert "Traceback" not in launcher.output


@pytest.mark.parametrize(
    ("command", "name"),
    [("quietly actions", "Le serveur d'actions"), ("quietly rasa", "Rasa")],
    ids=["actions", "rasa"],
)
def test_when_one_dies_the_other_is_stopped_and_the_dead_one_named(
    start: Callable[..., Any], command: str, name: str
) -> None:
    launcher = start()
    launcher.wait_until_ready()
    [victim] = [process for process, line in launcher.left().items() if command in line]
    os.kill(victim, signal.SIGKILL)
    assert launcher.process.wait(timeout=20) == 1
    assert launcher.left() == {}
    assert launcher.output.rstrip().endswith(f"{name} s'est arrêté tout seul ; l'assistant est arrêté.")


def test_it_says_where_to_talk_to_it(start: Callable[..., Any]) -> None:
    launcher = start()
    launcher.wait_until_ready()
    assert launcher.logged(f"http://127.0.0.1:{launcher.settings.port}/webhooks/rest/webhook")
    assert "Warning" not in launcher.output
