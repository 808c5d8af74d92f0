"""Chatwoot on loopback: the part of its API that is documented and used, refused as it refuses, and its webhooks."""

import hmac
import json
import re
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from itertools import count
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from tests.messaging.standin import Answer, Call, StandIn
from tests.waiting import eventually

INBOX = "essaiBoite7"
ACCOUNT = 3
TOKEN = "jeton-d-essai-chatwoot"
SECRET = "secret-du-webhook-d-essai"
#: The fields of each call and their types; those with `True` are required. What Chatwoot would pass over is refused.
CONTACT = {"name": (str, False), "email": (str, False), "identifier": (str, False), "custom_attributes": (dict, False)}
CONVERSATION = {"custom_attributes": (dict, False)}
MESSAGE = {"content": (str, True), "echo_id": (str, False)}
NOTE = {"content": (str, True), "message_type": (str, True), "private": (bool, True), "content_type": (str, False)}
#: The most characters of a message.
MOST = 150_000
_PUBLIC = rf"/public/api/v1/inboxes/{INBOX}"


@dataclass
class Talk:
    """A conversation as agents see it.

    Attributes:
        contact: whose it is.
        name: what agents see of who writes.
        status: `open` or `resolved`.
        said: what the visitor wrote.
        notes: what agents alone see.
    """

    contact: str
    name: str
    status: str = "open"
    said: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Chatwoot(StandIn):
    """The API, and agents who answer.

    Attributes:
        talks: the conversations by their number.
        broken: what every call is answered, if anything.
        slow: how many seconds each answer takes.
    """

    def __init__(self) -> None:
        super().__init__()
        self.talks: dict[int, Talk] = {}
        self.broken: Answer | None = None
        self.slow = 0.0
        self.webhook = ""
        self._names: dict[str, str] = {}
        self._ids = count(101)

    @property
    def variables(self) -> dict[str, str]:
        return {
            "CHATWOOT_URL": self.url,
            "CHATWOOT_INBOX_IDENTIFIER": INBOX,
            "CHATWOOT_ACCOUNT_ID": str(ACCOUNT),
            "CHATWOOT_TOKEN": TOKEN,
            "CHATWOOT_WEBHOOK_SECRET": SECRET,
        }

    def take(self, call: Call) -> Answer:
        time.sleep(self.slow)
        if self.broken:
            return self.broken
        routes: dict[tuple[str, str], Callable[..., Answer]] = {
            ("GET", _PUBLIC): self._show,
            ("POST", rf"{_PUBLIC}/contacts"): self._contact,
            ("POST", rf"{_PUBLIC}/contacts/([\w-]+)/conversations"): self._conversation,
            ("POST", rf"{_PUBLIC}/contacts/([\w-]+)/conversations/(\d+)/messages"): self._message,
            ("POST", rf"{_PUBLIC}/contacts/([\w-]+)/conversations/(\d+)/toggle_status"): self._toggle,
            ("POST", rf"/api/v1/accounts/{ACCOUNT}/conversations/(\d+)/messages"): self._note,
            ("GET", "/api/v1/profile"): self._profile,
        }
        for (method, path), route in routes.items():
            found = re.fullmatch(path, call.path)
            if found and method == call.method:
                return self._checked(call, route, found.groups())
        return self.refuse(404, f"{call.method} {call.path}", {"status": 404, "error": "Not Found"})

    def stop(self) -> None:
        """Be unreachable, as a server that is down."""
        self._server.shutdown()
        self._server.server_close()

    def again(self) -> None:
        """Be there again, at the same address."""
        self._server = ThreadingHTTPServer(self._server.server_address[:2], self._handler())
        Thread(target=self._server.serve_forever, daemon=True).start()

    def talk(self, number: int = 0) -> Talk:
        """Return the newest conversation, once so many messages are in it."""
        assert eventually(lambda: self.talks and len(self.talks[max(self.talks)].said) >= number), self.refused
        return self.talks[max(self.talks)]

    @property
    def newest(self) -> int:
        return max(self.talks)

    def answers(self, number: int, text: str | None, **others: Any) -> int:
        """An agent answers."""
        return self.send(self.message(number, text, **others))

    def resolves(self, number: int) -> int:
        """An agent is done."""
        self.talks[number].status = "resolved"
        return self.send(self.status(number))

    def message(self, number: int, text: str | None, **others: Any) -> dict[str, Any]:
        """Return what the webhook is told of a message."""
        return {
            "event": "message_created",
            "id": next(self._ids),
            "content": text,
            "created_at": "2026-11-28T12:00:00.000Z",
            "message_type": "outgoing",
            "content_type": "text",
            "content_attributes": {},
            "private": False,
            "source_id": None,
            "sender": {"id": 1, "name": "Ana", "email": "ana@exemple.org", "type": "user"},
            "inbox": {"id": 7, "name": "Assistant"},
            "conversation": self._told(number),
            "account": {"id": ACCOUNT, "name": "Essai"},
            **others,
        }

    def status(self, number: int) -> dict[str, Any]:
        """Return what the webhook is told of a new status."""
        changed = [{"status": {"current_value": self.talks[number].status, "previous_value": "open"}}]
        return {"event": "conversation_status_changed", "changed_attributes": changed, **self._told(number)}

    def send(self, told: Mapping[str, Any], secret: str = SECRET, at: float | None = None, **headers: str) -> int:
        """Call the webhook, signed as newer versions do; return the status. `timestamp` or `signature` may be given."""
        body, stamp = json.dumps(told).encode(), str(int(time.time() if at is None else at))
        signature = hmac.digest(secret.encode(), stamp.encode() + b"." + body, "sha256").hex()
        signed = {
            "content-type": "application/json",
            "x-chatwoot-timestamp": stamp,
            "x-chatwoot-signature": f"sha256={signature}",
            "x-chatwoot-delivery": str(uuid.uuid4()),
        }
        given = {f"x-chatwoot-{name}": value for name, value in headers.items()}
        return call(Request(self.webhook, body, signed | given))

    def _told(self, number: int) -> dict[str, Any]:
        talk = self.talks[number]
        return {
            "id": number,
            "inbox_id": 7,
            "status": talk.status,
            "channel": "Channel::Api",
            "can_reply": True,
            "contact_inbox": {"source_id": talk.contact},
            "messages": [],
            "meta": {"sender": {"id": 9, "name": talk.name}, "assignee": None},
        }

    def _checked(self, call: Call, route: Callable[..., Answer], parts: tuple[str, ...]) -> Answer:
        if call.method == "GET":
            return route(call, *parts)
        if not call.headers.get("content-type", "").startswith("application/json"):
            return self.refuse(406, "no JSON", {"error": "Not Acceptable"})
        return route(call, json.loads(call.body), *parts)

    def _show(self, _: Call) -> Answer:
        return Answer(200, {"identifier": INBOX, "name": "Assistant", "timezone": "UTC", "working_hours": []})

    def _contact(self, _: Call, body: Any) -> Answer:
        wrong = _problem(body, CONTACT)
        if wrong:
            return self.refuse(422, wrong, {"message": wrong})
        contact = str(uuid.uuid4())
        self._names[contact] = body.get("name", "")
        return Answer(
            200,
            {
                "source_id": contact,
                "pubsub_token": "p",
                "id": len(self._names),
                "name": body.get("name"),
                "email": None,
            },
        )

    def _conversation(self, _: Call, body: Any, contact: str) -> Answer:
        wrong = _problem(body, CONVERSATION)
        if wrong or contact not in self._names:
            return self.refuse(422 if wrong else 404, wrong or "no such contact", {"message": wrong})
        number = len(self.talks) + 1
        self.talks[number] = Talk(contact, self._names[contact])
        return Answer(200, {"id": number, "uuid": str(uuid.uuid4()), "inbox_id": 7, "status": "open", "messages": []})

    def _message(self, _: Call, body: Any, contact: str, number: str) -> Answer:
        talk = self.talks.get(int(number))
        wrong = _problem(body, MESSAGE)
        if wrong or talk is None or talk.contact != contact:
            return self.refuse(422 if wrong else 404, wrong or "no such conversation", {"message": wrong})
        talk.said.append(body["content"])
        talk.status = "open"
        return Answer(200, {"id": next(self._ids), "content": body["content"], "message_type": 0})

    def _toggle(self, _: Call, body: Any, contact: str, number: str) -> Answer:
        talk = self.talks.get(int(number))
        if body != {} or talk is None or talk.contact != contact:
            return self.refuse(404, "no such conversation", {"error": "Resource could not be found"})
        talk.status = "resolved"
        return Answer(200, {"id": int(number), "status": "resolved"})

    def _note(self, call: Call, body: Any, number: str) -> Answer:
        if call.headers.get("api_access_token") != TOKEN:
            return self.refuse(401, "token", {"error": "Invalid Access Token"})
        talk, wrong = self.talks.get(int(number)), _problem(body, NOTE)
        if talk is None or wrong:
            return self.refuse(422 if wrong else 404, wrong or "no such conversation", {"error": wrong})
        if body["message_type"] != "outgoing" or body["private"] is not True:
            return self.refuse(422, "the assistant says nothing to visitors by Chatwoot", {"error": "?"})
        talk.notes.append(body["content"])
        return Answer(200, {"id": next(self._ids), "content": body["content"], "private": True})

    def _profile(self, call: Call) -> Answer:
        if call.headers.get("api_access_token") != TOKEN:
            return self.refuse(401, "token", {"error": "Invalid Access Token"})
        return Answer(200, {"id": 1, "name": "Ana", "accounts": [{"id": ACCOUNT, "role": "agent"}]})


def call(request: Request) -> int:
    """Call, whatever the environment says of proxies; return the status."""
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=20) as answer:
            status: int = answer.status
    except HTTPError as error:
        status = error.code
    return status


def _problem(body: Any, fields: Mapping[str, tuple[type, bool]]) -> str:
    """Say what is wrong with the fields of a call."""
    if not isinstance(body, dict):
        return "no object"
    for name, (kind, required) in fields.items():
        if required and name not in body:
            return f"{name} is missing"
        if name in body and (not isinstance(body[name], kind) or body[name] == ""):
            return f"{name} is wrong"
    if len(body.get("content", "")) > MOST:
        return "content is too long"
    unknown = body.keys() - fields.keys()
    return f"unknown field {min(unknown)}" if unknown else ""
