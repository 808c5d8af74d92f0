"""What all messaging apps share, on its own: the inbox, ids of people, texts within limits, sending, the webhook."""

import asyncio
import json
import logging
import multiprocessing
import re
import shutil
import sqlite3
import stat
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from hashlib import sha256
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.run import configure_app
from sanic import Sanic
from sanic.request import Request

from assistant.dialogue.records import EXAMPLES, OTHER, Button
from assistant.dialogue.wording import CONTACT_QUESTION, OTHER_CHOICE, buttons_for
from assistant.knowledge.base import Knowledge
from assistant.knowledge.live import LiveKnowledge
from assistant.settings import ROOT
from channels.messaging import inbox as inbox_module
from channels.messaging import sending
from channels.messaging.connector import MAX_BYTES, Connector, Incoming, Kind, Refused
from channels.messaging.inbox import KEPT_SECONDS, LEASE_SECONDS, Inbox, State
from channels.messaging.people import conversation_of
from channels.messaging.rendering import Said, full_titles, numbered, parts, short_titles
from channels.messaging.sending import TRIES, NotSent, send
from channels.texts import TEXTS
from tests.content.corpus import responses
from tests.messaging.everything import everything
from tests.messaging.processes import take_all
from tests.messaging.standin import Answer, Call, StandIn
from tools.servers import free_port

KEY = "k" * 32
MARK = "zorglubmarque"
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+\.\w+")
LIMITS = (160, 300, 640, 1024, 1600, 2000, 3000, 4096)

# The inbox


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "inbox.db"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Return a function that lets time go on for the inbox."""
    now = [time.time()]
    monkeypatch.setattr(inbox_module, "time", type("Clock", (), {"time": staticmethod(lambda: now[0])}))

    def advance(seconds: float) -> None:
        now[0] += seconds

    return advance


def test_a_message_is_new_once_then_taken_then_done(path: Path) -> None:
    inbox = Inbox(path)
    assert inbox.take("app", "1") is State.NEW
    assert inbox.take("app", "1") is State.TAKEN
    inbox.done("app", "1")
    assert inbox.take("app", "1") is State.DONE
    assert Inbox(path).take("app", "1") is State.DONE, "after a restart too"


def test_messages_are_told_apart_by_channel_and_id(path: Path) -> None:
    inbox = Inbox(path)
    named = [("app", "1"), ("app", "2"), ("other", "1"), ("app", "1 "), ("app", "")]
    assert [inbox.take(*one) for one in named] == [State.NEW] * len(named)


def test_what_a_dead_process_took_is_taken_over_and_only_once(path: Path, clock: Callable[[float], None]) -> None:
    one, other = Inbox(path), Inbox(path)
    one.take("app", "1")
    clock(LEASE_SECONDS - 1)
    assert other.take("app", "1") is State.TAKEN
    clock(2)
    assert other.take("app", "1") is State.NEW
    assert one.take("app", "1") is State.TAKEN


def test_what_is_done_is_not_taken_over(path: Path, clock: Callable[[float], None]) -> None:
    inbox = Inbox(path)
    inbox.take("app", "1")
    inbox.done("app", "1")
    clock(LEASE_SECONDS * 2)
    assert inbox.take("app", "1") is State.DONE


def test_ids_are_forgotten_after_the_longest_time_that_an_app_tries(path: Path, clock: Callable[[float], None]) -> None:
    inbox = Inbox(path)
    inbox.take("app", "1")
    inbox.done("app", "1")
    clock(KEPT_SECONDS - 1)
    assert inbox.take("app", "1") is State.DONE
    clock(2)
    inbox.take("app", "2")
    assert _rows(path) == [sha256(b"app\n2").hexdigest()]
    assert KEPT_SECONDS > 7 * 86_400


def test_a_lease_is_longer_than_sending_a_message_can_take() -> None:
    assert (TRIES - 1) * sending._LONGEST_WAIT + TRIES * 10 < LEASE_SECONDS


def test_only_hashes_are_kept_for_nobody_else_to_read(path: Path) -> None:
    Inbox(path).take("whatsapp", "wamid.33611111111")
    (key,) = _rows(path)
    assert re.fullmatch("[0-9a-f]{64}", key)
    assert b"33611111111" not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_of_several_processes_one_takes_each_message(path: Path) -> None:
    numbers = [str(number) for number in range(40)]
    with _processes() as pool:
        taken = pool.starmap(take_all, [(path, numbers)] * 4)
    assert sorted(number for one in taken for number in one) == sorted(numbers)


def _processes() -> Pool:
    return multiprocessing.get_context("spawn").Pool(4)


def _rows(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return [key for (key,) in connection.execute("SELECT key FROM inbox")]
    finally:
        connection.close()


# People


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Return a function that sets the secret; one is set already."""
    monkeypatch.setenv("ASSISTANT_BASE", str(tmp_path / "conversations.db"))

    def choose(value: str) -> None:
        monkeypatch.setenv("ASSISTANT_SECRET", value)

    choose(KEY)
    return choose


