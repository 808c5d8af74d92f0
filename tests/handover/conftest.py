"""A running assistant whose organisation answers in Chatwoot, with the website and Telegram as its channels."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.as_it_comes import knowledge_as_it_comes
from tests.e2e.conftest import Running
from tests.e2e.test_website import Visitor
from tests.handover.chatwoot import Chatwoot
from tests.messaging.conftest import Person, fresh
from tests.messaging.telegram import Telegram
from tests.tools.conftest import Launcher
from tools.servers import address
from tools.train import ensure_model

WHEN = "Quand l'OCAM a-t-elle été créée ?"
ASKED = "Je veux parler à quelqu'un"


class Office:
    """An assistant that can be stopped and started again with what it keeps, Chatwoot, and Telegram."""

    def __init__(self, folder: Path, **variables: str) -> None:
        ensure_model()
        self.chatwoot = Chatwoot()
        self.telegram = Telegram()
        self._folder = folder
        self._knowledge = knowledge_as_it_comes(folder / "knowledge")
        self._variables = {**self.chatwoot.variables, **self.telegram.variables, **variables}
        self._variables["ASSISTANT_CONNAISSANCES"] = str(self._knowledge)

    def start(self) -> None:
        launcher = Launcher(self._folder, self._variables)
        launcher.wait_until_ready()
        client = httpx.Client(base_url=address(launcher.settings), timeout=60, trust_env=False)
        self.running = Running(launcher, self._knowledge, client)
        self.telegram.client = client
        self.chatwoot.webhook = f"{address(launcher.settings)}/webhooks/chatwoot/webhook"

    def stop(self) -> None:
        self.running.client.close()
        self.running.launcher.close()

    @property
    def log(self) -> str:
        return self.running.launcher.output

    def logged(self, text: str) -> bool:
        """Return whether the log holds a text, or will in a moment."""
        return self.running.launcher.logged(text)

    def close(self) -> None:
        self.stop()
        self.chatwoot.close()
        self.telegram.standin.close()


@dataclass
class Guest(Visitor):
    """A visitor of the website who may be answered by a person."""

    after: int = 0

    def says(self, text: str) -> str:
        """Say something; return what is said at once."""
        return self.text(text)

    def offered(self, text: str = ASKED) -> dict[str, str]:
        """Ask for a person; return what is offered: payloads by title."""
        return {one["title"]: one["payload"] for message in self.ask(text)["messages"] for one in message["buttons"]}

    def handed_over(self) -> "Guest":
        """Have the conversation handed over."""
        answer = self.ask(self.offered()["Parler à une personne"])
        assert answer["person"] is True, answer
        return self

    def new(self) -> tuple[list[str], bool]:
        """Return what came since, and whether a person still has the conversation."""
        answer = self.post("replies", {"conversation": self.token, "after": self.after})
        assert answer.status_code == 200, answer.text
        messages = answer.json()["messages"]
        self.after = max([self.after, *(one["id"] for one in messages)])
        return [one["text"] for one in messages], answer.json()["person"]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office that most tests share; none of them stops it."""
    office = Office(tmp_path_factory.mktemp("office"))
    office.start()
    yield office
    office.close()


@pytest.fixture(autouse=True)
def nothing_is_refused(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever is called, Chatwoot takes it, unless a test breaks it."""
    yield
    if "office" in request.fixturenames:
        chatwoot: Chatwoot = request.getfixturevalue("office").chatwoot
        refused, chatwoot.refused = chatwoot.refused, []
        assert refused == []


@pytest.fixture
def guest(office: Office) -> Guest:
    return Guest(office.running)


@pytest.fixture
def person(office: Office) -> Person:
    return Person(office.telegram, office.telegram.person(fresh("p"))).greet()
