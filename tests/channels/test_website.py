"""The website's channel: a real server as Rasa makes it, with Rasa's store and locks and a small agent in its place."""

import asyncio
import json
import logging
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.run import configure_app
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from sanic import Sanic

from assistant.dialogue.records import Candidate, Decision
from assistant.knowledge.live import LiveKnowledge
from assistant.names import DECISIONS_SLOT
from assistant.settings import ROOT
from channels import website
from channels.feedback import Feedback, FeedbackStore
from channels.guard import MAX_LENGTH
from channels.limits import PER_CONVERSATION, Limit
from channels.sessions import Sessions
from channels.texts import TEXTS
from channels.tracker_store import BoundedTrackerStore
from channels.website import MAX_BYTES, Website
from tools.servers import free_port

SECRET = "quelquechosedesecret"
KEY = "s" * 32
SITE = "https://www.exemple.org"
FOREIGN = "https://ailleurs.example"
PAYLOAD = '/choix{"fait": "ocam.role"}'
BUTTONS = [{"title": "À quoi sert l'OCAM ?", "payload": PAYLOAD}]
DECISION = Decision(
    "answer", "best", ("ocam.role",), uncovered=SECRET, candidates=(Candidate("fait/ocam.role", 0.9),), model="m1"
).as_dict()
#: No test waits longer for anything, in seconds.
PATIENCE = 60.0
POSTS = ("conversations", "messages", "erasures", "feedback")


class Agent:
    """Stands where Rasa would, with its store and locks: keeps each turn, and answers or fails as told."""

    def __init__(self, domain: Domain, database: Path) -> None:
        self.store = BoundedTrackerStore(domain, db=str(database))
        self.tracker_store = FailSafeTrackerStore(self.store)
        self.lock_store = InMemoryLockStore()
        self.seen: list[UserMessage] = []
        self.buttons: list[dict[str, str]] = []
        self.error: Exception | None = None
        self.decided = True
        self.go = asyncio.Event()
        self.go.set()
        self.began = asyncio.Event()

    async def handle_message(self, message: UserMessage) -> None:
        self.seen.append(message)
        async with self.lock_store.lock(message.sender_id, wait_time_in_seconds=0.02):
            self.began.set()
            await self.go.wait()
            if self.error:
                raise self.error
            tracker = await self.tracker_store.get_or_create_tracker(message.sender_id)
            tracker.update(UserUttered(message.text, {"name": "fait"}, message_id=message.message_id))
            answer = {"text": f"Réponse à {message.text}", "buttons": self.buttons}
            if self.decided:
                tracker.update(BotUttered(answer["text"], {"buttons": self.buttons}))
                tracker.update(SlotSet(DECISIONS_SLOT, [DECISION]))
            await self.tracker_store.save(tracker)
            if self.decided and message.output_channel:
                await message.output_channel.send_response(message.sender_id, answer)

    @property
    def texts(self) -> list[str | None]:
        return [message.text for message in self.seen]

    def kept(self, conversation: str | None = None) -> list[dict[str, Any]]:
        """Return the events in the database, of one conversation or of all."""
        with self.store.engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT sender_id, data FROM events").all()
        return [json.loads(data) for sender, data in rows if conversation in (None, sender)]