def test_a_person_is_the_same_each_time_and_in_each_process(secret: Callable[[str], None]) -> None:
    here = conversation_of("app", "33611111111")
    assert conversation_of("app", "33611111111") == here
    with _processes() as pool:
        assert set(pool.starmap(conversation_of, [("app", "33611111111")] * 2)) == {here}


def test_a_person_is_another_in_each_channel_and_with_each_secret(secret: Callable[[str], None]) -> None:
    ids = {conversation_of(channel, person) for channel in ("a", "b") for person in ("1", "2", "1\n2", "")}
    assert len(ids) == 8
    secret("l" * 32)
    assert conversation_of("a", "1") not in ids


def test_without_the_key_nobody_finds_a_person_by_trying(secret: Callable[[str], None]) -> None:
    """All numbers of a country can be tried in minutes: a hash without a key would give them away."""
    person = "33611111111"
    kept = conversation_of("sms", person).removeprefix("sms-")
    guesses = [person, f"sms\n{person}", f"sms{person}", f"sms:{person}", f"sms-{person}"]
    digests = [sha256(guess.encode()).hexdigest()[:32] for guess in guesses]
    assert kept not in digests
    assert person not in kept
    assert re.fullmatch("[0-9a-f]{32}", kept)


def test_the_key_is_made_where_none_is_chosen_and_kept(secret: Callable[[str], None], tmp_path: Path) -> None:
    secret("")
    assert conversation_of("a", "1") == conversation_of("a", "1")
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


# What is shown


@pytest.fixture(scope="session")
def said() -> list[Said]:
    """All that there is to say, and the reply to a person in danger with ten services that an operator entered."""
    services = "".join(f"\nService d'écoute numéro {number} (Costa Rica) : 0800 {number:06}" for number in range(10))
    distress = [
        Said(text.format(services=services))
        for name, variants in responses().items()
        if name.startswith("utter_detresse")
        for text in variants
    ]
    return [*(one for _, one in everything()), *distress]


def questions(knowledge: Knowledge) -> list[str]:
    """Return the title of each button that there can be."""
    return [*(fact.question for fact in knowledge.facts.values()), CONTACT_QUESTION, OTHER_CHOICE]


def test_there_is_enough_to_show(said: list[Said], knowledge: Knowledge) -> None:
    assert len(said) > len(knowledge.facts) + 40
    assert not [one for one in said if re.search(r"\{\w+\}", one.text)]


@pytest.mark.parametrize("most", [*LIMITS, *range(161, 300, 23)])
def test_parts_keep_the_limit_and_lose_nothing(said: list[Said], most: int) -> None:
    for text in {numbered(one) for one in said}:
        cut = parts(text, most)
        assert all(0 < len(part) <= most for part in cut)
        assert "".join("".join(cut).split()) == "".join(text.split())
        assert " ".join(cut).split() == text.split(), "no word is cut"
        assert len(cut) == 1 or len(text) > most
        assert all(part == part.strip() for part in cut)


@pytest.mark.parametrize("most", LIMITS)
def test_each_address_stays_whole(said: list[Said], most: int) -> None:
    found = 0
    for text in {numbered(one) for one in said}:
        addresses = _ADDRESS.findall(text)
        found += len(addresses)
        assert [address for part in parts(text, most) for address in _ADDRESS.findall(part)] == addresses
    assert found > 10


