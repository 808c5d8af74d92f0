"""The action server and Rasa, run together: the checks before, the manager of the two, and whether they answer."""

import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

from assistant.knowledge.loader import load_knowledge
from assistant.names import MODEL_VERSION
from assistant.settings import ROOT, Settings
from tools.kept_models import version_of

#: How long both may take to answer: several times what the slowest machine tried took.
PATIENCE_SECONDS = 120
#: Room for conversations and logs; less than this and SQLite soon fails in the middle of a conversation.
_ROOM_BYTES = 100 * 2**20

#: The channels that are open unless others are asked for.
CREDENTIALS = ROOT / "credentials.yml"

#: What the processes of the Procfile are called in messages.
_NAMES = {"actions": "Le serveur d'actions", "rasa": "Rasa"}

#: Loopback is never reached through a proxy, whatever the environment says.
_open = build_opener(ProxyHandler({})).open


class StartError(Exception):
    """The assistant cannot start; the message is one line in French that says what to do."""


def check(settings: Settings) -> None:
    """Find out what would stop a start, before anything is started.

    Raises:
        StartError: a port is taken or may not be used, or there is no room on the disk.
        assistant.knowledge.errors.KnowledgeError: the knowledge cannot be trusted.
    """
    load_knowledge(settings.knowledge)
    _check_port(settings.host, settings.port, "ASSISTANT_PORT")
    _check_port("127.0.0.1", settings.actions_port, "ASSISTANT_PORT_ACTIONS")
    if settings.port == settings.actions_port:
        raise StartError(
            f"ASSISTANT_PORT et ASSISTANT_PORT_ACTIONS valent tous deux {settings.port} : changez l'un des deux."
        )
    if settings.database.is_dir():
        raise StartError(f"ASSISTANT_BASE doit être un fichier, et {settings.database} est un dossier.")
    _check_room(settings.database.parent)


def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def address(settings: Settings) -> str:
    """Return the address that this machine reaches Rasa at."""
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::", ""} else settings.host
    return f"http://{host}:{settings.port}"


def in_use(settings: Settings) -> int | None:
    """Return the first of the assistant's two ports that something answers on, or None if it is not running."""
    host = address(settings).removeprefix("http://").rpartition(":")[0]
    for name, port in ((host, settings.port), ("127.0.0.1", settings.actions_port)):
        with suppress(OSError), socket.create_connection((name, port), timeout=2):
            return port
    return None


def wait_until_ready(settings: Settings, give_up: Callable[[], bool] = lambda: False) -> bool:
    """Wait until both servers answer.

    Args:
        settings: where they listen.
        give_up: says that waiting has become useless.

    Returns:
        Whether they do; false too when they took longer than `PATIENCE_SECONDS`.
    """
    end = time.monotonic() + PATIENCE_SECONDS
    for url in (f"http://127.0.0.1:{settings.actions_port}/health", f"{address(settings)}/"):
        while not _answers(url):
            if give_up() or time.monotonic() > end:
                return False
            time.sleep(0.05)
    return True


def environment(settings: Settings, model: Path, credentials: Path) -> dict[str, str]:
    """Return the environment that the commands of the Procfile run in."""
    return {
        **os.environ,
        **settings.for_rasa(),
        "ASSISTANT_PORT_ACTIONS": str(settings.actions_port),
        "RASA_HOST": settings.host,
        "RASA_PORT": str(settings.port),
        "RASA_MODEL": str(model),
        MODEL_VERSION: version_of(model),
        "RASA_CREDENTIALS": str(credentials),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
    }


