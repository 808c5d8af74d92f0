"""One running assistant with all messaging apps switched on, each against its stand-in."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx
import pytest

from tests.messaging.app import App
from tests.messaging.callback import Callback
from tests.messaging.messenger import Messenger
from tests.messaging.slack import Slack
from tests.messaging.standin import Shown
from tests.messaging.telegram import Telegram
from tests.messaging.twilio import TwilioSms, TwilioWhatsApp
from tests.messaging.whatsapp import Whatsapp
from tests.tools.conftest import Launcher
from tools.servers import address
from tools.train import ensure_model

APPS: tuple[type[App], ...] = (Telegram, TwilioSms, TwilioWhatsApp, Messenger, Whatsapp, Slack, Callback)
_numbers = count(1)


def fresh(word: str) -> str:
    """Return a name or an id that no other test has."""
    return f"{word}{next(_numbers):06}"


class Server:
    """An assistant that can be stopped and started again with what it keeps."""

    def __init__(self, folder: Path, apps: tuple[App, ...]) -> None:
        self._folder = folder
        self.apps = apps
        self.launcher: Launcher | None = None

    def start(self) -> None:
        variables = {name: value for app in self.apps for name, value in app.variables.items()}
        self.launcher = Launcher(self._folder, variables)
        self.launcher.wait_until_ready()
        for app in self.apps:
            app.client = httpx.Client(base_url=address(self.launcher.settings), timeout=60, trust_env=False)

    def stop(self) -> None:
        for app in self.apps:
            if app.client:
                app.client.close()
        if self.launcher:
            self.launcher.close()

    @property
    def log(self) -> str:
        assert self.launcher
        return self.launcher.output

    def logged(self, text: str) -> bool:
        """Return whether the log holds a text, or will in a moment."""
        assert self.launcher
        return self.launcher.logged(text)


@dataclass
class Person:
    """Somebody who writes in an app."""

    app: App
    id: str

    def __post_init__(self) -> None:
        self._seen = 0

    def ask(self, text: str, number: int = 1) -> list[Shown]:
        """Write, and return what comes back: at least so many messages, whatever else is shown before them."""
        assert self.app.text(self.id, text, fresh("m")).status_code == 200
        return self.new(number)

    def press(self, shown: Shown, place: int) -> list[Shown]:
        assert self.app.press(self.id, shown, place, fresh("m")).status_code == 200
        return self.new(1)

    def new(self, number: int) -> list[Shown]:
        seen = self.app.standin.wait(self.id, self._seen + number)
        new, self._seen = seen[self._seen :], len(seen)
        return new

    def greet(self) -> "Person":
        """Say hello, so that the presentation is out of the way."""
        self.ask("bonjour", 2)
        return self


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    ensure_model()
    server = Server(tmp_path_factory.mktemp("messaging"), tuple(kind() for kind in APPS))
    server.start()
    yield server
    server.stop()
    for app in server.apps:
        app.standin.close()


@pytest.fixture(params=APPS, ids=lambda kind: kind.name)
def app(request: pytest.FixtureRequest, server: Server) -> App:
    """Each app in turn; it begins without faults."""
    app = next(app for app in server.apps if type(app) is request.param)
    app.standin.refused.clear()
    return app


@pytest.fixture
def person(app: App) -> Person:
    return Person(app, app.person(fresh("p")))