def test_a_link_across_the_limit_begins_the_next_part() -> None:
    link = "https://www.exemple.org/" + "a" * 60
    for before in range(90, 160):
        text = f"{'mot ' * 40}"[:before].strip() + f" {link} suite"
        assert link in " ".join(parts(text, 160)).split()
        assert sum(link in part for part in parts(text, 160)) == 1


def test_lines_are_cut_rather_than_sentences_and_sentences_rather_than_words() -> None:
    assert parts("Un deux. Trois.\nQuatre cinq six.", 20) == ["Un deux. Trois.", "Quatre cinq six."]
    assert parts("Un deux. Trois quatre cinq.", 22) == ["Un deux.", "Trois quatre cinq."]
    assert parts("un deux trois", 8) == ["un deux", "trois"]
    assert parts("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]
    assert parts("", 10) == parts(" \n ", 10) == []


def test_blank_lines_at_the_limit_cut_no_word() -> None:
    for most in range(3, 12):
        cut = parts("mot\n\n\nmot  mot\n \nmot", most)
        assert " ".join(cut).split() == ["mot"] * 4, most
        assert all(part.strip() == part for part in cut)


@pytest.mark.parametrize("most", [20, 24, 75])
def test_short_titles_of_all_questions_are_unlike_and_within_the_limit(knowledge: Knowledge, most: int) -> None:
    titles = questions(knowledge)
    short = short_titles(titles, most)
    assert len(set(short)) == len(titles)
    assert all(0 < len(title) <= most for title in short)
    kept = [title for title in titles if len(title) <= most]
    assert set(kept) <= set(short)


@pytest.mark.parametrize("most", [20, 24, 75])
def test_short_titles_of_any_three_questions_stay_readable(knowledge: Knowledge, most: int) -> None:
    titles = questions(knowledge)
    for start in range(len(titles) - 2):
        short = short_titles(titles[start : start + 3], most)
        assert len(set(short)) == 3
        for title, whole in zip(short, titles[start:], strict=False):
            begin = re.sub(r"^\d\. ", "", title).removesuffix("…")
            assert whole.startswith(begin)
            assert len(begin) >= 4


def test_titles_that_are_the_same_are_told_apart() -> None:
    assert len(set(short_titles(["Oui"] * 13, 20))) == 13


def test_a_numbered_list_has_each_question_whole_and_no_payload(knowledge: Knowledge) -> None:
    choices = buttons_for((*EXAMPLES, OTHER), knowledge)
    assert len(choices) == 4
    lines = numbered(Said("Voici :", choices)).splitlines()
    assert lines == ["Voici :", *(f"{number}. {choice.title}" for number, choice in enumerate(choices, start=1))]
    assert numbered(Said("Rien")) == "Rien"
    assert "/choix" not in "".join(lines)


@pytest.mark.parametrize("most", [20, 24, 75])
def test_a_title_that_was_shortened_is_said_whole(knowledge: Knowledge, most: int) -> None:
    choices = tuple(Button(title, "/choix{}") for title in questions(knowledge))
    short = short_titles([choice.title for choice in choices], most)
    text = full_titles(Said("Voici :", choices), short)
    for choice, title in zip(choices, short, strict=True):
        assert title == choice.title or f"\n- {choice.title}" in text
    assert full_titles(Said("Voici :", choices), [choice.title for choice in choices]) == "Voici :"


# Sending


class Echo(StandIn):
    """An app that takes everything, some calls slowly."""

    slow = 0.0

    def take(self, call: Call) -> Answer:
        time.sleep(self.slow)
        return Answer(200, {})


@pytest.fixture
def echo() -> Iterator[Echo]:
    standin = Echo()
    yield standin
    standin.close()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the waits between tries, which take no time."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(sending, "asyncio", type("Asyncio", (), {"sleep": staticmethod(sleep)}))
    return waited


async def post(url: str, timeout: float = 5.0) -> httpx.Response:
    async with httpx.AsyncClient(timeout=timeout, trust_env=False) as client:
        return await send(lambda: client.post(f"{url}/jeton-{MARK}", json={"text": MARK}), "message")


async def test_what_is_taken_is_sent_once(echo: Echo, waits: list[float]) -> None:
    assert (await post(echo.url)).status_code == 200
    assert (len(echo.calls), waits) == (1, [])


@pytest.mark.parametrize(
    "said, waited",
    [("7", 7.0), ("0", 0.0), ("1.5", 1.5), ("-3", 0.0), ("9999", 30.0), ("demain", 0.5), ("", 0.5), ("inf", 30.0)],
)
async def test_an_app_says_when_to_come_back(echo: Echo, waits: list[float], said: str, waited: float) -> None:
    echo.fail(Answer(429, {}, {"retry-after": said}))
    await post(echo.url)
    assert (len(echo.calls), waits) == (2, [waited])


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
async def test_an_app_that_is_busy_is_called_again(echo: Echo, waits: list[float], status: int) -> None:
    echo.fail(*[Answer(status, {})] * 2)
    await post(echo.url)
    assert (len(echo.calls), waits) == (3, [0.5, 1.0])


async def test_tries_are_bounded(echo: Echo, waits: list[float]) -> None:
    echo.fail(*[Answer(503, {})] * 9)
    with pytest.raises(NotSent) as error:
        await post(echo.url)
    assert (len(echo.calls), len(waits)) == (TRIES, TRIES - 1)
    assert str(error.value) == f"message : HTTP 503, {TRIES} essais"


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 409, 413])
async def test_a_refusal_is_not_tried_again(echo: Echo, waits: list[float], status: int) -> None:
    echo.fail(Answer(status, {"error": MARK}))
    with pytest.raises(NotSent) as error:
        await post(echo.url)
    assert (len(echo.calls), waits) == (1, [])
    assert str(error.value) == f"message : HTTP {status}"


