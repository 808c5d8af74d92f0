"""Widgets over Socket.IO: a real client against a real server, with the channel registered as Rasa does it."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import jwt
import pytest
from rasa.core.channels.channel import UserMessage, register
from sanic import Sanic
from socketio import AsyncClient
from socketio.exceptions import ConnectionError as Refused

from assistant.names import READING
from assistant.understanding.records import Reading
from channels import pace
from channels.guard import MAX_LENGTH
from channels.guarded import HANDED_OVER
from channels.handover.desk import handover_desk
from channels.messaging.sending import NotSent
from channels.pace import Pace, Verdict
from channels.socketio import MAX_BYTES, GuardedSocketIO
from channels.texts import TEXTS
from tests.handover.chatwoot import Chatwoot
from tools.servers import free_port

SECRET = "quelquechosedesecret"
SITE = "https://www.exemple.org"
PAYLOAD = '/choix{"fait": "ocam.role"}'
BUTTONS = [{"title": "À quoi sert l'OCAM ?", "payload": PAYLOAD}]
TRANSPORTS = ("polling", "websocket")
#: No test waits longer for anything, in seconds.
PATIENCE = 60.0


class Agent:
    """Stands where Rasa would: notes what it was given, and answers as told."""

    def __init__(self) -> None:
        self.seen: list[UserMessage] = []
        self.reply: dict[str, Any] = {"text": "Voici."}
        self.error: Exception | None = None
        self.tracker_store = SimpleNamespace(retrieve_full_tracker=self._no_tracker)

    async def handle_message(self, message: UserMessage) -> None:
        self.seen.append(message)
        if self.error:
            raise self.error
        if self.reply and message.output_channel:
            await message.output_channel.send_response(message.sender_id, dict(self.reply))

    async def parse_message(self, text: str) -> dict[str, Any]:
        return {"text": text, READING: Reading().as_dict()}

    async def _no_tracker(self, sender_id: str) -> None:
        return None

    @property
    def texts(self) -> list[str | None]:
        return [message.text for message in self.seen]

    @property
    def senders(self) -> list[str]:
        return [message.sender_id for message in self.seen]


@dataclass
class Widget:
    """A widget in a browser."""

    url: str
    namespace: str = "/"
    token: str = ""
    said: "asyncio.Queue[dict[str, Any]]" = field(default_factory=asyncio.Queue)
    confirmed: "asyncio.Queue[str]" = field(default_factory=asyncio.Queue)

    def __post_init__(self) -> None:
        self.client = AsyncClient(reconnection=False, handle_sigint=False)
        self.client.on("bot_uttered", self.said.put, namespace=self.namespace)
        self.client.on("session_confirm", self.confirmed.put, namespace=self.namespace)

    async def connect(self, transport: str = "websocket", origin: str | None = None, auth: Any = None) -> None:
        await self.client.connect(
            self.url,
            transports=[transport],
            headers={"Origin": origin} if origin else {},
            namespaces=[self.namespace],
            auth=auth,
            wait_timeout=PATIENCE,
        )

    async def emit(self, event: str, data: Any = None) -> None:
        await self.client.emit(event, data, namespace=self.namespace)

    async def start(self, data: Any = None) -> str:
        """Ask for a conversation, and return the token that comes back."""
        await self.emit("session_request", data)
        self.token = await asyncio.wait_for(self.confirmed.get(), PATIENCE)
        return self.token

    async def say(self, text: object, token: object = None) -> None:
        await self.emit("user_uttered", {"message": text, "session_id": self.token if token is None else token})

    async def hear(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.said.get(), PATIENCE)

    async def ask(self, text: object, token: object = None) -> str:
        await self.say(text, token)
        return str((await self.hear())["text"])

    async def close(self) -> None:
        """Leave as a closed window does: without a word, and without waiting for a poll to end."""
        await asyncio.wait_for(self.client.eio.disconnect(abort=True), PATIENCE)

    async def is_gone(self) -> None:
        await asyncio.wait_for(self.client.wait(), PATIENCE)


@dataclass
class Site:
    """A running server, and the widgets that were opened on it."""

    url: str
    agent: Agent
    namespace: str
    server: Any
    widgets: list[Widget] = field(default_factory=list)

    async def open(self, transport: str = "websocket", origin: str | None = None, auth: Any = None) -> Widget:
        self.widgets.append(Widget(self.url, self.namespace))
        await self.widgets[-1].connect(transport, origin, auth)
        return self.widgets[-1]


Serve = Callable[..., Awaitable[Site]]


@pytest.fixture
async def serve(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> AsyncIterator[Serve]:
    """Return a function that starts a server with some lines of `credentials.yml`."""
    monkeypatch.setattr(Sanic, "_app_registry", {})
    monkeypatch.setattr(Sanic, "test_mode", True)  # or it rewrites its own classes, which it can only once in a process
    monkeypatch.setenv("ASSISTANT_SECRET", "s" * 32)
    monkeypatch.setenv("ASSISTANT_BASE", str(tmp_path / "conversations.db"))
    monkeypatch.delenv("ASSISTANT_ORIGINES", raising=False)
    caplog.set_level(logging.DEBUG)
    servers: list[Any] = []  # Sanic's own annotations are partial
    sites: list[Site] = []

    async def start(**credentials: Any) -> Site:
        app = Sanic(f"test_socketio_{len(servers)}", configure_logging=False)
        app.ctx.agent = agent = Agent()
        register([GuardedSocketIO.from_credentials({"session_persistence": True} | credentials)], app, "/webhooks/")
        port = free_port()
        server: Any = await app.create_server("127.0.0.1", port, return_asyncio_server=True, access_log=False)
        assert server
        await server.startup()
        await server.before_start()
        servers.append(server)
        sites.append(Site(f"http://127.0.0.1:{port}", agent, credentials.get("namespace") or "/", server))
        return sites[-1]

    yield start
    for widget in (widget for site in sites for widget in site.widgets):
        await widget.close()
    for server in servers:
        server.close()
        await asyncio.wait_for(server.wait_closed(), PATIENCE)


@pytest.fixture
async def site(serve: Serve) -> Site:
    return await serve()


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_question_gets_its_answer(site: Site, transport: str) -> None:
    """With `session_persistence: true` Rasa alone never answers."""
    widget = await site.open(transport)
    await widget.start()
    assert await widget.ask("Que fait l'OIM ?") == "Voici."
    assert site.agent.texts == ["Que fait l'OIM ?"]
    assert site.agent.seen[0].input_channel == "socketio"


async def test_a_widget_that_begins_with_polling_goes_on_with_a_websocket(site: Site) -> None:
    widget = Widget(site.url)
    site.widgets.append(widget)
    await widget.client.connect(site.url, wait_timeout=PATIENCE)
    assert widget.client.transport() == "websocket"
    await widget.start()
    assert await widget.ask("Que fait l'OIM ?") == "Voici."


async def test_without_persistence_each_connection_is_a_conversation_of_its_own(serve: Serve) -> None:
    site = await serve(session_persistence=False)
    one, other = await site.open(), await site.open()
    token = await one.start()
    assert await one.ask("Que fait l'OIM ?") == "Voici."
    assert await other.ask("Et l'OCAM ?", token) == "Voici."
    assert len(set(site.agent.senders)) == 2
    assert one.said.empty()


async def test_a_reply_in_paragraphs_arrives_whole_and_in_order(site: Site) -> None:
    site.agent.reply = {"text": "Un.\n\nDeux.\n\nSource : trois."}
    widget = await site.open()
    await widget.start()
    await widget.say("Que fait l'OIM ?")
    assert [(await widget.hear())["text"] for _ in range(3)] == ["Un.", "Deux.", "Source : trois."]


async def test_buttons_arrive_with_title_and_payload(site: Site) -> None:
    site.agent.reply = {"text": "Voulez-vous savoir :", "buttons": BUTTONS}
    widget = await site.open()
    await widget.start()
    await widget.say("l'OCAM")
    heard = await widget.hear()
    assert heard["text"] == "Voulez-vous savoir :"
    assert heard["quick_replies"] == [{"content_type": "text", **BUTTONS[0]}]


async def test_a_widget_with_a_namespace_and_events_of_its_own_is_answered(serve: Serve) -> None:
    site = await serve(namespace="/oim", user_message_evt="question")
    widget = await site.open()
    await widget.start()
    await widget.emit("question", {"message": "Que fait l'OIM ?", "session_id": widget.token})
    assert (await widget.hear())["text"] == "Voici."
    site.agent.reply = {"custom": {"carte": "Paris"}}
    await widget.emit("question", {"message": "Où ?", "session_id": widget.token})
    assert await widget.hear() == {"carte": "Paris"}


async def test_whoever_comes_back_finds_the_conversation_again(site: Site) -> None:
    widget = await site.open()
    token = await widget.start()
    await widget.ask("Que fait l'OIM ?")
    await widget.close()
    again = await site.open()
    assert await again.start({"session_id": token}) == token
    assert await again.ask("et depuis quand ?") == "Voici."
    assert len(set(site.agent.senders)) == 1


async def test_two_windows_of_one_visitor_show_the_same_conversation(site: Site) -> None:
    one, other = await site.open(), await site.open()
    await other.start({"session_id": await one.start()})
    await one.ask("Que fait l'OIM ?")
    assert (await other.hear())["text"] == "Voici."


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"session_id": None},
        {"session_id": "quelqu'un"},
        {"session_id": 3},
        {"session_id": ["a"]},
        [],
        "x",
        7,
        b"x",
    ],
)
async def test_a_session_that_we_did_not_make_is_replaced(site: Site, data: Any) -> None:
    widget = await site.open()
    if isinstance(data, bytes):  # a binary packet: nobody hears it, and the connection goes on
        await widget.emit("session_request", data)
        data = None
    token = await widget.start(data)
    assert token
    assert not isinstance(data, dict) or token != data.get("session_id")
    assert await widget.ask("Que fait l'OIM ?") == "Voici."


async def test_a_stranger_neither_writes_into_a_conversation_nor_reads_it(site: Site) -> None:
    """Not with the id that stands in the store, nor with a token that this connection has not confirmed."""
    victim, stranger = await site.open(), await site.open()
    token = await victim.start()
    await victim.ask("Que fait l'OIM ?")
    conversation = site.agent.senders[0]
    assert conversation not in (token, "")
    for chosen in (conversation, f"{conversation}.{token.split('.')[1][::-1]}", "", None):
        assert await stranger.start({"session_id": chosen}) != chosen
        assert await stranger.ask("efface mes données", conversation) == TEXTS["session_inconnue"]
    assert await stranger.ask("efface mes données", token) == TEXTS["session_inconnue"]
    assert len(site.agent.seen) == 1
    await victim.ask("et depuis quand ?")
    await stranger.ask("Que fait l'OIM ?")
    assert stranger.said.empty()
    assert victim.said.empty()
    assert len(set(site.agent.senders)) == 2


@pytest.mark.parametrize("token", [None, "", 3, [], {}, "quelqu'un", "\ud800"])
async def test_a_message_without_a_session_of_ours_is_dropped_and_said(site: Site, token: object) -> None:
    widget = await site.open()
    await widget.emit("user_uttered", {"message": "Que fait l'OIM ?", "session_id": token})
    assert (await widget.hear())["text"] == TEXTS["session_inconnue"]
    assert site.agent.seen == []


async def test_a_connection_has_one_conversation_at_a_time(site: Site) -> None:
    """Or a stranger could have one kept for each request."""
    widget = await site.open()
    first = await widget.start()
    await widget.start()
    assert await widget.ask("Que fait l'OIM ?", first) == TEXTS["session_inconnue"]
    assert await widget.ask("Que fait l'OIM ?") == "Voici."


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("origin", ["https://ailleurs.example", "null", f"{SITE}.ailleurs.example", "http://127.0.0.1"])
@pytest.mark.parametrize("origins", [None, [SITE]])
async def test_a_foreign_site_is_refused(serve: Serve, transport: str, origin: str, origins: list[str] | None) -> None:
    site = await serve(origins=origins)
    with pytest.raises(Refused):
        await site.open(transport, origin)
    await site.open(transport)  # it was not for another reason


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_site_that_is_named_and_our_own_pages_connect(serve: Serve, transport: str) -> None:
    site = await serve(origins=[SITE + "/"])
    for origin in (SITE, site.url):
        widget = await site.open(transport, origin)
        await widget.start()
        assert await widget.ask("Que fait l'OIM ?") == "Voici."


async def test_our_own_pages_connect_through_a_proxy(site: Site) -> None:
    headers = {"Origin": SITE, "X-Forwarded-Proto": "https", "X-Forwarded-Host": "www.exemple.org"}
    async with aiohttp.ClientSession() as session, session.get(f"{site.url}/socket.io/?EIO=4", headers=headers) as got:
        assert got.status == 200


async def test_a_foreign_site_cannot_join_a_connection_that_stands(serve: Serve) -> None:
    site = await serve(origins=[SITE])
    url = f"{site.url}/socket.io/?EIO=4&transport=polling"
    async with aiohttp.ClientSession() as session:
        async with session.get(url, headers={"Origin": SITE}) as answer:
            assert answer.headers.getall("Access-Control-Allow-Origin") == [SITE]
            sid = json.loads((await answer.text())[1:])["sid"]
        async with session.post(
            f"{url}&sid={sid}", data="40", headers={"Origin": "https://ailleurs.example"}
        ) as answer:
            assert answer.status == 400
            assert "Access-Control-Allow-Origin" not in answer.headers


async def test_origins_of_the_environment_count_when_the_credentials_have_none(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_ORIGINES", f"https://un.example, {SITE}\thttps://deux.example")
    site = await serve()
    for origin in (SITE, "https://un.example", "https://deux.example"):
        await site.open(origin=origin)
    closed = await serve(origins=[])
    with pytest.raises(Refused):
        await closed.open(origin=SITE)


@pytest.mark.parametrize("origin", ["*", "exemple.org", f"{SITE}/page", "https://*.exemple.org", "null", 3, None])
def test_what_is_no_origin_stops_the_start_in_french(origin: Any) -> None:
    with pytest.raises(ValueError, match="n'est pas l'origine d'un site"):
        GuardedSocketIO(origins=[origin])


def test_a_misspelt_key_stops_the_start_in_french() -> None:
    """`jwt_keys` would leave open what should be closed."""
    with pytest.raises(ValueError, match="clé inconnue « jwt_keys »"):
        GuardedSocketIO.from_credentials({"jwt_keys": "x"})


def test_rasas_defaults_hold() -> None:
    channel = GuardedSocketIO.from_credentials(None)
    assert (channel.user_message_evt, channel.bot_message_evt) == ("user_uttered", "bot_uttered")
    assert (channel.socketio_path, channel.session_persistence) == ("/socket.io", False)
    assert channel.get_output_channel() is None


async def test_with_a_key_only_widgets_with_its_token_connect(serve: Serve) -> None:
    key = "k" * 32
    site = await serve(jwt_key=key)
    for auth in (None, {}, {"token": 3}, {"token": "x"}, ["x"], {"token": jwt.encode({"a": 1}, "l" * 32)}):
        with pytest.raises(Refused):
            await site.open(auth=auth)
    widget = await site.open(auth={"token": jwt.encode({"a": 1}, key)})
    await widget.start()
    assert await widget.ask("Que fait l'OIM ?") == "Voici."


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_the_longest_message_fits(site: Site, transport: str) -> None:
    widget = await site.open(transport)
    await widget.start()
    assert await widget.ask("é" * MAX_LENGTH) == "Voici."
    assert await widget.ask("é" * (MAX_LENGTH + 1)) == TEXTS["trop_long"].format(maximum=MAX_LENGTH)


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_what_is_too_large_ends_the_connection(
    site: Site, transport: str, caplog: pytest.LogCaptureFixture
) -> None:
    widget = await site.open(transport)
    await widget.start()
    await widget.say(SECRET * (MAX_BYTES // len(SECRET)))
    await widget.is_gone()
    assert site.agent.seen == []
    assert SECRET not in ours(caplog)


async def test_a_large_body_is_refused_before_it_is_read(site: Site) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(site.url.rpartition(":")[2]))
    writer.write(b"POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\nContent-Length: 90000000\r\n\r\n4")
    assert b"400" in await asyncio.wait_for(reader.readline(), PATIENCE)
    writer.close()


async def test_a_message_a_second_later_than_the_twentieth_is_told_once(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    widget = await site.open()
    await widget.start()
    for _ in range(pace.MESSAGES):
        assert await widget.ask("Que fait l'OIM ?") == "Voici."
    for _ in range(5):
        await widget.say("Que fait l'OIM ?")
    assert (await widget.hear())["text"] == TEXTS["trop_vite"]
    # Neither the one nor the other begins a new count.
    await widget.emit("connect")
    await widget.emit("disconnect")
    await widget.say("Que fait l'OIM ?")
    await widget.start()
    assert widget.said.empty()
    assert len(site.agent.seen) == pace.MESSAGES
    other = await site.open()
    await other.start()
    assert await other.ask("Que fait l'OIM ?") == "Voici."
    monkeypatch.setattr(pace, "SECONDS", 0.0)
    assert await widget.ask("Que fait l'OIM ?") == "Voici."


def test_the_pace_lets_twenty_through_in_each_minute() -> None:
    counted = Pace()
    assert {counted.verdict(second) for second in range(20)} == {Verdict.PASSES}
    assert [counted.verdict(59.9) for _ in range(3)] == [Verdict.TOLD, Verdict.DROPPED, Verdict.DROPPED]
    assert counted.verdict(60) is Verdict.PASSES
    assert [counted.verdict(60.5) for _ in range(2)] == [Verdict.TOLD, Verdict.DROPPED]
    assert [counted.verdict(300) for _ in range(21)] == [Verdict.PASSES] * 20 + [Verdict.TOLD]


@pytest.mark.parametrize("data", [None, [], {}, 3, True, SECRET, [SECRET], {"message": SECRET}, [[[]]], b"\x00"])
async def test_junk_crashes_nothing(site: Site, data: Any, caplog: pytest.LogCaptureFixture) -> None:
    widget = await site.open()
    await widget.emit("user_uttered", data)
    await widget.emit(SECRET, data)
    if not isinstance(data, bytes):  # nobody hears binary packets
        assert (await widget.hear())["text"] == TEXTS["session_inconnue"]
    await widget.start()
    assert await widget.ask("Que fait l'OIM ?") == "Voici."
    assert SECRET not in ours(caplog)
    assert errors(caplog) == []


@pytest.mark.parametrize("text", [None, 3, [], {}, "", "\u200b", b"\x00"])
async def test_a_message_without_text_is_answered_as_empty(site: Site, text: Any) -> None:
    widget = await site.open()
    await widget.start()
    if isinstance(text, bytes):
        await widget.say(text)
        assert await widget.ask("Que fait l'OIM ?") == "Voici."
    else:
        assert await widget.ask(text) == TEXTS["vide"]
        assert site.agent.seen == []


FRAMES = (
    *(
        "42",
        "42[]",
        "42{}",
        "423",
        '42"a"',
        '42[["a"]]',
        "42[{}]",
        "42[null]",
        '42["*"]',
        '42["connect",{},{}]',
        '42["connect"]',
    ),
    *('42["disconnect"]', '42["user_uttered"]', '42["user_uttered"', '42["user_uttered",1,2,3]', "4", "4²", "42²²[]"),
    *("4", "4[]", "4{}", "4null", "42" + "[" * 9000, '42["user_uttered",' + "[" * 9000, "45", '459999999999-["a"]'),
    *('451-["user_uttered",{"_placeholder":true,"num":0}]', "40/ailleurs", "43", "430[]", "439[1]", "44", "46", "49"),
    *("42/ailleurs,[]", '42["session_request",NaN]', '42["session_request",{"session_id":"\\ud800"}]', "4é", "b4AAA"),
    "42" + "9" * 5000,
)


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_broken_packets_leave_the_connection_usable(
    site: Site, transport: str, caplog: pytest.LogCaptureFixture
) -> None:
    widget = await site.open(transport)
    await widget.start()
    for frame in FRAMES:
        await send_raw(widget, frame)
        if "session_request" in frame:
            await asyncio.wait_for(widget.confirmed.get(), PATIENCE)
        await widget.start()  # the frame has been read, and did not take this one with it
    while not widget.said.empty():
        assert (await widget.hear())["text"] == TEXTS["session_inconnue"]
    assert await widget.ask("Que fait l'OIM ?") == "Voici."
    assert errors(caplog) == []


@pytest.mark.parametrize("frame", [SECRET, "", "²" + SECRET, "9" + SECRET, "b" + SECRET[:3], "7", "4" + "[" * 9000])
async def test_what_is_not_even_the_protocol_ends_that_connection_only(
    site: Site, frame: str, caplog: pytest.LogCaptureFixture
) -> None:
    other = await site.open()
    await other.start()
    async with aiohttp.ClientSession() as session:
        address = f"{site.url}/socket.io/?EIO=4&transport=websocket"
        async with session.ws_connect(address) as websocket:
            await websocket.receive_str(timeout=PATIENCE)
            await websocket.send_str(frame)
            await websocket.send_str("41")
        polling = f"{site.url}/socket.io/?EIO=4&transport=polling"
        async with session.get(polling) as answer:
            sid = json.loads((await answer.text())[1:])["sid"]
        async with session.post(f"{polling}&sid={sid}", data=frame.encode()) as answer:
            await answer.read()
    assert await other.ask("Que fait l'OIM ?") == "Voici."
    assert SECRET not in ours(caplog)
    assert not any(record.exc_info for record in caplog.records), "an exception may quote what it could not read"


async def test_an_error_becomes_an_apology_and_its_text_is_in_no_log(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    site.agent.error = ValueError(f"cannot read {SECRET}")
    for transport in TRANSPORTS:
        widget = await site.open(transport)
        await widget.start()
        assert await widget.ask(SECRET) == TEXTS["excuse"]
    assert "ValueError" in caplog.text
    assert SECRET not in ours(caplog)
    assert all(record.exc_info is None for record in caplog.records), "a traceback would hold the text"


async def test_when_rasa_says_nothing_an_apology_is_said(site: Site) -> None:
    site.agent.reply = {}
    widget = await site.open()
    await widget.start()
    assert await widget.ask("Que fait l'OIM ?") == TEXTS["excuse"]


async def test_an_error_while_the_apology_is_sent_is_in_no_log_either(
    site: Site, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any) -> None:
        raise RuntimeError(SECRET)

    widget = await site.open()
    await widget.start()
    monkeypatch.setattr("channels.socketio.GuardedHandler.__call__", fail)
    await widget.say(SECRET)
    await widget.start()
    assert "RuntimeError" in caplog.text
    assert SECRET not in ours(caplog)


async def test_nothing_that_is_said_is_logged_at_any_level(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("socketio.server", "engineio.server", "channels.socketio.transport", "sanic.error", "websockets"):
        caplog.set_level(logging.DEBUG, name)
    site = await serve()
    site.agent.reply = {"text": f"réponse {SECRET}"}
    for transport in TRANSPORTS:
        widget = await site.open(transport)
        await widget.start()
        await widget.ask(SECRET)
    assert SECRET not in ours(caplog)


async def test_the_guard_stands_before_rasa(site: Site) -> None:
    widget = await site.open()
    await widget.start()
    await widget.ask("écrivez à moi@exemple.fr")
    await widget.ask("/restart")
    await widget.ask(PAYLOAD)
    assert site.agent.texts == [f"écrivez à {TEXTS['adresse_masquee']}", "restart", "choix"]


async def test_what_a_widget_adds_is_not_kept(site: Site) -> None:
    widget = await site.open()
    await widget.start()
    await widget.emit("user_uttered", {"message": "ici", "session_id": widget.token, "metadata": {"moi": SECRET}})
    await widget.hear()
    assert not site.agent.seen[0].metadata


async def test_who_stops_the_assistant_need_not_wait_for_widgets(site: Site) -> None:
    """A poll would end of itself after 45 seconds only."""
    url = f"{site.url}/socket.io/?EIO=4&transport=polling"
    async with aiohttp.ClientSession() as session:
        async with session.get(url) as answer:
            url += f"&sid={json.loads((await answer.text())[1:])['sid']}"
        poll = asyncio.ensure_future(session.get(url))
        await asyncio.sleep(0.1)
        assert not poll.done()
        await site.server.before_stop()
        async with await asyncio.wait_for(poll, PATIENCE) as answer:
            assert await answer.text() == "1"  # « close »


async def test_the_health_of_the_channel_is_told(site: Site) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{site.url}/webhooks/socketio/") as answer:
        assert await answer.json() == {"status": "ok"}


async def send_raw(widget: Widget, frame: str) -> None:
    """Send an Engine.IO packet as it is."""
    raw = SimpleNamespace(encode=lambda **_: frame, packet_type=4, data=None, binary=False)
    await widget.client.eio._send_packet(raw)


def ours(caplog: pytest.LogCaptureFixture) -> str:
    """Return what the server logged: the test's own client logs what it sends."""
    return "\n".join(
        f"{record.getMessage()} {record.exc_text or ''} {record.exc_info or ''}"
        for record in caplog.records
        if not record.name.startswith(("socketio.client", "engineio.client", "aiohttp"))
    )


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.fixture
def chatwoot(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Chatwoot]:
    """People who take conversations over."""
    standin = Chatwoot()
    for name, value in {**standin.variables, "ASSISTANT_BASE": str(tmp_path / "conversations.db")}.items():
        monkeypatch.setenv(name, value)
    handover_desk.cache_clear()
    yield standin
    handover_desk.cache_clear()
    standin.close()


async def test_what_a_person_answers_is_pushed_and_known_to_be_lost_when_the_widget_is_gone(
    chatwoot: Chatwoot, serve: Serve
) -> None:
    site = await serve()
    site.agent.reply = {"text": "Je n'arrive pas à joindre une personne.", "utter_action": HANDED_OVER}
    widget = await site.open()
    await widget.start()
    assert (await widget.ask("oui")).startswith("Notre conversation est transmise.")
    await widget.say("Où êtes-vous ?")
    await asyncio.to_thread(chatwoot.talk, 2)
    assert site.agent.texts == ["oui"]
    desk = handover_desk()
    assert desk is not None
    handover = desk.numbered(chatwoot.newest)
    assert handover is not None
    await desk.reply(handover, "À San Salvador.")
    assert (await widget.hear())["text"] == "Une personne vous répond : À San Salvador."
    await widget.close()
    await widget.is_gone()
    with pytest.raises(NotSent):
        await desk.reply(handover, "Allô ?")
    assert chatwoot.talk().notes[-1] == TEXTS["non_remis"]
