"""The bots that are measured: how each is started, and one that runs."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.settings import ROOT, Settings
from tools.bench import BenchError
from tools.servers import address, free_port
from tools.train import ensure_model


@dataclass(frozen=True)
class Launch:
    """How a bot is started: the command, where, with which environment, and the address that it will answer at."""

    command: tuple[str, ...]
    folder: Path
    variables: dict[str, str]
    url: str


@dataclass(frozen=True)
class Bot:
    """A trained bot.

    Attributes:
        name: what messages call it.
        environment: the folder of its environment.
        model: its model.
        launcher: whether its command starts the servers as processes of their own.
        launch: returns how to start it, given a folder for what it writes.
    """

    name: str
    environment: Path
    model: Path
    launcher: bool
    launch: Callable[[Path], Launch]


@dataclass(frozen=True)
class Running:
    """A bot that was started, whether or not it answers yet."""

    url: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def check(self) -> None:
        """Say why, if it has ended.

        Raises:
            BenchError: it has.
        """
        if self.process.poll() is not None:
            raise BenchError(f"Le programme mesuré s'est arrêté tout seul :\n{tail(self.log)}")


def assistant() -> Bot:
    """Return this project's assistant, trained.

    Raises:
        tools.train.TrainingError: it could not be trained.
    """
    return Bot("assistant", Path(sys.prefix), ensure_model(), True, _launch_assistant)


@contextmanager
def running(bot: Bot) -> Iterator[Running]:
    """Run a bot in a session of its own, with nothing kept of what it writes; stop it in the end."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        launch = bot.launch(folder)
        log = folder / "sortie.txt"
        with (
            log.open("wb") as output,
            subprocess.Popen(
                launch.command,
                cwd=launch.folder,
                env=launch.variables,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            ) as process,
        ):
            try:
                yield Running(launch.url, process, log)
            finally:
                process.terminate()


def tail(log: Path, lines: int = 20) -> str:
    """Return the end of what a program printed."""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def _launch_assistant(folder: Path) -> Launch:
    variables = {
        **os.environ,
        "ASSISTANT_HOTE": "127.0.0.1",
        "ASSISTANT_PORT": str(free_port()),
        "ASSISTANT_PORT_ACTIONS": str(free_port()),
        "ASSISTANT_BASE": str(folder / "conversations.db"),
    }
    command = (sys.executable, "-m", "tools.run", "--discret")
    return Launch(command, ROOT, variables, address(Settings.read(variables)))
