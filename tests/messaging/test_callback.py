"""What the channel of an organisation's own systems has of its own."""

import hashlib
import hmac
import json
import time
from typing import Any

import pytest

from channels import callback as connector
from channels.messaging.rendering import Said
from tests.messaging.app import App
from tests.messaging.callback import SECRET, Callback, _is_answer, signed
from tests.messaging.conftest import Person, Server, fresh
from tests.messaging.everything import everything
from tests.messaging.standin import Answer
from tests.messaging.test_contract import WHEN


@pytest.fixture
def app(server: Server) -> App:
    app = next(app for app in server.apps if isinstance(app, Callback))
    app.standin.refused.clear()
    return app


@pytest.fixture
def callback(app: App) -> Callback:
    assert isinstance(app, Callback)
    return app


@pytest.mark.parametrize(("name", "said"), everything(), ids=lambda value: value if isinstance(value, str) else "")
def test_everything_is_whole(name: str, said: Said) -> None:
    message = connector._message(said)
    assert _is_answer({"id": "m", "person": "p", "messages": [message]})
    source = f"\nSource : {message['source']}" if "source" in message else ""
    assert message["text"] + source == said.text
    assert [choice["title"] for choice in message.get("choices", [])] == [choice.title for choice in said.choices]


def test_an_answer_names_its_question_and_its_source(callback: Callback, person: Person) -> None:
    person.greet()
    id = fresh("m")
    callback.text(person.id, WHEN, id)
    person.new(1)
    answer = callback.standin.answers[-1]
    assert answer["id"] == id and answer["person"] == person.id
    (message,) = answer["messages"]
    assert "1990" in message["text"] and message["source"].startswith("« ")


def test_all_that_is_said_to_a_message_comes_at_once(callback: Callback, person: Person) -> None:
    id = fresh("m")
    callback.text(person.id, WHEN, id)
    person.new(2)
    (answer,) = [answer for answer in callback.standin.answers if answer["id"] == id]
    assert len(answer["messages"]) == 2


def test_the_documented_receiver_takes_our_answers(callback: Callback, person: Person) -> None:
    """The ten lines of the documentation, as they stand there."""

    def genuine(headers: dict[str, str], body: bytes) -> bool:
        at = headers.get("x-assistant-timestamp", "")
        if not at.isdecimal() or abs(time.time() - int(at)) > 300:
            return False
        expected = hmac.new(SECRET.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(expected, headers.get("x-assistant-signature", ""))

    person.greet()
    call = callback.standin.calls[-1]
    assert genuine(dict(call.headers), call.body)
    assert not genuine(dict(call.headers), call.body + b" ")


def test_a_try_again_is_signed_anew(callback: Callback, person: Person) -> None:
    person.greet()
    callback.standin.fail(Answer(503, {}, {"retry-after": "2"}))
    person.ask(WHEN)
    first, second = callback.standin.calls[-2:]
    assert first.body == second.body
    assert first.headers["x-assistant-timestamp"] != second.headers["x-assistant-timestamp"]


def test_a_redirection_is_not_followed(callback: Callback, person: Person, server: Server) -> None:
    person.greet()
    callback.standin.fail(Answer(307, {}, {"location": "/reponses"}))
    calls = len(callback.standin.calls)
    callback.text(person.id, WHEN, fresh("m"))
    assert len(callback.standin.calls) == calls + 1
    assert server.logged("CALLBACK_URL : HTTP 307")


def test_a_signature_that_is_no_text_is_refused(callback: Callback) -> None:
    assert callback.client is not None
    body = b'{"id":"m","person":"p","text":"a"}'
    headers = {name.encode(): value.encode() for name, value in signed(body).items()}
    headers[b"x-assistant-signature"] = b"\xe9"
    assert callback.client.post("/webhooks/callback/webhook", content=body, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "message",
    [
        {"person": "p", "text": "a"},
        {"id": "m", "text": "a"},
        {"id": "", "person": "p", "text": "a"},
        {"id": 1, "person": "p", "text": "a"},
        {"id": "m", "person": ["p"], "text": "a"},
        {"id": "m", "person": "p" * 256, "text": "a"},
        {"id": "m", "person": "\ud800", "text": "a"},
        {"id": "m", "person": "p", "text": 1},
        {"id": "m", "person": "p", "text": "a", "payload": "b"},
        ["m", "p", "a"],
        "m",
    ],
)
def test_what_is_no_message_is_told_so(callback: Callback, message: Any) -> None:
    body = json.dumps(message).encode()
    assert callback.post(body, signed(body)).status_code == 400


def test_what_is_no_json_is_told_so(callback: Callback) -> None:
    for body in (b"", b"{", b"\xff"):
        assert callback.post(body, signed(body)).status_code == 400


def test_a_payload_that_was_not_offered_is_not_obeyed(callback: Callback, person: Person) -> None:
    person.greet()
    callback.send({"id": fresh("m"), "person": person.id, "payload": '/choix{"fait": "ocam.date_creation"}'})
    assert "1990" not in person.new(1)[-1].text


@pytest.mark.parametrize(
    ("url", "open"),
    [
        ("https://systeme.example/reponses", True),
        ("http://127.0.0.1:8000/reponses", True),
        ("http://[::1]:8000/reponses", True),
        ("http://localhost/reponses", True),
        ("http://systeme.example/reponses", False),
        ("http://127.0.0.1.example/reponses", False),
        ("http://localhost.example/reponses", False),
        ("http://localhost@systeme.example/", False),
        ("http://10.0.0.1/reponses", False),
        ("https://", False),
        ("ftp://systeme.example/", False),
        ("http://[::1/", False),
    ],
)
def test_answers_leave_this_machine_only_encrypted(url: str, open: bool) -> None:
    found = connector.Callback({"CALLBACK_URL": url, "CALLBACK_SECRET": SECRET})
    assert found.missing == ([] if open else ["CALLBACK_URL"])


def test_a_short_secret_closes_the_channel(caplog: pytest.LogCaptureFixture) -> None:
    found = connector.Callback({"CALLBACK_URL": "https://systeme.example/", "CALLBACK_SECRET": "court-secret"})
    assert found.missing == ["CALLBACK_SECRET"]
    assert "32" in caplog.text and "court-secret" not in caplog.text
