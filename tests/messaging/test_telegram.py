"""Telegram: its limits on all that can be said, its buttons, its commands, and a start without a network."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import httpx
import pytest

from assistant.dialogue.records import OTHER
from assistant.dialogue.wording import buttons_for
from assistant.knowledge.base import Knowledge
from assistant.names import CONTACT
from channels.messaging.connector import Incoming, Kind
from channels.messaging.rendering import Said
from channels.telegram import DATA_LIMIT, Telegram
from channels.texts import TEXTS
from tests.messaging.conftest import Person, Server, fresh
from tests.messaging.everything import everything
from tests.messaging.standin import Shown
from tests.messaging.telegram import SECRET, TOKEN, BotApi
from tests.messaging.telegram import Telegram as Driver
from tests.tools.conftest import Launcher
from tools.servers import address, free_port
from tools.train import ensure_model

Start = Callable[..., Launcher]


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BotApi]:
    monkeypatch.setenv("ASSISTANT_BASE", str(tmp_path / "conversations.db"))
    standin = BotApi()
    yield standin
    standin.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Return a function that starts an assistant of one's own."""
    ensure_model()
    launchers: list[Launcher] = []

    def _start(**variables: str) -> Launcher:
        launchers.append(Launcher(tmp_path, variables))
        launchers[-1].wait_until_ready()
        return launchers[-1]

    yield _start
    for launcher in launchers:
        launcher.close()


@pytest.fixture
def driver(server: Server) -> Driver:
    found = next(app for app in server.apps if isinstance(app, Driver))
    found.standin.refused.clear()
    return found


@pytest.fixture
def person(driver: Driver) -> Person:
    return Person(driver, driver.person(fresh("p")))


async def show(api: BotApi, said: Sequence[Said]) -> list[Shown]:
    """Show something to somebody new, and return what is seen."""
    connector = Telegram({"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_SECRET": SECRET, "TELEGRAM_API": api.url})
    chat = str(len(api.calls) + 1)
    await connector.show(Incoming("1", chat, Kind.TEXT), said)
    return api.seen_by(chat)


@pytest.mark.parametrize("name, said", everything(), ids=lambda one: one if isinstance(one, str) else "")
async def test_all_that_can_be_said_is_taken_whole(api: BotApi, name: str, said: Said) -> None:
    shown = await show(api, [said])
    assert api.refused == []
    assert "\n".join(one.text for one in shown) == said.text
    assert [label for one in shown for label, _ in one.buttons] == [choice.title for choice in said.choices]


def test_each_choice_fits_into_a_button(knowledge: Knowledge) -> None:
    buttons = buttons_for((*knowledge.facts, CONTACT, OTHER), knowledge)
    assert len(buttons) == len(knowledge.facts) + 2
    assert [button for button in buttons if len(button.payload.encode()) > DATA_LIMIT] == []


async def test_a_long_text_comes_in_parts_with_the_buttons_below_the_last(api: BotApi) -> None:
    choices = next(said.choices for _, said in everything() if said.choices)
    shown = await show(api, [Said("mot " * 3000, choices)])
    assert api.refused == []
    assert len(shown) == 3
    assert [bool(one.buttons) for one in shown] == [False, False, True]
    assert " ".join(one.text for one in shown).split() == ["mot"] * 3000


async def test_links_get_no_preview_and_nothing_is_read_as_markup(api: BotApi) -> None:
    await show(api, [Said("*Voir* <b>_https://www.exemple.org/a_b_</b>")])
    body = json.loads(api.calls[0].body)
    assert body.keys() == {"chat_id", "text", "link_preview_options"}
    assert body["link_preview_options"] == {"is_disabled": True}


async def test_the_spinner_stops_before_the_answer(api: BotApi) -> None:
    api.callbacks.add("c1")
    connector = Telegram({"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_SECRET": SECRET, "TELEGRAM_API": api.url})
    await connector.show(Incoming("1", "42", Kind.PAYLOAD, "", {"callback": "c1"}), [Said("Voici.")])
    assert [call.path.rpartition("/")[2] for call in api.calls] == ["answerCallbackQuery", "sendMessage"]
    assert api.answered == ["c1"]


async def test_a_press_that_is_too_old_for_the_spinner_is_answered(api: BotApi) -> None:
    connector = Telegram({"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_SECRET": SECRET, "TELEGRAM_API": api.url})
    await connector.show(Incoming("1", "42", Kind.PAYLOAD, "", {"callback": "ancien"}), [Said("Voici.")])
    assert [shown.text for shown in api.seen_by("42")] == ["Voici."]
    assert len(api.refused) == 1


