"""The evaluation over REST: it reads the replies of a running assistant, and they are those measured in process."""

import httpx
import pytest

from assistant.knowledge.base import Knowledge
from assistant.settings import ROOT
from evaluation.questions import read_questions
from evaluation.replies import ReplyReader
from evaluation.responses import read_responses
from evaluation.rest import PATH, RestError, asking
from evaluation.scoring import run
from evaluation.understanding import Assistant, read_model
from tests.e2e.conftest import Running
from tools.servers import address, free_port
from tools.train import ensure_model


@pytest.fixture(scope="module")
def reader(knowledge: Knowledge) -> ReplyReader:
    return ReplyReader(knowledge, read_responses())


def test_rest_gives_what_is_measured_in_process(running: Running, knowledge: Knowledge, reader: ReplyReader) -> None:
    """A part of the questions of each kind, the first turn of conversations too."""
    of_dev = read_questions(knowledge, "dev")
    kinds = {one[0].kind for one in of_dev}
    some = [one for kind in sorted(kinds) for one in [each for each in of_dev if each[0].kind == kind][:8]]
    direct = run(some, Assistant(read_model(ensure_model()).classifier, ROOT / "knowledge").ask, "")
    with asking(reader, address(running.launcher.settings) + PATH) as ask:
        assert run(some, ask, "", workers=2) == direct


def test_an_address_where_nobody_answers_is_told(reader: ReplyReader) -> None:
    with asking(reader, f"http://127.0.0.1:{free_port()}") as ask, pytest.raises(RestError, match="ne répond pas"):
        ask(["Bonjour"])


def test_a_reply_that_cannot_be_read_is_told(running: Running, knowledge: Knowledge) -> None:
    nothing_known = ReplyReader(knowledge, {})
    with (
        asking(nothing_known, address(running.launcher.settings)) as ask,
        pytest.raises(RestError, match="d'aucune sorte connue"),
    ):
        ask(["Bonjour"])


@pytest.mark.parametrize("body", ["<html></html>", '{"detail": "perdu"}'])
def test_what_is_no_assistant_is_told(body: str, reader: ReplyReader, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = httpx.Response(200, text=body, request=httpx.Request("POST", "http://ailleurs"))
    monkeypatch.setattr(httpx.Client, "post", lambda *_, **__: answer)
    with asking(reader, "http://ailleurs") as ask, pytest.raises(RestError, match="n'est pas un assistant"):
        ask(["Bonjour"])