@dataclass
class Site:
    """A running server and a visitor's way to it."""

    port: int
    agent: Agent
    feedback: Path
    client: httpx.AsyncClient

    @property
    def said(self) -> list[Feedback]:
        return FeedbackStore(self.feedback).all()

    async def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """Post a JSON body as the component does, or bytes as they are."""
        content = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(path, content=content, headers={"content-type": "text/plain", **named})

    async def begin(self) -> "Visitor":
        answer = await self.post("conversations")
        assert answer.status_code == 201, answer.text
        return Visitor(self, answer.json()["conversation"])

    async def raw(self, request: bytes, *more: bytes) -> bytes:
        """Send bytes as they are, and return what comes back until the server closes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(request + b"".join(more))
            return await asyncio.wait_for(reader.read(), PATIENCE)
        finally:
            writer.close()


@dataclass
class Visitor:
    """A visitor with the token of a conversation."""

    site: Site
    token: str
    asked: int = field(default=0)

    @property
    def conversation(self) -> str:
        conversation = Sessions(KEY).conversation(self.token)
        assert conversation
        return conversation

    async def send(self, text: Any, message: str | None = None) -> httpx.Response:
        self.asked += 1
        named = message or f"message-{self.asked}"
        return await self.site.post("messages", {"conversation": self.token, "id": named, "text": text})

    async def ask(self, text: Any, message: str | None = None) -> str:
        answer = await self.send(text, message)
        assert answer.status_code == 200, answer.text
        return "\n".join(one["text"] for one in answer.json()["messages"])

    async def rate(self, message: Any, verdict: Any = "wrong") -> httpx.Response:
        return await self.site.post("feedback", {"conversation": self.token, "id": message, "verdict": verdict})

    async def erase(self) -> httpx.Response:
        return await self.site.post("erasures", {"conversation": self.token})


Serve = Callable[[], Awaitable[Site]]


@pytest.fixture(scope="session")
def domain() -> Domain:
    return Domain.load(str(ROOT / "domain.yml"))


@pytest.fixture
async def serve(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path, domain: Domain
) -> AsyncIterator[Serve]:
    """Return a function that starts a server, with the environment as it then is."""
    monkeypatch.setattr(Sanic, "_app_registry", {})
    monkeypatch.setattr(Sanic, "test_mode", True)  # or it rewrites its own classes, which it can only once in a process
    monkeypatch.setenv("ASSISTANT_SECRET", KEY)
    monkeypatch.setenv("ASSISTANT_BASE", str(tmp_path / "conversations.db"))
    monkeypatch.delenv("ASSISTANT_ORIGINES", raising=False)
    caplog.set_level(logging.DEBUG)
    servers: list[Any] = []  # Sanic's own annotations are partial
    sites: list[Site] = []

    async def start() -> Site:
        port = free_port()
        app = configure_app(input_channels=[Website()], enable_api=False, port=port)
        app.ctx.agent = agent = Agent(domain, tmp_path / "conversations.db")
        server: Any = await app.create_server("127.0.0.1", port, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.before_start()
        servers.append(server)
        client = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}/webhooks/website/", timeout=PATIENCE, trust_env=False
        )
        sites.append(Site(port, agent, tmp_path / "feedback.db", client))
        return sites[-1]

    yield start
    for site in sites:
        site.agent.go.set()
        await site.client.aclose()
        site.agent.store.engine.dispose()
    for server in servers:
        server.close()
        await asyncio.wait_for(server.wait_closed(), PATIENCE)


@pytest.fixture
async def site(serve: Serve) -> Site:
    return await serve()


@pytest.fixture
async def visitor(site: Site) -> Visitor:
    return await site.begin()


def ours(caplog: pytest.LogCaptureFixture) -> str:
    """Return what was logged, but for what the test's own client says."""
    names = ("httpx", "httpcore", "asyncio")
    return "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith(names))


