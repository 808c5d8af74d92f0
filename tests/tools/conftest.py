"""A launcher that a test starts, and what is left of it."""

import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant.settings import ROOT, Settings
from tests.waiting import eventually
from tools.servers import free_port, wait_until_ready
from tools.train import ensure_model

Start = Callable[..., "Launcher"]


@dataclass
class Launcher:
    """`python -m tools.run` on ports of its own, in a session of its own as a terminal would give it one."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._mark = f"ESSAI={uuid.uuid4()}"
        ports = {"ASSISTANT_PORT": str(free_port()), "ASSISTANT_PORT_ACTIONS": str(free_port())}
        base = {"ASSISTANT_BASE": str(self.folder / "conversations.db")}
        name, _, value = self._mark.partition("=")
        environment = {**os.environ, **ports, **base, **self.variables, name: value}
        with suppress(ValueError):  # what some tests are about
            self.settings = Settings.read(environment)
        self._output = (self.folder / "output.txt").open("w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tools.run"],
            cwd=ROOT,
            env=environment,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def output(self) -> str:
        return (self.folder / "output.txt").read_text(encoding="utf-8")

    def logged(self, text: str) -> bool:
        """Return whether it said a text; what the servers say goes through it, and may come a moment later."""
        return eventually(lambda: text in self.output)

    def wait_until_ready(self) -> None:
        ready = wait_until_ready(self.settings, lambda: self.process.poll() is not None)
        assert ready, self.output

    def interrupt(self) -> int:
        """Do what Ctrl-C does in a terminal, and return the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(timeout=20)

    def left(self) -> dict[int, str]:
        """Return the processes that came of this launcher and still run, by id."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if self._mark.encode() in (folder / "environ").read_bytes().split(b"\0"):
                    found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        return found

    def ports_are_free(self) -> bool:
        for port in (self.settings.port, self.settings.actions_port):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return False
        return True

    def close(self) -> None:
        for process in self.left():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.process.wait()
        self._output.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Return a function that starts the launcher with some environment variables; the model is there already."""
    ensure_model()
    launchers: list[Launcher] = []

    def _start(**variables: str) -> Launcher:
        launchers.append(Launcher(tmp_path, variables))
        return launchers[-1]

    yield _start
    for launcher in launchers:
        launcher.close()