def test_an_old_press_is_answered_in_a_running_assistant(driver: Driver, person: Person) -> None:
    (choices,) = person.greet().ask("création")
    id = fresh("m")
    driver.press(person.id, choices, 0, id)
    (answer,) = person.new(1)
    assert "Source : " in answer.text
    assert driver.standin.answered.count(id) == 1
    old = {"id": "ancien", "from": {"id": int(person.id)}, "chat_instance": "-7", "data": choices.buttons[1][1]}
    message = {"message_id": 1, "date": 0, "chat": {"id": int(person.id), "type": "private"}}
    assert driver._update({"callback_query": {**old, "message": message}}, fresh("m")).status_code == 200
    assert "Source : " in person.new(1)[0].text
    assert driver._update({"callback_query": old}, fresh("m")).status_code == 200, "without its message"
    assert "Source : " in person.new(1)[0].text


@pytest.mark.parametrize("command", ["/start", "/start depuis_le_site", "/start\n"])
def test_who_opens_the_bot_is_greeted(person: Person, command: str) -> None:
    first, greeting = person.ask(command, 2)
    assert first.text == TEXTS["presentation"]
    assert greeting.text.startswith("Bonjour")


def test_another_command_is_no_way_into_the_assistant(person: Person) -> None:
    said = person.greet().ask("/restart")
    assert said and "Traceback" not in said[0].text
    assert "1990" in person.ask("Quand l'OCAM a-t-elle été créée ?")[0].text


def test_the_token_and_the_secret_are_in_no_log(driver: Driver, person: Person, server: Server) -> None:
    person.greet()
    for part in (TOKEN, TOKEN.partition(":")[2], SECRET):
        assert part not in server.log


@pytest.mark.parametrize("kind", ["voice", "sticker", "location", "document", "video_note", "contact"])
def test_what_is_no_text_gets_a_line(driver: Driver, person: Person, kind: str) -> None:
    update = {"message": {**driver._head(person.id, "1"), kind: {}}}
    assert driver._update(update, fresh("m")).status_code == 200
    assert person.new(1)[-1].text == TEXTS["sans_texte"]


def test_a_bot_is_not_answered(driver: Driver, person: Person) -> None:
    head = driver._head(person.id, "1")
    update = {"message": {**head, "from": {**head["from"], "is_bot": True}, "text": "bonjour"}}
    assert driver._update(update, fresh("m")).status_code == 200
    assert driver.standin.seen_by(person.id) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"update_id": 1, "message": "zorglub"}', b"[" * 100_000])
def test_what_is_no_update_is_refused_without_a_text(driver: Driver, server: Server, body: bytes) -> None:
    headers = {"content-type": "application/json", "x-telegram-bot-api-secret-token": SECRET}
    answer = driver.post(body, headers)
    assert (answer.status_code, answer.text) == (400, TEXTS["requete_canal_illisible"])
    assert "zorglub" not in server.log


def test_it_starts_without_a_network_and_answers_elsewhere(start: Start) -> None:
    unreachable = f"http://127.0.0.1:{free_port()}"
    launcher = start(TELEGRAM_TOKEN=TOKEN, TELEGRAM_SECRET=SECRET, TELEGRAM_API=unreachable)
    with httpx.Client(base_url=address(launcher.settings), timeout=60, trust_env=False) as client:
        update = {"update_id": 1, "message": {"chat": {"id": 4242424242}, "text": "Que veut dire le sigle OCAM ?"}}
        headers = {"x-telegram-bot-api-secret-token": SECRET}
        assert client.post("/webhooks/telegram/webhook", json=update, headers=headers).status_code == 200
        answer = client.post("/webhooks/rest/webhook", json={"sender": "moi", "message": "Que veut dire OIM ?"})
        assert "Source : " in answer.json()[0]["text"]
    assert launcher.logged("ConnectError")
    assert "4242424242" not in launcher.output
    assert "sigle OCAM" not in launcher.output
    assert TOKEN not in launcher.output


def test_without_its_variables_it_is_closed(start: Start) -> None:
    launcher = start(TELEGRAM_TOKEN="", TELEGRAM_SECRET=SECRET)
    with httpx.Client(base_url=address(launcher.settings), timeout=60, trust_env=False) as client:
        answer = client.post("/webhooks/telegram/webhook", json={}, headers={"x-telegram-bot-api-secret-token": SECRET})
        assert (answer.status_code, answer.text) == (404, TEXTS["canal_ferme"])