def refused(answer: httpx.Response, status: int, text: str | None = None) -> None:
    """Check that a refusal has a status and one line in French, and gives nothing away."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    assert list(answer.json()) == ["erreur"]
    said = answer.json()["erreur"]
    assert said and "\n" not in said
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text
    assert text is None or said == text


# A conversation


async def test_a_question_gets_its_answer(visitor: Visitor) -> None:
    answer = await visitor.send("Que fait l'OIM ?")
    assert answer.status_code == 200
    said = [{"text": "Réponse à Que fait l'OIM ?", "buttons": []}]
    assert answer.json() == {"messages": said, "erased": False, "person": False}
    assert visitor.site.agent.seen[0].input_channel == "website"
    assert visitor.site.agent.seen[0].sender_id == visitor.conversation


async def test_the_guard_stands_before_rasa(visitor: Visitor) -> None:
    await visitor.ask("écrivez à moi@exemple.fr")
    await visitor.ask("/restart")
    assert await visitor.ask("\u200b\ud800") == TEXTS["vide"]
    assert await visitor.ask("é" * (MAX_LENGTH + 1)) == TEXTS["trop_long"].format(maximum=MAX_LENGTH)
    assert await visitor.ask("é" * MAX_LENGTH) == f"Réponse à {'é' * MAX_LENGTH}"
    assert visitor.site.agent.texts[:2] == [f"écrivez à {TEXTS['adresse_masquee']}", "restart"]


async def test_a_payload_passes_only_where_it_was_offered(site: Site) -> None:
    one, other = await site.begin(), await site.begin()
    site.agent.buttons = BUTTONS
    answer = await one.send("l'OCAM")
    assert answer.json()["messages"][0]["buttons"] == BUTTONS
    await one.ask(PAYLOAD)
    await other.ask(PAYLOAD)
    await one.ask(PAYLOAD.replace("role", "creation"))
    assert site.agent.texts[1:] == [PAYLOAD, "choix", "choix"]


async def test_what_a_client_adds_is_not_kept(visitor: Visitor) -> None:
    body = {"conversation": visitor.token, "id": "message-1", "text": "ici"}
    await visitor.site.post("messages", {**body, "metadata": SECRET, "sender": SECRET, "input_channel": SECRET})
    assert SECRET not in json.dumps([e for e in visitor.site.agent.kept() if e["event"] == "user"])
    assert visitor.site.agent.seen[0].metadata is None


async def test_twenty_visitors_at_once_each_get_their_own_answer(site: Site) -> None:
    visitors = await asyncio.gather(*(site.begin() for _ in range(20)))
    answers = await asyncio.gather(*(one.ask(f"question {number}", "message-1") for number, one in enumerate(visitors)))
    assert answers == [f"Réponse à question {number}" for number in range(20)]
    assert len({one.conversation for one in visitors}) == 20
    for number, one in enumerate(visitors):
        texts = [event["text"] for event in site.agent.kept(one.conversation) if event["event"] == "user"]
        assert texts == [f"question {number}"]


# Who may open a conversation


def test_tokens_cannot_be_guessed() -> None:
    made = [Sessions(KEY).new() for _ in range(200)]
    parts = [token.partition(".") for token in made]
    assert len({conversation for conversation, _, _ in parts}) == 200
    assert all(len(conversation) >= 22 and len(signature) >= 43 for conversation, _, signature in parts)


STRANGERS: dict[str, Callable[[str], Any]] = {
    "none": lambda _: None,
    "empty": lambda _: "",
    "the id alone": lambda token: token.partition(".")[0],
    "the id with a dot": lambda token: token.partition(".")[0] + ".",
    "the signature alone": lambda token: token.partition(".")[2],
    "a changed id": lambda token: ("A" if token[0] != "A" else "B") + token[1:],
    "a changed signature": lambda token: token[:30] + ("A" if token[30] != "A" else "B") + token[31:],
    "cut": lambda token: token[:-1],
    "longer": lambda token: token + "A",
    "in capitals": lambda token: token.upper(),
    "with a space": lambda token: f" {token}",
    "with a line end": lambda token: f"{token}\n",
    "of another secret": lambda token: Sessions("t" * 32)._signer.sign(token.partition(".")[0]).decode(),
    "signed by another": lambda token: f"{token.partition('.')[0]}.{Sessions(KEY).new().partition('.')[2]}",
    "a list": lambda token: [token],
    "a dict": lambda token: {"conversation": token},
    "a number": lambda _: 3,
    "true": lambda _: True,
    "a lone surrogate": lambda token: f"{token}\ud800",
    "wide letters": lambda token: f"{token[:-1]}Ａ",
    "a pattern": lambda _: "%",
}


@pytest.mark.parametrize("made_up", STRANGERS.values(), ids=STRANGERS.keys())
async def test_a_stranger_neither_reads_nor_writes_nor_erases_a_conversation(
    visitor: Visitor, made_up: Callable[[str], Any]
) -> None:
    site = visitor.site
    await visitor.ask(f"le secret est {SECRET}", "message-1")
    before = site.agent.kept()
    stranger = Visitor(site, made_up(visitor.token))
    for answer in (
        await stranger.send("efface mes données"),
        await stranger.send("Et avant ?", "message-1"),
        await stranger.rate("message-1"),
        await stranger.erase(),
    ):
        refused(answer, 403, TEXTS["conversation_inconnue"])
    assert site.agent.kept() == before
    assert len(site.agent.seen) == 1
    assert site.said == []
    assert SECRET in await visitor.ask(f"le secret est {SECRET}", "message-1"), "still there"


@pytest.mark.parametrize("place", ["query", "header", "cookie"])
async def test_a_token_counts_in_the_body_only(visitor: Visitor, place: str) -> None:
    """In an address it would stand in logs, in a cookie it would be sent with what other sites have a browser send."""
    body = {"id": "message-1", "text": "ici"}
    headers = {
        "query": {},
        "header": {"Authorization": visitor.token},
        "cookie": {"Cookie": f"conversation={visitor.token}"},
    }
    path = f"messages?conversation={visitor.token}" if place == "query" else "messages"
    refused(await visitor.site.post(path, body, **headers[place]), 403, TEXTS["conversation_inconnue"])


async def test_anothers_message_id_gives_nothing_of_it(site: Site) -> None:
    victim, stranger = await site.begin(), await site.begin()
    await victim.ask(f"le secret est {SECRET}", "message-1")
    refused(await stranger.rate("message-1"), 404, TEXTS["reponse_inconnue"])
    assert await stranger.ask("ici", "message-1") == "Réponse à ici"
    assert (await stranger.rate("message-1", "yes")).status_code == 204
    assert [one.verdict for one in site.said] == ["yes"]
    assert (await victim.rate("message-1", "wrong")).status_code == 204
    assert sorted(one.verdict for one in site.said) == ["wrong", "yes"], "neither replaces the other's"


# Which pages may ask


async def test_without_an_origin_anyone_may_ask(site: Site) -> None:
    """No browser: nothing to protect, since there is no cookie."""
    answer = await site.post("conversations")
    assert answer.status_code == 201
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_our_own_page_may_ask(site: Site) -> None:
    own = f"http://127.0.0.1:{site.port}"
    answer = await site.post("conversations", Origin=own)
    assert answer.status_code == 201
    assert answer.headers.get_list("Access-Control-Allow-Origin") == [own]
    assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize("path", POSTS)
async def test_a_named_site_may_ask_and_reads_errors_too(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setenv("ASSISTANT_ORIGINES", f"https://un.example, {SITE}/")
    site = await serve()
    for origin in (SITE, "https://un.example"):
        answer = await site.post(path, {}, Origin=origin)
        assert answer.status_code == (201 if path == "conversations" else 403)
        assert answer.headers.get_list("Access-Control-Allow-Origin") == [origin]
        assert answer.headers["Vary"] == "Origin"
        assert "Access-Control-Allow-Credentials" not in answer.headers


FOREIGNERS = (
    FOREIGN,
    "null",
    "",
    "*",
    f"{SITE}.ailleurs.example",
    f"{SITE}ailleurs",
    f"{SITE}:8443",
    SITE.replace("https", "http"),
    "https://exemple.org",
    "https://ailleurs.example/https://www.exemple.org",
    "https://www.exemple.org@ailleurs.example",
    "http://127.0.0.1",
    "http://127.0.0.1:1",
    "http://127.0.0.1.ailleurs.example",
    "http://localhost",
    "file://",
)


@pytest.mark.parametrize("path", POSTS)
async def test_a_foreign_page_is_refused_and_changes_nothing(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setenv("ASSISTANT_ORIGINES", SITE)
    site = await serve()
    visitor = await site.begin()
    await visitor.ask("ici", "message-1")
    before = site.agent.kept()
    body = {"conversation": visitor.token, "id": "message-1", "text": "là", "verdict": "wrong"}
    for origin in FOREIGNERS:
        answer = await site.post(path, body, Origin=origin)
        refused(answer, 403, TEXTS["origine_refusee"])
        assert "Access-Control-Allow-Origin" not in answer.headers, origin
    assert (site.agent.kept(), site.said, len(site.agent.seen)) == (before, [], 1)


async def test_an_origin_that_is_no_address_is_foreign_too(site: Site) -> None:
    refused(await site.post("conversations", Origin="http://["), 403, TEXTS["origine_refusee"])


async def test_what_depends_on_the_origin_says_so_in_each_case(site: Site) -> None:
    for headers in ({}, {"Origin": FOREIGN}, {"Origin": f"http://127.0.0.1:{site.port}"}):
        assert "Origin" in (await site.post("conversations", **headers)).headers.get("Vary", "")


async def test_no_foreign_page_is_told_before_it_asks_that_it_may(site: Site) -> None:
    for origin in (FOREIGN, "null"):
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        answer = await site.client.options("messages", headers=headers)
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_what_is_no_origin_stops_the_start_in_french(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_ORIGINES", "*")
    with pytest.raises(ValueError, match="ASSISTANT_ORIGINES : « \\* » n'est pas l'origine d'un site"):
        Website().blueprint(_nobody)


async def _nobody(_: UserMessage) -> None:
    """Handle nothing."""


# How fast


async def test_one_conversation_has_its_number_of_messages_a_minute(site: Site) -> None:
    one, other = await site.begin(), await site.begin()
    for _ in range(PER_CONVERSATION.most):
        await one.ask("ici")
    for answer in (await one.send("ici"), await one.rate("message-1")):
        seconds = int(answer.headers["Retry-After"])
        assert 1 <= seconds <= 60
        refused(answer, 429, TEXTS["trop_de_requetes"].format(secondes=seconds))
    assert len(site.agent.seen) == PER_CONVERSATION.most
    assert await other.ask("ici") == "Réponse à ici"
    assert (await one.erase()).status_code == 204, "whoever is in danger erases at once"


async def test_one_address_has_its_number_in_all_conversations(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(website, "PER_ADDRESS", Limit("address", 5))
    one, other = await site.begin(), await site.begin()
    for visitor in (one, other, one):
        await visitor.ask("ici")
    for answer in (await other.send("ici"), await site.post("conversations")):
        refused(answer, 429)
        assert int(answer.headers["Retry-After"]) > 0
    assert len(site.agent.seen) == 3


async def test_an_address_cannot_be_made_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless the operator names a proxy, what a client says of its address is nothing."""
    monkeypatch.setattr(website, "PER_ADDRESS", Limit("address", 1))
    await site.begin()
    for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "CF-Connecting-IP", "True-Client-IP"):
        value = "for=192.0.2.1" if header == "Forwarded" else "192.0.2.1"
        refused(await site.post("conversations", **{header: value}), 429)


