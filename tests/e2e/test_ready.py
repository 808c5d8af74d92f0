"""An operator gets the assistant ready, as the guide says: what is missing, filled in through a pipe, and then said."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from assistant.settings import ROOT
from tests.as_it_comes import FILLED, knowledge_as_it_comes
from tests.e2e.conftest import Conversation, Running, Turn, run_assistant
from tests.tools.in_process import RunMain, run_main
from tests.tools.test_ready import ANSWERS, ORIGIN
from tools.ready.__main__ import main

__all__ = ["run_main"]  # a fixture

OWN, PAGE = "ecrire@club.fr", "https://club.fr/donnees"
PRESS = "aamaya@iom.int"
#: Longer than a running assistant leaves its files unread.
PATIENCE_SECONDS = 10.0


@pytest.fixture
def operated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An assistant that nobody has put online yet."""
    for running in run_assistant(tmp_path_factory.mktemp("assistant")):
        come = knowledge_as_it_comes(running.knowledge.with_name("come"))
        for name in FILLED:
            (running.knowledge / name).write_bytes((come / name).read_bytes())
        yield running


def wait_for(conversation: Conversation, question: str, part: str) -> Turn:
    """Ask until an edit of the knowledge has been taken up."""
    end = time.monotonic() + PATIENCE_SECONDS
    turn = conversation.say(question)
    while part not in turn.text and time.monotonic() < end:
        time.sleep(0.2)
        turn = conversation.say(question)
    return turn


def test_what_an_operator_fills_in_is_said_to_visitors_at_once(operated: Running, run_main: RunMain) -> None:
    variables = {
        "ASSISTANT_CONNAISSANCES": str(operated.knowledge),
        "ASSISTANT_BASE": str(operated.launcher.settings.database),
    }
    before = run_main(main, **variables, ASSISTANT_ORIGINES="")
    assert before.returncode == 1
    assert before.stdout.count(": manque : ") == 7, "all but the secret, which the running assistant has made"
    said = wait_for(operated.conversation(), "À qui écrire ?", "la page invite")
    assert PRESS in said.text

    filled = subprocess.run(
        [sys.executable, "-m", "tools.quietly", "tools.ready", "--remplir"],
        cwd=ROOT,
        env={**os.environ, **variables},
        input="".join(f"{answer}\n" for answer in ANSWERS),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert filled.stderr == ""
    assert f"ASSISTANT_ORIGINES={ORIGIN}" in filled.stdout
    after = run_main(main, **variables, ASSISTANT_ORIGINES=ORIGIN)
    assert (after.returncode, "Rien ne manque" in after.stdout) == (0, True), after.stdout

    contact = wait_for(operated.conversation(), "À qui écrire ?", OWN).text
    assert contact.index(OWN) < contact.index(PRESS)
    assert contact.split("\n")[-1].startswith("Source : ")
    for question in ("Je veux parler à un humain", "How can I get a visa for my family?"):
        text = operated.conversation().say(question).text
        assert OWN in text
        assert PRESS not in text
    assert PAGE in operated.conversation().say("Que faites-vous de mes données ?").text
    assert f'PRIVACY = "{PAGE}"' in operated.client.get("/webhooks/website/organisation.js").text
    page = operated.client.get("/webhooks/website/").text
    assert OWN in page
    assert f'privacy="{PAGE}"' in page
