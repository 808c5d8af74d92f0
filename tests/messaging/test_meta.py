"""What Messenger and WhatsApp have in common beside the contract."""

import httpx
import pytest

from channels.messaging.meta import Meta
from channels.messenger import Messenger as MessengerChannel
from channels.whatsapp import Whatsapp as WhatsappChannel
from tests.messaging.conftest import Person, Server, fresh
from tests.messaging.messenger import Messenger
from tests.messaging.meta import APP_SECRET, VERIFY_TOKEN, MetaApp, error, graph, signature
from tests.messaging.standin import Answer
from tests.messaging.test_contract import WHEN
from tests.messaging.whatsapp import Whatsapp

CHANNELS: dict[str, type[Meta]] = {"messenger": MessengerChannel, "whatsapp": WhatsappChannel}


@pytest.fixture(params=(Messenger, Whatsapp), ids=lambda kind: kind.name)
def app(request: pytest.FixtureRequest, server: Server) -> MetaApp:
    app = next(app for app in server.apps if type(app) is request.param)
    assert isinstance(app, MetaApp)
    app.standin.refused.clear()
    return app


def test_the_handshake_returns_the_bare_challenge(app: MetaApp) -> None:
    answer = app.handshake()
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "asked",
    (
        {"verify_token": "autre"},
        {"verify_token": ""},
        {"verify_token": "é"},
        {"mode": "unsubscribe"},
        {"challenge": ""},
    ),
)
def test_a_handshake_of_somebody_else_is_refused(app: MetaApp, asked: dict[str, str]) -> None:
    assert app.handshake(**asked).status_code == 403


def test_a_signature_over_the_handshake_does_not_open_it(app: MetaApp) -> None:
    assert app.client is not None
    shown = {"x-hub-signature-256": signature(b"")}
    assert app.client.get(f"/webhooks/{app.name}/webhook", headers=shown).status_code == 403


def test_the_word_of_the_handshake_opens_nothing_else(app: MetaApp, person: Person) -> None:
    body = app.bytes_of(app.update(app.written(person.id, WHEN, fresh("m"))))
    assert app.post(body, {}, f"?hub.verify_token={VERIFY_TOKEN}&hub.mode=subscribe").status_code == 403


def test_letters_that_meta_escaped_do_not_break_the_signature(app: MetaApp, person: Person) -> None:
    update = app.update(app.written(person.id, "Où l'OCAM a-t-elle été créée ? déjà/été", fresh("m")))
    assert b"\\u00e9" in app.bytes_of(update)
    assert app.send(update).status_code == 200
    person.new(2)


def test_every_event_of_a_batch_is_answered(app: MetaApp) -> None:
    people = [Person(app, app.person(fresh("p"))) for _ in range(5)]
    events = [app.written(person.id, WHEN, fresh("m")) for person in people]
    assert app.send(app.update(*events)).status_code == 200
    for person in people:
        assert "1990" in person.new(2)[1].text


def test_events_of_one_entry_are_all_answered(app: MetaApp) -> None:
    people = [Person(app, app.person(fresh("p"))) for _ in range(3)]
    update = app.update(*(app.written(person.id, WHEN, fresh("m")) for person in people))
    first, *others = update["entry"]
    for entry in others:
        if app.kind == "page":
            first["messaging"] += entry["messaging"]
        else:
            first["changes"][0]["value"]["messages"] += entry["changes"][0]["value"]["messages"]
    assert app.send({**update, "entry": [first]}).status_code == 200
    for person in people:
        assert "1990" in person.new(2)[1].text


def test_messages_of_a_batch_are_answered_in_the_order_of_writing(app: MetaApp, person: Person) -> None:
    person.greet()
    later = app.written(person.id, "et où ?", fresh("m"), at=9)
    assert app.send(app.update(later, app.written(person.id, WHEN, fresh("m")))).status_code == 200
    first, second = person.new(2)
    assert "1990" in first.text and "San Jose" in second.text


def test_the_same_message_twice_in_a_batch_is_answered_once(app: MetaApp, person: Person) -> None:
    person.greet()
    event = app.written(person.id, WHEN, fresh("m"))
    assert app.send(app.update(event, event)).status_code == 200
    person.new(1)
    (answer,) = person.ask("et où ?")
    assert "San Jose" in answer.text


def test_an_event_that_cannot_be_read_costs_no_other(app: MetaApp, person: Person, server: Server) -> None:
    odd = {**app.written(person.id, "secret-illisible", fresh("m")), "message": ["?"], "type": 7, "id": None}
    assert app.send(app.update(odd, app.written(person.id, WHEN, fresh("m")))).status_code == 200
    assert "1990" in person.new(2)[1].text
    assert "secret-illisible" not in server.log


@pytest.mark.parametrize("body", (b"", b"{", b"[]", b"null", b'"a"', b'{"object": "page"}', b"\xff", b"{}"))
def test_what_is_signed_and_no_request_is_answered_400(app: MetaApp, body: bytes) -> None:
    answer = app.post(body, {"x-hub-signature-256": signature(body)})
    assert answer.status_code == (200 if body == b'{"object": "page"}' and app.kind != "page" else 400)


