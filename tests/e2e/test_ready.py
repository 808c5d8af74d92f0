"""An operator gets the assistant ready, as the guide says: what is missing, filled in through a pipe, and then said."""

import os
import subprocess
import sys

from assistant.settings import ROOT
from tests.e2e.conftest import Conversation, Running, Turn
from tests.tools.in_process import RunMain, run_main
from tests.tools.test_ready import ANSWERS, ORIGIN
from tests.waiting import eventually
from tools.ready.__main__ import main

__all__ = ["run_main"]  # a fixture

OWN, PAGE = "ecrire@club.fr", "https://club.fr/donnees"
PRESS = "aamaya@iom.int"


def wait_for(conversation: Conversation, question: str, part: str) -> Turn:
    """Ask until an edit of the knowledge has been taken up."""
    assert eventually(lambda: part in conversation.say(question).text)
    return conversation.say(question)


def test_what_an_operator_fills_in_is_said_to_visitors_at_once(running_alone: Running, run_main: RunMain) -> None:
    variables = {
        "ASSISTANT_CONNAISSANCES": str(running_alone.knowledge),
        "ASSISTANT_BASE": str(running_alone.launcher.settings.database),
    }
    before = run_main(main, **variables, ASSISTANT_ORIGINES="")
    assert before.returncode == 1
    assert before.stdout.count(": manque : ") == 7, "all but the secret, which the running assistant has made"
    said = wait_for(running_alone.conversation(), "À qui écrire ?", "la page invite")
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

    contact = wait_for(running_alone.conversation(), "À qui écrire ?", OWN).text
    assert contact.index(OWN) < contact.index(PRESS)
    assert contact.split("\n")[-1].startswith("Source : ")
    for question in ("Je veux parler à un humain", "How can I get a visa for my family?"):
        text = running_alone.conversation().say(question).text
        assert OWN in text
        assert PRESS not in text
    assert PAGE in running_alone.conversation().say("Que faites-vous de mes données ?").text
    assert f'PRIVACY = "{PAGE}"' in running_alone.client.get("/webhooks/website/organisation.js").text
    page = running_alone.client.get("/webhooks/website/").text
    assert OWN in page
    assert f'privacy="{PAGE}"' in page