async def test_a_site_reads_how_long_to_wait(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_ORIGINES", SITE)
    monkeypatch.setattr(website, "PER_ADDRESS", Limit("address", 1))
    site = await serve()
    await site.post("conversations")
    answer = await site.post("conversations", Origin=SITE)
    refused(answer, 429)
    assert answer.headers["Access-Control-Allow-Origin"] == SITE


# How large


def request(path: str, *headers: str) -> bytes:
    """Return the head of a request."""
    lines = [f"POST /webhooks/website/{path} HTTP/1.1", "Host: x", "Connection: close", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def chunk(content: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(content), content)


@pytest.mark.parametrize("path", POSTS)
async def test_a_body_that_is_too_large_is_refused(site: Site, path: str) -> None:
    answer = await site.post(path, b'{"text": "' + b"a" * MAX_BYTES)
    refused(answer, 413, TEXTS["requete_trop_longue"])
    assert (await site.begin()).token, "the next one is served"


async def test_the_largest_body_that_fits_is_read(visitor: Visitor) -> None:
    body = json.dumps({"conversation": visitor.token, "id": "message-1", "text": "ici"}).encode()
    padded = body + b" " * (MAX_BYTES - len(body))
    assert (await visitor.site.post("messages", padded)).status_code == 200
    refused(await visitor.site.post("messages", padded + b" "), 413)


async def test_a_body_in_pieces_counts_as_one(site: Site) -> None:
    pieces = [chunk(b" " * 1000)] * (MAX_BYTES // 1000 + 1)
    answer = await site.raw(request("messages", "Transfer-Encoding: chunked"), *pieces, b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413")
    small = await site.raw(
        request("conversations", "Transfer-Encoding: chunked"), chunk(b"{"), chunk(b"}"), b"0\r\n\r\n"
    )
    assert small.startswith(b"HTTP/1.1 201")


@pytest.mark.parametrize("announced", ["Transfer-Encoding: chunked", f"Content-Length: {90 * 2**20}"])
async def test_reading_stops_where_it_is_too_much(site: Site, announced: str) -> None:
    """Or one visitor keeps the server busy with a body without end, after the answer too."""
    _, writer = await asyncio.open_connection("127.0.0.1", site.port)
    piece = chunk(b"a" * 2**16) if "chunked" in announced else b"a" * 2**16
    writer.write(request("messages", announced))
    taken = 0
    try:
        while taken < 80 * 2**20:
            writer.write(piece)
            await asyncio.wait_for(writer.drain(), 1)
            taken += len(piece)
    except (OSError, RuntimeError, asyncio.TimeoutError):  # closed (RuntimeError: as uvloop says it), or left unread
        pass
    finally:
        writer.close()
    assert taken < 8 * 2**20, "what the system's buffers hold, with room to spare"


async def test_a_large_body_of_a_foreign_page_is_not_read_either(site: Site) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write(request("messages", f"Origin: {FOREIGN}", f"Content-Length: {90 * 2**20}") + b"a")
    assert b"403" in await asyncio.wait_for(reader.readline(), PATIENCE)
    try:
        await asyncio.wait_for(reader.read(), 2)  # the server closes instead of waiting for the rest
    finally:
        writer.close()


# What cannot be read


UNREADABLE = (
    b"",
    b"{",
    b"[]",
    b"null",
    b"3",
    b'"texte"',
    b"[" * 9000,
    b'{"a":' * 2500,
    b"\xff\xfe",
    b'{"a": "\xff"}',
    b"\x00",
    b'{"a": ' + b"9" * 9000 + b"",
    b"text=ici&id=message-1",
    b"{'text': 'ici'}",
)


@pytest.mark.parametrize("path", POSTS)
async def test_a_body_that_is_no_object_is_refused_in_french(site: Site, path: str) -> None:
    for content in UNREADABLE:
        refused(await site.post(path, content), 400)
    assert site.agent.seen == []
    assert (await site.begin()).token, "the next one is served"


NO_IDS: tuple[Any, ...] = (
    *(None, 3, True, [], {}, ["message-1"]),
    *("", "court", "a" * 65, "message 1", "message/1", "message-1\n", "\ud800" * 9),
)


@pytest.mark.parametrize("path", ["messages", "feedback"])
async def test_a_message_id_that_is_none_is_refused(visitor: Visitor, path: str) -> None:
    for message in NO_IDS:
        body = {"conversation": visitor.token, "id": message, "text": "ici", "verdict": "wrong"}
        refused(await visitor.site.post(path, body), 400)
    assert visitor.site.agent.seen == []


async def test_a_text_that_is_none_is_refused(visitor: Visitor) -> None:
    texts: tuple[Any, ...] = (None, 3, True, [], {}, ["ici"])
    for text in texts:
        refused(await visitor.send(text), 400)
    assert visitor.site.agent.seen == []


@pytest.mark.parametrize("missing", ["id", "text"])
async def test_a_missing_field_is_named(visitor: Visitor, missing: str) -> None:
    body = {"conversation": visitor.token, "id": "message-1", "text": "ici"}
    del body[missing]
    answer = await visitor.site.post("messages", body)
    refused(answer, 400)
    assert f"« {missing} »" in answer.json()["erreur"]


async def test_a_verdict_that_is_none_is_refused(visitor: Visitor) -> None:
    await visitor.ask("ici", "message-1")
    verdicts: tuple[Any, ...] = (None, 3, [], {}, ["wrong"], "", "no", "WRONG", SECRET)
    for verdict in verdicts:
        refused(await visitor.rate("message-1", verdict), 400)
    assert visitor.site.said == []


async def test_broken_pieces_are_refused_as_unreadable(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    answer = await site.raw(request("messages", "Transfer-Encoding: chunked"), b"zz\r\nabc\r\n0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400")
    assert [one for one in caplog.records if one.name.startswith("channels") and one.levelno >= logging.ERROR] == []


async def test_what_is_not_there_is_404(site: Site) -> None:
    for method in ("GET", "POST", "PUT"):
        for path in ("inconnu", "conversations/1", "messages/1", "assistant-oim.js/b", "%00", "é"):
            assert (await site.client.request(method, path)).status_code == 404, (method, path)


async def test_another_method_is_405(site: Site) -> None:
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        for path in POSTS:
            assert (await site.client.request(method, path)).status_code == 405, (method, path)


@pytest.mark.parametrize(("method", "path"), [("GET", "inconnu"), ("PUT", "messages"), ("GET", "inconnu.js")])
async def test_what_is_not_there_is_said_in_french(site: Site, method: str, path: str) -> None:
    answer = await site.client.request(method, path)
    refused(answer, answer.status_code)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


# The page and its files


def secured(answer: httpx.Response) -> None:
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "Server" not in answer.headers
    assert "Set-Cookie" not in answer.headers


async def test_the_page_loads_nothing_from_elsewhere(site: Site) -> None:
    answer = await site.client.get("")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    secured(answer)
    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert (policy["script-src"], policy["style-src"], policy["connect-src"]) == ("'self'",) * 3
    assert all(policy[name] == "'none'" for name in ("base-uri", "form-action", "frame-ancestors"))
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "*" not in answer.headers["Content-Security-Policy"]


async def test_the_page_satisfies_its_policy(site: Site) -> None:
    page = (await site.client.get("")).text
    assert not re.search(r"<script(?![^>]*\ssrc=)", page), "no script in the page"
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page)
    for address in re.findall(r'(?:src|href)="([^"]*)"', page):
        if address.endswith((".js", ".css")):
            assert (await site.client.get(address)).status_code == 200, address


async def test_the_page_says_whom_to_write_to_and_how_long_is_kept(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_HEURES_CONSERVATION", "36")
    page = (await (await serve()).client.get("")).text
    assert "aamaya@iom.int" in page
    assert "36 heures" in page
    assert "{" not in page


async def test_whom_to_write_to_and_the_page_on_personal_data_are_the_organisations_own(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge")
    own = {"nom": "A & <b>", "courriel": "ecrire@club.fr", "confidentialite": 'https://club.fr/?a="b"&c'}
    (folder / "organisme.yml").write_text(yaml.safe_dump({"organisme": own}), "utf-8")
    monkeypatch.setattr("channels.website.live_knowledge", lambda: LiveKnowledge(folder))
    site = await serve()
    page = (await site.client.get("")).text
    assert "A &amp; &lt;b&gt;, à l&#x27;adresse ecrire@club.fr" in page
    assert "aamaya" not in page
    assert 'privacy="https://club.fr/?a=&quot;b&quot;&amp;c"' in page
    for encoding in ("gzip", "identity"):
        module = await site.client.get("organisation.js", headers={"Accept-Encoding": encoding})
        assert 'PRIVACY = "https://club.fr/?a=\\"b\\"&c";' in module.text


async def test_the_page_without_its_slash_finds_its_files_too(site: Site) -> None:
    answer = await site.client.get(f"http://127.0.0.1:{site.port}/webhooks/website", follow_redirects=True)
    assert answer.status_code == 200
    script = answer.url.join("assistant-oim.js")
    assert (await site.client.get(script)).status_code == 200, f"{script}, as a browser would ask for it"


async def test_all_files_of_the_component_are_served_and_may_be_loaded_by_all_sites(site: Site) -> None:
    files = [path for path in (ROOT / "widget").iterdir() if path.suffix in (".js", ".css")]
    assert files
    for path in files:
        answer = await site.client.get(path.name, headers={"Origin": FOREIGN})
        assert answer.content == path.read_bytes()
        kind = "text/javascript" if path.suffix == ".js" else "text/css"
        assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        secured(answer)


NO_FILES = (
    "demo.html",
    "../rest.py",
    "..%2frest.py",
    "%2e%2e/%2e%2e/domain.yml",
    "../../credentials.yml",
    "....//....//domain.yml",
    "%2e%2e%2fassistant-oim.js",
    "/etc/passwd",
    "//etc/passwd",
    "..\\..\\domain.yml",
    "..%5cdomain.yml",
    "assistant-oim.js%00.css",
    "assistant-oim.js/../../../domain.yml",
    "assistant-oim.jsx",
    "ASSISTANT-OIM.JS",
    "assistant-oim",
    ".js",
    "-.js",
    "sous/assistant-oim.js",
    "README.md",
    "assistant-oim.d.ts",
)


async def test_nothing_else_is_served(site: Site) -> None:
    """Sent as it is: a browser and httpx would tidy the address up."""
    for path in NO_FILES:
        head = f"GET /webhooks/website/{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
        answer = await site.raw(head)
        assert re.match(rb"HTTP/1.1 (404|400) ", answer), (path, answer[:200])
        for content in (b"root:", b"version:", b"GuardedRest", b"<html lang", b"export "):
            assert content not in answer, path


@pytest.mark.parametrize("path", POSTS)
async def test_answers_and_errors_are_secured_and_not_kept(visitor: Visitor, path: str) -> None:
    await visitor.ask("ici", "message-1")
    good = {"conversation": visitor.token, "id": "message-1", "text": "ici", "verdict": "wrong"}
    for body, headers in ((good, {}), (b"{", {}), (b"a" * (MAX_BYTES + 1), {}), (good, {"Origin": FOREIGN})):
        answer = await visitor.site.post(path, body, **headers)
        secured(answer)
        if answer.content:
            assert answer.headers["Cache-Control"] == "no-store"


# The same message twice


async def test_the_same_message_later_is_handled_once(visitor: Visitor) -> None:
    first = await visitor.send("Que fait l'OIM ?", "message-1")
    again = await visitor.send("Que fait l'OIM ?", "message-1")
    assert first.json() == again.json()
    assert len(visitor.site.agent.seen) == 1


async def test_the_same_message_at_once_is_handled_once(visitor: Visitor) -> None:
    answers = await asyncio.gather(*(visitor.send("Que fait l'OIM ?", "message-1") for _ in range(5)))
    assert [answer.status_code for answer in answers] == [200] * 5
    assert len({answer.text for answer in answers}) == 1
    assert len(visitor.site.agent.seen) == 1


async def test_a_message_whose_sender_goes_away_is_answered_when_it_comes_again(visitor: Visitor) -> None:
    site = visitor.site
    site.agent.go.clear()
    with pytest.raises(httpx.ReadTimeout):
        body = json.dumps({"conversation": visitor.token, "id": "message-1", "text": "ici"})
        await site.client.post("messages", content=body, timeout=0.3)
    again = asyncio.ensure_future(visitor.ask("ici", "message-1"))
    await asyncio.sleep(0.1)
    site.agent.go.set()
    assert await again == "Réponse à ici"
    assert len(site.agent.seen) == 1


async def test_another_message_is_another_one(visitor: Visitor) -> None:
    assert await visitor.ask("un", "message-1") == "Réponse à un"
    assert await visitor.ask("deux", "message-2") == "Réponse à deux"


# Erasure


async def test_erasure_empties_the_conversation_and_no_other(site: Site) -> None:
    one, other = await site.begin(), await site.begin()
    await one.ask(SECRET)
    await other.ask("ici")
    answer = await one.erase()
    assert (answer.status_code, answer.content) == (204, b"")
    assert site.agent.kept(one.conversation) == []
    assert site.agent.kept(other.conversation) != []
    assert (await one.erase()).status_code == 204, "twice is as good as once"


async def test_after_an_erasure_replies_are_forgotten_too(visitor: Visitor) -> None:
    await visitor.ask(SECRET, "message-1")
    await visitor.erase()
    answer = await visitor.send("ici", "message-1")
    assert SECRET not in answer.text


async def test_erasure_waits_for_what_is_being_answered(visitor: Visitor) -> None:
    agent = visitor.site.agent
    agent.go.clear()
    asked = asyncio.ensure_future(visitor.send(SECRET))
    await asyncio.wait_for(agent.began.wait(), PATIENCE)
    erased = asyncio.ensure_future(visitor.erase())
    await asyncio.sleep(0.1)
    assert not erased.done()
    agent.go.set()
    assert (await erased).status_code == 204
    assert (await asked).status_code == 200
    assert agent.kept(visitor.conversation) == []


async def test_erasure_waits_for_several_that_are_being_answered(visitor: Visitor) -> None:
    agent = visitor.site.agent
    agent.go.clear()
    asked = [asyncio.ensure_future(visitor.send(SECRET)) for _ in range(3)]
    while len(agent.seen) < 3:
        await asyncio.sleep(0.01)
    erased = asyncio.ensure_future(visitor.erase())
    await asyncio.sleep(0.1)
    agent.go.set()
    assert (await erased).status_code == 204
    await asyncio.gather(*asked)
    assert agent.kept(visitor.conversation) == []


async def test_an_erasure_is_done_though_whoever_asked_has_gone(visitor: Visitor) -> None:
    """Whoever quits quickly may be gone before the answer in the making is."""
    agent = visitor.site.agent
    agent.go.clear()
    asked = asyncio.ensure_future(visitor.send(SECRET))
    await asyncio.wait_for(agent.began.wait(), PATIENCE)
    with pytest.raises(httpx.ReadTimeout):
        await visitor.site.client.post("erasures", content=json.dumps({"conversation": visitor.token}), timeout=0.2)
    agent.go.set()
    await asked
    for _ in range(30):
        await asyncio.sleep(0.05)
        if not agent.kept(visitor.conversation):
            break
    assert agent.kept(visitor.conversation) == []


async def test_what_arrives_after_the_erasure_is_not_kept(visitor: Visitor) -> None:
    """Whoever quits quickly while a message is on its way: the erasure may be faster than it."""
    await visitor.ask(SECRET)
    await visitor.erase()
    await visitor.send(SECRET)
    assert visitor.site.agent.kept(visitor.conversation) == []


async def test_the_erasure_said_in_words_forgets_the_replies_before_it(visitor: Visitor) -> None:
    """The visitor was told that all is erased: what was answered must not come back for ten minutes."""
    site = visitor.site
    first = await visitor.ask(SECRET, "message-1")
    assert SECRET in first

    async def erase_on_request(message: UserMessage) -> None:
        site.agent.store.erase(message.sender_id)
        assert message.output_channel
        said = {"text": "Votre conversation est effacée.", "utter_action": "utter_effacement"}
        await message.output_channel.send_response(message.sender_id, said)

    site.agent.handle_message = erase_on_request  # type: ignore[method-assign]
    answer = await visitor.send("efface mes données", "message-2")
    assert answer.json()["erased"] is True
    assert SECRET not in (await visitor.send("ici", "message-1")).text


# Feedback


async def test_feedback_is_kept_with_the_decision_and_without_the_visitors_words(visitor: Visitor) -> None:
    await visitor.ask(f"le secret est {SECRET}", "message-1")
    answer = await visitor.rate("message-1", "incomplete")
    assert (answer.status_code, answer.content) == (204, b"")
    (kept,) = visitor.site.said
    assert kept.verdict == "incomplete"
    assert kept.decisions[0]["facts"] == ["ocam.role"]
    assert SECRET.encode() not in visitor.site.feedback.read_bytes()
    await visitor.rate("message-1", "yes")
    assert [one.verdict for one in visitor.site.said] == ["yes"]


@pytest.mark.parametrize("message", ["message-9", "%%%%%%%%", "________"])
async def test_feedback_on_what_was_not_answered_is_404(visitor: Visitor, message: str) -> None:
    await visitor.ask("ici", "message-1")
    answer = await visitor.rate(message)
    refused(answer, 400 if "%" in message else 404)
    assert visitor.site.said == []


async def test_feedback_stays_when_the_conversation_is_erased(visitor: Visitor) -> None:
    await visitor.ask(SECRET, "message-1")
    await visitor.rate("message-1")
    await visitor.erase()
    assert len(visitor.site.said) == 1
    assert visitor.conversation.encode() not in visitor.site.feedback.read_bytes()


async def test_feedback_on_an_apology_is_not_taken_for_one_on_the_answer_before(visitor: Visitor) -> None:
    await visitor.ask("ici", "message-1")
    visitor.site.agent.decided = False  # as when the action server is gone: the message is kept, nothing is decided
    assert await visitor.ask("et là ?", "message-2") == TEXTS["excuse"]
    refused(await visitor.rate("message-2"), 404, TEXTS["reponse_inconnue"])
    assert visitor.site.said == []


# What fails


async def test_an_error_becomes_an_apology_and_its_text_is_in_no_log(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    visitor.site.agent.error = ValueError(f"cannot read {SECRET}")
    assert await visitor.ask(SECRET) == TEXTS["excuse"]
    assert "ValueError" in caplog.text
    assert SECRET not in ours(caplog)
    assert all(record.exc_info is None for record in caplog.records), "a traceback would hold the text"
    visitor.site.agent.error = None
    assert await visitor.ask("ici") == "Réponse à ici"


@pytest.mark.parametrize("path", ["feedback", "erasures", "messages"])
async def test_an_error_outside_of_a_turn_is_said_and_its_text_is_in_no_log(
    visitor: Visitor, path: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError(SECRET)

    await visitor.ask("ici", "message-1")
    monkeypatch.setattr(visitor.site.agent.tracker_store, "retrieve_full_tracker", fail)
    monkeypatch.setattr("channels.website.erase", fail)
    monkeypatch.setattr("channels.website.GuardedHandler.__call__", fail)
    message = "message-2" if path == "messages" else "message-1"
    body = {"conversation": visitor.token, "id": message, "text": SECRET, "verdict": "wrong"}
    answer = await visitor.site.post(path, body)
    refused(answer, 500, TEXTS["excuse"])
    secured(answer)
    assert "RuntimeError" in caplog.text
    assert SECRET not in ours(caplog)


async def test_nothing_that_is_said_is_logged_at_any_level(visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    await visitor.ask(SECRET, "message-1")
    await visitor.send({"a": SECRET})
    await visitor.rate(SECRET)
    await visitor.site.post("messages", f"{{{SECRET}".encode())
    text = ours(caplog)
    assert SECRET not in text
    assert visitor.token not in text
