"""Messenger's Send API on loopback, and what Messenger sends."""

import zlib
from collections.abc import Mapping
from typing import Any, Literal

import httpx
from pydantic import Field, StrictStr

from tests.messaging.meta import Endpoint, MetaApp, Strict, query_token
from tests.messaging.standin import Answer, Shown

TOKEN = "essai-de-jeton-de-page"
PAGE = "900"


class QuickReply(Strict):
    content_type: Literal["text"]
    title: StrictStr = Field(min_length=1, max_length=20)  # Meta would cut a longer one without a word
    payload: StrictStr = Field(min_length=1, max_length=1000)


class Message(Strict):
    text: StrictStr = Field(min_length=1, max_length=2000)
    quick_replies: list[QuickReply] | None = Field(None, min_items=1, max_items=13)


class Recipient(Strict):
    id: StrictStr = Field(regex=r"^\d+$")


class Body(Strict):
    recipient: Recipient
    messaging_type: Literal["RESPONSE"]
    message: Message


class Messenger(MetaApp):
    """People on Messenger: their number for the page is their name's."""

    name = "messenger"
    kind = "page"
    path = "me/messages"

    def endpoint(self) -> Endpoint:
        return Endpoint(query_token, TOKEN, Body, self._take)

    def person(self, name: str) -> str:
        return str(10**15 + zlib.crc32(name.encode()))

    def written(self, person: str, text: str, id: str, at: int = 0) -> dict[str, Any]:
        return self._event(person, {"message": {"mid": f"m_{id}", "text": text}}, at)

    def update(self, *events: Mapping[str, Any]) -> dict[str, Any]:
        return {"object": self.kind, "entry": [self._entry(messaging=[event]) for event in events]}

    def press(self, person: str, shown: Shown, place: int, id: str) -> httpx.Response:
        title, payload = shown.buttons[place]
        message = {"mid": f"m_{id}", "text": title, "quick_reply": {"payload": payload}}
        return self.send(self.update(self._event(person, {"message": message})))

    def postback(self, person: str, payload: str, id: str) -> httpx.Response:
        """Send that a person pressed the greeting, or a line of the menu, of the page."""
        pressed = {"mid": f"m_{id}", "title": "Démarrer", "payload": payload}
        return self.send(self.update(self._event(person, {"postback": pressed})))

    def media(self, person: str, id: str) -> httpx.Response:
        return self.attachment(person, "image", id)

    def attachment(self, person: str, kind: str, id: str) -> httpx.Response:
        attachment = {"type": kind, "payload": {"url": "https://exemple.org/a"}}
        return self.send(self.update(self._event(person, {"message": {"mid": f"m_{id}", "attachments": [attachment]}})))

    def ignored(self, person: str, id: str) -> list[httpx.Response]:
        asked = {"text": "Que veut dire OIM ?"}
        echo = {"is_echo": True, "app_id": 15, "mid": f"m_{id}1", **asked}
        told: list[dict[str, Any]] = [
            {"sender": {"id": PAGE}, "recipient": {"id": person}, "timestamp": 1760000000100, "message": echo},
            self._event(person, {"delivery": {"mids": [f"m_{id}2"], "watermark": 1760000000200}}),
            self._event(person, {"read": {"watermark": 1760000000200}}),
            self._event(person, {"reaction": {"reaction": "love", "emoji": "❤", "action": "react", "mid": "m_a1"}}),
            self._event(person, {"message_edit": {"mid": f"m_{id}3", "num_edit": 1, **asked}}),
            self._event(person, {"optin": {"ref": "r"}}),
            self._event(person, {"message": {"mid": f"m_{id}4"}}),
            self._event(person, {"message": {"text": "Que veut dire OIM ?"}}),
            {"message": {"mid": f"m_{id}5", **asked}},
        ]
        written = self.written(person, "Que veut dire OIM ?", f"{id}6")
        return [
            *(self.send(self.update(event)) for event in told),
            self.send({"object": "page", "entry": [self._entry(standby=[written])]}),
            self.send({"object": "page", "entry": [self._entry(changes=[{"field": "feed", "value": {}}])]}),
            self.send({"object": "instagram", "entry": [self._entry(messaging=[written])]}),
            self.send({"object": "page", "entry": []}),
        ]

    def malformed(self) -> list[httpx.Response]:
        self.standin.people.add("501")
        reply = {"content_type": "text", "title": "Oui", "payload": "YES"}

        def send(message: Mapping[str, Any], token: str = TOKEN, **how: Any) -> httpx.Response:
            head = {"recipient": {"id": how.pop("id", "501")}, "messaging_type": how.pop("type", "RESPONSE")}
            return self.call({**head, "message": message}, params={"access_token": token}, **how)

        return [
            send({"text": "a"}, "autre"),
            self.call({"recipient": {"id": "501"}, "messaging_type": "RESPONSE", "message": {"text": "a"}}),
            send({"text": "a"}, path="/v2.12/me/messages"),
            send({"text": "a"}, type="MESSAGE_TAG"),
            send({"text": "a"}, id=501),
            send({"text": "a"}, id="502"),
            send({"text": ""}),
            send({"text": "a" * 2001}),
            send({"text": "a", "buttons": []}),
            send({"text": "a", "quick_replies": [reply] * 14}),
            send({"text": "a", "quick_replies": []}),
            send({"text": "a", "quick_replies": [{**reply, "title": "a" * 21}]}),
            send({"text": "a", "quick_replies": [{**reply, "payload": "a" * 1001}]}),
            send({"text": "a", "quick_replies": [{**reply, "content_type": "location"}]}),
        ]

    def _take(self, body: Body) -> Answer:
        person = body.recipient.id
        if person not in self.standin.people:
            return self.standin.no(400, 100, "(#100) No matching user found", 2018001)
        replies = tuple((reply.title, reply.payload) for reply in body.message.quick_replies or ())
        self.standin.show(person, body.message.text, replies)
        return Answer(200, {"recipient_id": person, "message_id": f"m_b{len(self.standin.shown)}"})

    def _event(self, person: str, what: Mapping[str, Any], at: int = 0) -> dict[str, Any]:
        self.standin.people.add(person)
        return {"sender": {"id": person}, "recipient": {"id": PAGE}, "timestamp": 1760000000100 + at, **what}

    @staticmethod
    def _entry(**what: Any) -> dict[str, Any]:
        return {"id": PAGE, "time": 1760000000123, **what}
