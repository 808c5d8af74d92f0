"""An organisation's own system on loopback: it posts what people write, and takes signed answers."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

import httpx

from tests.messaging.app import App
from tests.messaging.standin import Answer, Call, Shown, StandIn

SECRET = "essai-de-secret-partage-de-quarante-caract"


def signed(body: bytes, at: str = "", secret: str = SECRET) -> dict[str, str]:
    """Return the headers of a signed request, of now unless told otherwise."""
    at = at or str(int(time.time()))
    signature = hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"content-type": "application/json", "x-assistant-timestamp": at, "x-assistant-signature": signature}


class System(StandIn):
    """Checks the signature and its time, and each field.

    Attributes:
        answers: what was taken.
    """

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[dict[str, Any]] = []

    def take(self, call: Call) -> Answer:
        if call.method != "POST" or call.path != "/reponses":
            return self._no(404, "not found")
        at = call.headers.get("x-assistant-timestamp", "")
        if not at.isdigit() or abs(time.time() - int(at)) > 300:
            return self._no(403, "old")
        expected = signed(call.body, at)["x-assistant-signature"]
        if not hmac.compare_digest(call.headers.get("x-assistant-signature", ""), expected):
            return self._no(403, "signature")
        if not call.headers.get("content-type", "").startswith("application/json"):
            return self._no(415, "content-type")
        answer = json.loads(call.body)
        if not _is_answer(answer):
            return self._no(422, "answer")
        self.answers.append(answer)
        for message in answer["messages"]:
            source = f"\nSource : {message['source']}" if "source" in message else ""
            buttons = tuple((choice["title"], choice["payload"]) for choice in message.get("choices", []))
            self.show(answer["person"], message["text"] + source, buttons)
        return Answer(204, "")

    def _no(self, status: int, why: str) -> Answer:
        return self.refuse(status, why, {"error": why})


def _is_answer(answer: dict[str, Any]) -> bool:
    return (
        answer.keys() == {"id", "person", "messages"}
        and all(isinstance(answer[name], str) and answer[name] for name in ("id", "person"))
        and isinstance(answer["messages"], list)
        and bool(answer["messages"])
        and all(map(_is_message, answer["messages"]))
    )


def _is_message(message: dict[str, Any]) -> bool:
    choices = message.get("choices", [{"title": "a", "payload": "b"}])
    return (
        "text" in message
        and not message.keys() - {"text", "source", "choices"}
        and all(isinstance(message[name], str) and message[name] for name in message.keys() - {"choices"})
        and not any(line.startswith("Source : ") for line in message["text"].splitlines())
        and bool(choices)
        and all(choice.keys() == {"title", "payload"} and all(choice.values()) for choice in choices)
    )


class Callback(App):
    """People in an organisation's own system."""

    name = "callback"
    standin: System

    def make(self) -> StandIn:
        return System()

    @property
    def variables(self) -> Mapping[str, str]:
        return {"CALLBACK_URL": f"{self.standin.url}/reponses", "CALLBACK_SECRET": SECRET}

    def text(self, person: str, text: str, id: str) -> httpx.Response:
        return self.send({"id": id, "person": person, "text": text})

    def press(self, person: str, shown: Shown, place: int, id: str) -> httpx.Response:
        return self.send({"id": id, "person": person, "payload": shown.buttons[place][1]})

    def media(self, person: str, id: str) -> httpx.Response:
        return self.send({"id": id, "person": person})

    def forged(self, person: str, text: str, id: str) -> list[httpx.Response]:
        body = json.dumps({"id": id, "person": person, "text": text}).encode()
        good, now = signed(body), int(time.time())
        return [
            self.post(body, {"content-type": "application/json"}),
            self.post(body, {**good, "x-assistant-signature": "0" * 64}),
            self.post(body, {**good, "x-assistant-signature": ""}),
            self.post(body, {**good, "x-assistant-timestamp": str(now + 1)}),
            self.post(body, {**good, "x-assistant-timestamp": "hier"}),
            self.post(body.replace(b"OCAM", b"OIM"), good),
            self.post(body, signed(body, secret="autre" * 10)),
            self.post(body, signed(body, at=str(now - 302))),
            self.post(body, signed(body, at=str(now + 302))),
        ]

    def ignored(self, person: str, id: str) -> list[httpx.Response]:
        """Tell nothing: such a system sends messages only."""
        return []

    def malformed(self) -> list[httpx.Response]:
        good = {"id": "m1", "person": "p1", "messages": [{"text": "a"}]}

        def call(answer: Any, headers: Mapping[str, str] | None = None, path: str = "/reponses") -> httpx.Response:
            body = json.dumps(answer).encode()
            headers = signed(body) if headers is None else headers
            return httpx.post(self.standin.url + path, content=body, headers=headers, trust_env=False)

        body = json.dumps(good).encode()
        return [
            call(good, {}),
            call(good, signed(body, secret="autre")),
            call(good, signed(body, at=str(int(time.time()) - 302))),
            call(good, {**signed(body), "content-type": "text/plain"}),
            call(good, path="/ailleurs"),
            call({**good, "messages": []}),
            call({**good, "messages": [{"text": ""}]}),
            call({**good, "messages": [{"text": "a\nSource : b"}]}),
            call({**good, "messages": [{"text": "a", "choices": []}]}),
            call({**good, "messages": [{"text": "a", "choices": [{"title": "b"}]}]}),
            call({**good, "messages": [{"text": "a", "buttons": []}]}),
            call({"id": "m1", "messages": [{"text": "a"}]}),
        ]

    def send(self, message: Mapping[str, Any]) -> httpx.Response:
        body = json.dumps(message).encode()
        return self.post(body, signed(body))
