"""What all tests share: the project's own knowledge, without what its operator filled in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from assistant.knowledge.base import Knowledge
from assistant.knowledge.live import LiveKnowledge
from tests.as_it_comes import knowledge_as_it_comes

EVALUATION = "tests/evaluation/"


@pytest.fixture(scope="session", autouse=True)
def knowledge_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What assistants know that tests run: an operator's own address and page break none of them."""
    folder = knowledge_as_it_comes(tmp_path_factory.mktemp("project") / "knowledge")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ASSISTANT_CONNAISSANCES", str(folder))
        yield folder


@pytest.fixture(scope="session")
def live(knowledge_folder: Path) -> LiveKnowledge:
    return LiveKnowledge(knowledge_folder)


@pytest.fixture(scope="session")
def knowledge(live: LiveKnowledge) -> Knowledge:
    return live.current.knowledge


class ByFile(LoadScopeScheduling):
    """Keeps the tests of a file on one worker, and those of `tests/evaluation`, which measure once for all of them.

    The marks for this, `xdist_group`, have no effect from pytest 9.2 on: pytest-xdist issue 1386.
    """

    def _split_scope(self, nodeid: str) -> str:
        file, *_ = nodeid.split("::")
        return EVALUATION if file.startswith(EVALUATION) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    return ByFile(config, log)