def test_what_deserves_silence_is_answered_to_nobody(app: MetaApp, person: Person) -> None:
    """Not to our own account either, which an echo names as its sender."""
    before = len(app.standin.calls)
    app.ignored(person.id, fresh("m"))
    person.greet()
    assert len(app.standin.calls) == before + 2
    assert app.standin.refused == []


def test_a_limit_of_the_app_is_waited_for(app: MetaApp, person: Person) -> None:
    person.greet()
    app.standin.fail(Answer(400, error(4)), Answer(500, error(2)))
    assert "1990" in person.ask(WHEN)[0].text


@pytest.mark.parametrize(
    ("status", "codes"),
    (
        (400, (551, 1545041)),
        (400, (10, 2018108)),
        (500, (1, 1357046)),
        (503, (190, 460)),
        (200, (100, None)),
        (400, (131026, None)),
    ),
)
def test_an_error_that_will_not_pass_or_may_be_none_is_not_tried_again(
    person: Person, server: Server, status: int, codes: tuple[int, int | None]
) -> None:
    app, (code, subcode) = person.greet().app, codes
    before = len(app.standin.calls)
    app.standin.fail(Answer(status, error(code, subcode, "(#1) texte-d-erreur")))
    assert app.text(person.id, WHEN, fresh("m")).status_code == 200
    person.ask("bonjour")
    assert len(app.standin.calls) == before + 2
    assert server.logged(f"HTTP {status}, code {code}" + (f"/{subcode}" if subcode else ""))
    assert "texte-d-erreur" not in server.log


@pytest.mark.parametrize(
    ("name", "code", "subcode", "again"),
    (
        ("messenger", 1, None, True),
        ("messenger", 1, 1357046, False),
        ("messenger", 2, None, True),
        ("messenger", 4, None, True),
        ("messenger", 613, None, True),
        ("messenger", 551, None, False),
        ("messenger", 190, 460, False),
        ("whatsapp", 1, 1357046, False),
        ("whatsapp", 4, None, True),
        ("whatsapp", 80007, None, True),
        ("whatsapp", 130429, None, True),
        ("whatsapp", 131000, None, True),
        ("whatsapp", 131016, None, True),
        ("whatsapp", 131056, None, True),
        ("whatsapp", 131026, None, False),
        ("whatsapp", 131047, None, False),
        ("whatsapp", 130403, None, False),
        ("whatsapp", 100, None, False),
    ),
)
def test_the_code_decides_whatever_the_status(name: str, code: int, subcode: int | None, again: bool) -> None:
    channel = CHANNELS[name].from_credentials(None)
    assert isinstance(channel, Meta)
    for status in (200, 400, 429, 503):
        verdict = channel.verdict(answer(status, error(code, subcode)))
        assert verdict.again is again and verdict.problem
    assert (channel.verdict(answer(400, error(code, subcode))).wait is not None) is (code == 131056)


@pytest.mark.parametrize("name", CHANNELS)
def test_without_a_code_the_status_decides(name: str) -> None:
    channel = CHANNELS[name].from_credentials(None)
    assert isinstance(channel, Meta)
    bodies: tuple[object, ...] = ({}, [], {"error": None}, {"error": "non"}, {"error": {"code": "4"}})
    for body in bodies:
        assert not channel.verdict(answer(200, body)).problem
        assert channel.verdict(answer(503, body)).again
        assert not channel.verdict(answer(400, body)).again


@pytest.mark.parametrize("name", CHANNELS)
def test_the_version_and_the_address_may_be_others(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("META_GRAPH_VERSION", "META_GRAPH_URL"):
        monkeypatch.delenv(variable, raising=False)
    channel = CHANNELS[name].from_credentials(None)
    assert isinstance(channel, Meta)
    assert channel.url("me") == "https://graph.facebook.com/v26.0/me"
    monkeypatch.setenv("META_GRAPH_VERSION", "v27.0")
    monkeypatch.setenv("META_GRAPH_URL", "http://127.0.0.1:9/")
    other = CHANNELS[name].from_credentials(None)
    assert isinstance(other, Meta)
    assert other.url("me") == "http://127.0.0.1:9/v27.0/me"


def test_no_secret_stands_in_the_log(app: MetaApp, person: Person, server: Server) -> None:
    person.greet()
    for secret in (APP_SECRET, VERIFY_TOKEN, app.endpoint().expected):
        assert secret not in server.log


def test_the_probes_are_taken_by_the_stand_in_and_change_nothing(app: MetaApp, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in app.variables.items():
        monkeypatch.setenv(name, value)
    before = len(app.standin.shown)
    for probe in CHANNELS[app.name].from_credentials(None).probes():
        said = httpx.request(probe.method, probe.url, headers=dict(probe.headers), trust_env=False)
        assert said.status_code == 200
        assert app.endpoint().expected not in probe.what
        wrong = probe.url.replace(app.endpoint().expected, "autre")
        assert httpx.request(probe.method, wrong, trust_env=False).status_code == 401
    assert len(app.standin.shown) == before


def test_both_apps_use_one_graph(app: MetaApp) -> None:
    assert app.standin is graph()


def answer(status: int, body: object) -> httpx.Response:
    return httpx.Response(status, json=body)