async def test_a_connection_that_is_refused_is_tried_again(waits: list[float]) -> None:
    with pytest.raises(NotSent) as error:
        await post(f"http://127.0.0.1:{free_port()}")
    assert len(waits) == TRIES - 1
    assert "ConnectError" in str(error.value)
    assert MARK not in str(error.value)


async def test_after_a_time_out_nothing_is_sent_twice(echo: Echo, waits: list[float]) -> None:
    echo.slow = 1.0
    with pytest.raises(NotSent) as error:
        await post(echo.url, timeout=0.2)
    assert (len(echo.calls), waits) == (1, [])
    assert "ReadTimeout" in str(error.value)


async def test_after_a_connection_that_broke_nothing_is_sent_twice(waits: list[float]) -> None:
    calls = 0

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal calls
        calls += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        with pytest.raises(NotSent):
            await post(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    assert (calls, waits) == (1, [])


async def test_no_token_comes_into_the_log(echo: Echo, waits: list[float], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)  # what an operator may choose
    echo.fail(Answer(503, {}))
    await post(echo.url)
    assert MARK not in caplog.text


# The webhook


class Letters(Connector):
    """A small app: JSON with `id`, `person` and `text`; what it shows is kept."""

    variables = ("LETTERS_TOKEN",)
    optional: ClassVar[dict[str, str]] = {"LETTERS_API": "https://lettres.exemple.org"}
    seconds = 5.0

    def __init__(self, settings: dict[str, str]) -> None:
        super().__init__(settings)
        self.shown: list[tuple[str, str]] = []
        self.error: Exception | None = None

    @classmethod
    def name(cls) -> str:
        return "letters"

    def check(self, request: Request, body: bytes) -> None:
        if request.headers.get("x-token") != self.settings["LETTERS_TOKEN"]:
            raise Refused

    def incoming(self, request: Request, body: bytes) -> Sequence[Incoming]:
        letters = json.loads(body)
        return [Incoming(one["id"], one["person"], Kind.TEXT, one["text"].strip()) for one in letters]

    async def show(self, message: Incoming, said: Sequence[Said]) -> None:
        if self.error:
            raise self.error
        self.shown += [(message.person, one.text) for one in said]


class Post:
    """A server with that app, and a way to it."""

    def __init__(self, connector: Letters, port: int) -> None:
        self.connector = connector
        self.client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10, trust_env=False)

    async def send(self, body: Any, token: str = "t") -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.client.post("/webhooks/letters/webhook", content=content, headers={"x-token": token})


