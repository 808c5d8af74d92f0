"""The trained model, asked once what the evaluation asks."""

import pytest

from assistant.knowledge.base import Knowledge
from assistant.settings import ROOT
from evaluation.questions import HALVES, Conversation, read_questions
from evaluation.scoring import Scored, run
from evaluation.understanding import Assistant, read_model
from tools.train import ensure_model


@pytest.fixture(scope="session")
def assistant() -> Assistant:
    return Assistant(read_model(ensure_model()).classifier, ROOT / "knowledge")


@pytest.fixture(scope="session")
def conversations(knowledge: Knowledge) -> list[Conversation]:
    """Return what both halves ask."""
    return [one for half in HALVES for one in read_questions(knowledge, half)]


@pytest.fixture(scope="session")
def scored(assistant: Assistant, conversations: list[Conversation]) -> list[Scored]:
    """Return what comes of all questions today."""
    return run(conversations, assistant.ask, "")
