"""What all tests share: the project's own knowledge."""

from pathlib import Path

import pytest

from assistant.knowledge.base import Knowledge
from assistant.knowledge.live import LiveKnowledge
from assistant.settings import ROOT

FOLDER = ROOT / "knowledge"


@pytest.fixture(scope="session")
def knowledge_folder() -> Path:
    return FOLDER


@pytest.fixture(scope="session")
def live() -> LiveKnowledge:
    return LiveKnowledge(FOLDER)


@pytest.fixture(scope="session")
def knowledge(live: LiveKnowledge) -> Knowledge:
    return live.current.knowledge