class NoStore:
    """Knows no conversation."""

    async def retrieve(self, conversation: str) -> None:
        return None


class Agent:
    """Answers each message with itself."""

    tracker_store = NoStore()

    async def handle_message(self, message: UserMessage) -> None:
        assert message.output_channel
        await message.output_channel.send_response(message.sender_id, {"text": f"Réponse à {message.text}"})


Serve = Callable[..., Awaitable[Post]]


@pytest.fixture
async def serve(
    monkeypatch: pytest.MonkeyPatch, secret: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Serve]:
    """Return a function that starts a server, with the token that it gets."""
    monkeypatch.setattr(Sanic, "_app_registry", {})
    monkeypatch.setattr(Sanic, "test_mode", True)  # or it rewrites its own classes, which it can only once in a process
    caplog.set_level(logging.DEBUG)
    started: list[tuple[Any, Post]] = []

    async def start(token: str = "t") -> Post:
        monkeypatch.setenv("LETTERS_TOKEN", token)
        connector, port = Letters.from_credentials(None), free_port()
        assert isinstance(connector, Letters)
        app = configure_app(input_channels=[connector], enable_api=False, port=port)
        app.ctx.agent = Agent()
        server: Any = await app.create_server("127.0.0.1", port, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.before_start()
        started.append((server, Post(connector, port)))
        return started[-1][1]

    yield start
    for server, post_office in started:
        await post_office.client.aclose()
        server.close()
        await asyncio.wait_for(server.wait_closed(), 10)


def letter(id: str, text: str = "bonjour", person: str = "ana") -> dict[str, str]:
    return {"id": id, "person": person, "text": text}


async def test_a_message_is_answered_with_the_presentation_first(serve: Serve) -> None:
    office = await serve()
    assert (await office.send([letter("1")])).status_code == 200
    assert office.connector.shown == [("ana", TEXTS["presentation"]), ("ana", "Réponse à bonjour")]


@pytest.mark.parametrize("page", ["https://club.fr/donnees", None])
async def test_my_data_names_the_page_of_the_organisation_that_has_one(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, page: str | None
) -> None:
    folder = shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge")
    (folder / "organisme.yml").write_text(f"organisme: {{confidentialite: {page or ''}}}\n", "utf-8")
    monkeypatch.setattr("channels.messaging.connector.live_knowledge", lambda: LiveKnowledge(folder))
    office = await serve()
    await office.send([letter("1", "mes données")])
    ((_, said),) = office.connector.shown
    assert "24 heures" in said
    assert said.endswith(f"\nCe que nous faisons de vos données : {page}") is bool(page)
    assert ("https" in said) is bool(page)


async def test_where_questions_are_kept_a_person_is_told_so_once_and_when_they_ask(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_JOURS_QUESTIONS", "14")
    office = await serve()
    for number, text in enumerate(["bonjour", "encore", "mes données"]):
        await office.send([letter(str(number), text)])
    said = [text for _, text in office.connector.shown]
    assert said[0].startswith(TEXTS["presentation"])
    assert ["sont gardées 14 jours" in text for text in said] == [True, *[False] * (len(said) - 2), True]


async def test_who_could_not_be_sent_anything_was_told_nothing(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_JOURS_QUESTIONS", "14")
    office = await serve()
    show = Letters.show

    async def fail(self: Letters, message: Incoming, said: Sequence[Said]) -> None:
        raise NotSent("Les lettres ne partent pas.")

    monkeypatch.setattr(Letters, "show", fail)
    await office.send([letter("1")])
    monkeypatch.setattr(Letters, "show", show)
    await office.send([letter("2", "encore")])
    assert "sont gardées 14 jours" in office.connector.shown[0][1]


async def test_without_its_variables_a_channel_is_closed_and_says_so(serve: Serve) -> None:
    office = await serve(token=" ")
    for answer in (await office.send([letter("1")], token=""), await office.client.get("/webhooks/letters/webhook")):
        assert (answer.status_code, answer.text) == (404, TEXTS["canal_ferme"])
    assert office.connector.missing == ["LETTERS_TOKEN"]
    assert office.connector.settings["LETTERS_API"] == "https://lettres.exemple.org"
    assert office.connector.shown == []


async def test_who_is_not_the_app_is_refused(serve: Serve) -> None:
    office = await serve()
    answer = await office.send([letter("1")], token="faux")
    assert (answer.status_code, answer.text) == (403, TEXTS["signature_refusee"])
    assert office.connector.shown == []


async def test_a_body_over_the_limit_is_refused_whoever_sends_it(serve: Serve) -> None:
    office = await serve()
    for token in ("t", "faux"):
        answer = await office.send(b"[" + b" " * MAX_BYTES, token)
        assert (answer.status_code, answer.text) == (413, TEXTS["requete_trop_longue"])
    assert (await office.send(b"[]" + b" " * (MAX_BYTES - 2))).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"1",
        b'"' + MARK.encode() + b'"',
        f'["{MARK}"]'.encode(),
        f'[{{"id": "1", "text": "{MARK}"}}]'.encode(),
        f'[{{"id": "1", "person": "{MARK}", "text": 5}}]'.encode(),
        f'{{"id": "{MARK}"'.encode(),
        b"[" * 100_000,
        b"1" * 100_000,
    ],
    ids=lambda body: body[:12].decode(errors="replace"),
)
async def test_what_cannot_be_read_is_told_without_a_text(
    serve: Serve, caplog: pytest.LogCaptureFixture, body: bytes
) -> None:
    office = await serve()
    answer = await office.send(body)
    assert (answer.status_code, answer.text) == (400, TEXTS["requete_canal_illisible"])
    assert "letters : requête illisible" in caplog.text
    assert MARK not in caplog.text
    assert "Traceback" not in caplog.text


async def test_what_another_process_took_is_asked_for_again_until_it_is_answered(serve: Serve) -> None:
    """Or a question would be lost when a process dies over it."""
    office = await serve()
    other = office.connector._inbox
    other.take("letters", "1")
    answer = await office.send([letter("1"), letter("2")])
    assert (answer.status_code, answer.text) == (503, TEXTS["message_pris"])
    assert len(office.connector.shown) == 2, "the other one is answered"
    other.done("letters", "1")
    assert (await office.send([letter("1"), letter("2")])).status_code == 200
    assert len(office.connector.shown) == 2


async def test_what_cannot_be_noted_is_asked_for_again(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    office = await serve()

    def full(*_: str) -> State:
        raise sqlite3.OperationalError(MARK)

    with monkeypatch.context() as patch:
        patch.setattr(Inbox, "take", full)
        assert (await office.send([letter("1")])).status_code == 503
    assert "OperationalError" in caplog.text
    assert MARK not in caplog.text
    assert (await office.send([letter("1")])).status_code == 200
    assert len(office.connector.shown) == 2


@pytest.mark.parametrize("error", [NotSent("letters : HTTP 400"), ValueError(MARK)])
async def test_what_cannot_be_sent_is_logged_without_a_person_or_a_text(
    serve: Serve, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    office = await serve()
    office.connector.error = error
    assert (await office.send([letter("1", MARK, person="33611111111")])).status_code == 200
    logged = "\n".join(record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR)
    assert conversation_of("letters", "33611111111") in logged
    assert type(error).__name__ in logged or str(error) in logged
    assert MARK not in caplog.text
    assert "33611111111" not in caplog.text


async def test_answers_to_one_person_keep_their_order(serve: Serve) -> None:
    office = await serve()
    letters = [letter(str(number), f"lettre {number}") for number in range(20)]
    assert (await office.send(letters)).status_code == 200
    answers = [said for _, said in office.connector.shown if said != TEXTS["presentation"]]
    assert answers == [f"Réponse à lettre {number}" for number in range(20)]