@contextmanager
def running_assistant(credentials: Path = CREDENTIALS) -> Iterator[Settings | None]:
    """Run an assistant of one's own beside this process: free ports, conversations that are not kept.

    Args:
        credentials: the channels to open.

    Yields:
        Where it listens once it answers; None if it did not start, after it has said why.
    """
    with tempfile.TemporaryDirectory() as folder:
        variables = {
            **os.environ,
            "ASSISTANT_HOTE": "127.0.0.1",
            "ASSISTANT_PORT": str(free_port()),
            "ASSISTANT_PORT_ACTIONS": str(free_port()),
            "ASSISTANT_BASE": str(Path(folder) / "conversations.db"),
        }
        settings = Settings.read(variables)
        command = [sys.executable, "-m", "tools.run", "--discret", "--credentials", str(credentials)]
        # A session of its own: Ctrl-C is for what talks to the servers and then stops them.
        with subprocess.Popen(
            command, cwd=ROOT, env=variables, stdin=subprocess.DEVNULL, start_new_session=True
        ) as launcher:
            try:
                ready = wait_until_ready(settings, lambda: launcher.poll() is not None)
                yield settings if ready else None
            finally:
                launcher.terminate()


class Servers(Manager):  # type: ignore[misc]  # honcho has no types
    """honcho's manager of the processes in the Procfile.

    What it adds: it keeps honcho's own news to itself, remembers which process died unasked, stops when the terminal is
    closed, and can be stopped before honcho has heard of its processes' start (honcho 2.0 fails then and leaves them).

    Attributes:
        stopping: whether the processes were asked to stop.
        failure: why they stopped where nobody asked them to, in French; empty otherwise.
    """

    def __init__(self, variables: dict[str, str]) -> None:
        super().__init__(Printer(sys.stdout, time_format="%H:%M:%S"))
        self.stopping = False
        self.failure = ""
        for name, command in parse_procfile((ROOT / "Procfile").read_text()).processes.items():
            self.add_process(name, command, env=variables, cwd=str(ROOT))

    def loop(self) -> None:
        """Run all processes until one dies or SIGINT, SIGTERM or SIGHUP arrives; return when none is left."""
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
        super().loop()

    def terminate(self) -> None:
        """Stop all processes, as soon as they have started."""
        self.stopping = True
        if self._all_started():
            super().terminate()

    def _system_print(self, data: str) -> None:
        """Take honcho's news of its processes, such as "rasa stopped (rc=1)"."""
        name, _, what = data.partition(" ")
        if what.startswith("stopped") and not self.stopping:
            self.failure = f"{_NAMES.get(name, name)} s'est arrêté tout seul ; l'assistant est arrêté."
        elif what.startswith("started") and self.stopping:
            self.terminate()


@contextmanager
def stop_signals_interrupt() -> Iterator[None]:
    """Make SIGTERM and SIGHUP end what runs inside as Ctrl-C does, so that whatever it started is ended too."""
    before = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGHUP)}
    for name, handler in before.items():
        if handler is not signal.SIG_IGN:  # as `nohup` sets it
            signal.signal(name, signal.default_int_handler)
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def _check_port(host: str, port: int, variable: str) -> None:
    """Raise the line that names a port which cannot be listened on, and the variable that changes it."""
    try:
        with socket.create_server((host, port)):
            return
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            problem = (
                f"Le port {port} est déjà pris : arrêtez ce qui l'occupe, ou choisissez-en un autre avec {variable}"
            )
            raise StartError(f"{problem} (par exemple {variable}={port + 100} make run).") from None
        if error.errno == errno.EACCES:
            raise StartError(
                f"Le port {port} est réservé au système : choisissez-en un autre avec {variable}."
            ) from None
        raise StartError(f"L'adresse {host} n'est pas celle de cette machine : corrigez ASSISTANT_HOTE.") from None


def _check_room(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise StartError(f"Le dossier {folder} ne peut pas être créé : corrigez ASSISTANT_BASE.") from None
    free = shutil.disk_usage(folder).free
    if free < _ROOM_BYTES:
        problem = f"Il n'y a plus assez de place sur le disque pour les conversations : {free // 2**20} Mo libres"
        raise StartError(f"{problem} dans {folder}, il en faut {_ROOM_BYTES // 2**20}.")


def _answers(url: str) -> bool:
    try:
        with _open(url, timeout=5):
            return True
    except (OSError, HTTPException):
        return False
