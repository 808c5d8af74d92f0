"""A running assistant, started as `make run` does, and conversations with it over REST."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.as_it_comes import knowledge_as_it_comes
from tests.tools.conftest import Launcher
from tools.servers import address
from tools.train import ensure_model


@dataclass(frozen=True)
class Turn:
    """What came back for one message."""

    messages: list[dict[str, Any]]

    @property
    def text(self) -> str:
        return "\n".join(message.get("text", "") for message in self.messages)

    @property
    def buttons(self) -> list[dict[str, str]]:
        return [button for message in self.messages for button in message.get("buttons", [])]

    @property
    def answered(self) -> bool:
        return self.text.split("\n")[-1].startswith("Source :")


class Conversation:
    """One sender's conversation over REST."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self.sender = f"essai-{uuid.uuid4()}"

    def say(self, text: str) -> Turn:
        """Send a message; whatever it is, something comes back."""
        body = json.dumps({"sender": self.sender, "message": text})  # escaped: a lone surrogate can be sent too
        answer = self._client.post("/webhooks/rest/webhook", content=body, headers={"content-type": "application/json"})
        assert answer.status_code == 200, answer.text
        turn = Turn(answer.json())
        assert turn.text.strip()
        assert all(message["recipient_id"] == self.sender for message in turn.messages)
        return turn


@dataclass(frozen=True)
class Running:
    """A running assistant: its launcher, its own copy of the knowledge, a client."""

    launcher: Launcher
    knowledge: Path
    client: httpx.Client

    def conversation(self) -> Conversation:
        return Conversation(self.client)


def run_assistant(folder: Path, **variables: str) -> Iterator[Running]:
    """Start an assistant with a knowledge folder of its own, and stop it afterwards."""
    ensure_model()
    knowledge = knowledge_as_it_comes(folder / "knowledge")
    launcher = Launcher(folder, {"ASSISTANT_CONNAISSANCES": str(knowledge), **variables})
    try:
        launcher.wait_until_ready()
        with httpx.Client(base_url=address(launcher.settings), timeout=60, trust_env=False) as client:
            yield Running(launcher, knowledge, client)
    finally:
        launcher.close()


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The assistant that most tests talk to: none of them changes it."""
    yield from run_assistant(tmp_path_factory.mktemp("assistant"))


@pytest.fixture
def running_alone(tmp_path: Path) -> Iterator[Running]:
    """An assistant for a test that breaks something in it."""
    yield from run_assistant(tmp_path)


@pytest.fixture
def conversation(running: Running) -> Conversation:
    return running.conversation()


@pytest.fixture
def running_conversation(running: Running) -> Conversation:
    """A second conversation beside the first."""
    return running.conversation()
