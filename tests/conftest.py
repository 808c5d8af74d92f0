"""What all tests share: the project's own knowledge, without what its operator filled in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.knowledge.base import Knowledge
from assistant.knowledge.live import LiveKnowledge
from tests.as_it_comes import knowledge_as_it_comes


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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file on one worker, and those of `tests/evaluation`, which measure once for all of them."""
    for item in items:
        folder = item.path.parent
        item.add_marker(pytest.mark.xdist_group(str(folder if folder.name == "evaluation" else item.path)))
