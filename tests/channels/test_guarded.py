"""A guarded conversation: Rasa sees only what passed, the visitor always gets a reply, the log no text."""

import logging
import re
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Sanic

from assistant.knowledge.live import LiveKnowledge
from assistant.settings import ROOT, Settings
from channels import pause
from channels.guarded import GuardedHandler, payloads_offered, trace_without_texts
from channels.pause import Pause, pause_file, write_pause
from channels.texts import TEXTS
from channels.tracker_store import BoundedTrackerStore

SECRET = "quelquechosedesecret"
PAYLOAD = '/choix{"fait": "ocam.role"}'
BUTTONS = [{"title": "À quoi sert l'OCAM ?", "payload": PAYLOAD}]


class Rasa:
    """Stands where Rasa would: notes what it was given, and answers or fails as told."""

    def __init__(self, reply: dict[str, Any] | None = None, error: Exception | None = None) -> None:
        self.seen: list[str | None] = []
        self._reply = reply
        self._error = error

    async def __call__(self, message: UserMessage) -> None:
        self.seen.append(message.text)
        if self._reply and message.output_channel:
            await message.output_channel.send_response(message.sender_id, self._reply)
        if self._error:
            raise self._error


@pytest.fixture(autouse=True)
def pause_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file that would pause the assistant: never that of the assistant that somebody runs here."""
    monkeypatch.setenv("ASSISTANT_BASE", str(tmp_path / "conversations.db"))
    return pause_file(Settings.read())


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """Return the agent of the one Sanic app that there is, with a store in which `known` was offered a button."""
    store = BoundedTrackerStore(Domain.load(str(ROOT / "domain.yml")), db=str(tmp_path / "conversations.db"))
    monkeypatch.setattr(Sanic, "_app_registry", {})
    agent = Sanic("test_guarded").ctx.agent = SimpleNamespace(tracker_store=store)
    yield agent
    store.engine.dispose()


async def ask(rasa: Rasa, live: LiveKnowledge, text: Any, sender: str = "known", **settings: Any) -> list[str]:
    """Return the texts that come back for a message."""
    output = CollectingOutputChannel()
    await GuardedHandler(rasa, live, **settings)(UserMessage(text, output, sender))
    return [message["text"] for message in output.messages]


async def offer(agent: SimpleNamespace, sender: str = "known", then: int = 0) -> None:
    tracker = DialogueStateTracker(sender, agent.tracker_store.domain.slots)
    events = [SessionStarted(), BotUttered("Voulez-vous savoir :", {"buttons": BUTTONS})]
    tracker.update_with_events([*events, *(BotUttered("suite") for _ in range(then))], agent.tracker_store.domain)
    await agent.tracker_store.save(tracker)


async def test_a_reply_comes_back_alone(live: LiveKnowledge) -> None:
    rasa = Rasa({"text": "L'OCAM a été créée en 1990."})
    assert await ask(rasa, live, "Quand ?") == ["L'OCAM a été créée en 1990."]
    assert rasa.seen == ["Quand ?"]


async def test_when_nothing_is_said_an_apology_is(live: LiveKnowledge, caplog: pytest.LogCaptureFixture) -> None:
    assert await ask(Rasa(), live, SECRET) == [TEXTS["excuse"]]
    assert "serveur d'actions" in caplog.text
    assert SECRET not in caplog.text


async def test_an_error_becomes_an_apology_and_a_log_without_the_visitors_text(
    live: LiveKnowledge, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert await ask(Rasa(error=ValueError(f"cannot read {SECRET}")), live, SECRET) == [TEXTS["excuse"]]
    assert "ValueError" in caplog.text
    assert "test_guarded.py" in caplog.text, "the log says where it happened"
    assert SECRET not in caplog.text
    assert all(record.exc_info is None for record in caplog.records), "a traceback would hold the text"


async def test_an_error_after_the_reply_adds_no_apology(live: LiveKnowledge) -> None:
    assert await ask(Rasa({"text": "Bonjour !"}, RuntimeError(SECRET)), live, "bonjour") == ["Bonjour !"]


async def test_buttons_alone_count_as_a_reply(live: LiveKnowledge) -> None:
    assert TEXTS["excuse"] not in await ask(Rasa({"text": "", "buttons": BUTTONS}), live, "bonjour")


@pytest.mark.parametrize(
    ("text", "reply"), [("", "vide"), ("\u200b", "vide"), (None, "vide"), ("a" * 100_000, "trop_long")]
)
async def test_what_the_guard_stops_is_answered_and_never_reaches_rasa(
    live: LiveKnowledge, text: str | None, reply: str
) -> None:
    rasa = Rasa({"text": "Bonjour !"})
    assert await ask(rasa, live, text) == [TEXTS[reply].format(maximum=500)]
    assert rasa.seen == []


async def test_rasa_sees_no_address_but_the_knowledges(live: LiveKnowledge) -> None:
    rasa = Rasa({"text": "Bonjour !"})
    email = live.current.knowledge.contacts[0].email
    await ask(rasa, live, f"moi@exemple.fr ou {email} ?")
    assert rasa.seen == [f"{TEXTS['adresse_masquee']} ou {email} ?"]


@pytest.mark.parametrize("text", ["Quand ?", "", "/choix", "a" * 100_000, "j'ai peur", None])
async def test_while_paused_everything_gets_the_operators_line_and_whom_to_call(
    live: LiveKnowledge, pause_path: Path, text: str | None
) -> None:
    write_pause(pause_path, Pause("Revenez demain.", datetime.now().astimezone()))
    rasa = Rasa({"text": "Bonjour !"})
    assert await ask(rasa, live, text) == [f"Revenez demain.\n{TEXTS['urgence']}"]
    assert rasa.seen == []


async def test_a_paused_assistant_gives_the_services_that_the_operator_entered(
    tmp_path: Path, pause_path: Path
) -> None:
    folder = shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge")
    (folder / "urgences.yml").write_text('services:\n- {nom: Secours inventés, numero: "000", pays: FR}\n', "utf-8")
    write_pause(pause_path, Pause("", datetime.now().astimezone()))
    (said,) = await ask(Rasa(), LiveKnowledge(folder), "au secours")
    assert said == f"{TEXTS['pause']}\n{TEXTS['urgence']}\nSecours inventés (France) : 000"


@pytest.mark.parametrize("text", ["efface mes données", "Efface mes donnees !"])
async def test_a_pause_keeps_nobody_from_erasing(live: LiveKnowledge, pause_path: Path, text: str) -> None:
    write_pause(pause_path, Pause("", datetime.now().astimezone()))
    assert await ask(Rasa({"text": "C'est fait."}), live, text) == ["C'est fait."]


async def test_a_pause_begins_and_ends_while_the_handler_runs(
    live: LiveKnowledge, pause_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pause, "INTERVAL", 0.0)

    async def greet(message: UserMessage) -> None:
        await message.output_channel.send_response(message.sender_id, {"text": "Bonjour !"})

    handler, output = GuardedHandler(greet, live), CollectingOutputChannel()
    await handler(UserMessage("bonjour", output, "known"))
    write_pause(pause_path, Pause("Non.", datetime.now().astimezone()))
    await handler(UserMessage("bonjour", output, "known"))
    pause_path.unlink()
    await handler(UserMessage("bonjour", output, "known"))
    said = [message["text"] for message in output.messages]
    assert said == ["Bonjour !", f"Non.\n{TEXTS['urgence']}", "Bonjour !"]


async def test_rasa_sees_the_address_of_the_organisation_itself(tmp_path: Path) -> None:
    folder = shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge")
    (folder / "organisme.yml").write_text("organisme: {nom: Le club, courriel: ecrire@club.fr}\n", "utf-8")
    rasa = Rasa({"text": "Bonjour !"})
    await ask(rasa, LiveKnowledge(folder), "moi@exemple.fr ou ecrire@club.fr ?")
    assert rasa.seen == [f"{TEXTS['adresse_masquee']} ou ecrire@club.fr ?"]


@pytest.mark.parametrize("then", [0, 50])
async def test_an_offered_payload_reaches_rasa_even_much_later(
    live: LiveKnowledge, agent: SimpleNamespace, then: int
) -> None:
    await offer(agent, then=then)
    rasa = Rasa({"text": "Voici."})
    await ask(rasa, live, PAYLOAD)
    assert rasa.seen == [PAYLOAD]


@pytest.mark.parametrize(
    ("text", "sender"), [(PAYLOAD, "other"), ('/choix{"fait": "ocam.nom"}', "known"), ("/restart", "known")]
)
async def test_a_payload_that_this_conversation_was_not_offered_is_text(
    live: LiveKnowledge, agent: SimpleNamespace, text: str, sender: str
) -> None:
    await offer(agent)
    rasa = Rasa({"text": "Je ne sais pas."})
    await ask(rasa, live, text, sender)
    assert len(rasa.seen) == 1
    assert str(rasa.seen[0]).startswith(re.findall(r"\w+", text)[0])


async def test_a_command_passes_only_in_a_channel_that_allows_it(live: LiveKnowledge, agent: SimpleNamespace) -> None:
    rasa = Rasa({"text": "Parce que."})
    await ask(rasa, live, "/pourquoi", commands={"/pourquoi"})
    await ask(rasa, live, "/pourquoi")
    assert rasa.seen == ["/pourquoi", "pourquoi"]


async def test_a_store_that_is_down_does_not_leave_a_payload_without_a_reply(
    live: LiveKnowledge, agent: SimpleNamespace
) -> None:
    """A reply is never empty, whatever is down."""
    agent.tracker_store = None
    replies = await ask(Rasa({"text": "Bonjour !"}), live, PAYLOAD)
    assert replies in (["Bonjour !"], [TEXTS["excuse"]])


def test_the_payloads_of_all_buttons_are_found(agent: SimpleNamespace) -> None:
    tracker = DialogueStateTracker("a", agent.tracker_store.domain.slots)
    assert payloads_offered(tracker) == {}
    said = [BotUttered("rien"), BotUttered("choix", {"buttons": BUTTONS}), BotUttered("rien", {"buttons": None})]
    tracker.update_with_events(said, agent.tracker_store.domain)
    assert payloads_offered(tracker) == {PAYLOAD: "À quoi sert l'OCAM ?"}


def test_a_trace_has_type_and_place_but_no_text() -> None:
    try:
        raise KeyError(SECRET)
    except KeyError as error:
        trace = trace_without_texts(error)
    assert trace.startswith("KeyError (")
    assert "test_guarded.py" in trace
    assert SECRET not in trace
