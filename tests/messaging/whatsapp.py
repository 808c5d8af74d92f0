"""WhatsApp's Cloud API on loopback, and what WhatsApp sends."""

import zlib
from collections.abc import Mapping
from typing import Any, Literal

import httpx
from pydantic import Field, StrictBool, StrictStr, root_validator

from tests.messaging.meta import Endpoint, MetaApp, Strict, bearer_token
from tests.messaging.standin import Answer, Shown

TOKEN = "essai-de-jeton-du-systeme"
NUMBER = "1060"
ASKED = "Que veut dire OIM ?"


class Text(Strict):
    body: StrictStr = Field(min_length=1, max_length=4096)
    preview_url: StrictBool = False


class Reply(Strict):
    id: StrictStr = Field(min_length=1, max_length=256, regex=r"^\S(.*\S)?$")
    title: StrictStr = Field(min_length=1, max_length=20)


class Button(Strict):
    type: Literal["reply"]
    reply: Reply


class Action(Strict):
    buttons: list[Button] = Field(min_items=1, max_items=3)

    @root_validator(skip_on_failure=True)
    def _unlike(cls, values: dict[str, Any]) -> dict[str, Any]:
        for field in ("id", "title"):
            if len({getattr(button.reply, field) for button in values["buttons"]}) < len(values["buttons"]):
                raise ValueError(f"duplicate {field}")
        return values


class InteractiveBody(Strict):
    text: StrictStr = Field(min_length=1, max_length=1024)


class Interactive(Strict):
    type: Literal["button"]
    body: InteractiveBody
    action: Action


class Body(Strict):
    messaging_product: Literal["whatsapp"]
    recipient_type: Literal["individual"]
    to: StrictStr | None = Field(None, regex=r"^\d{8,15}$")
    recipient: StrictStr | None = Field(None, regex=r"^[A-Z]{2}\.(ENT\.)?[0-9A-Za-z]+$")
    type: Literal["text", "interactive"]
    text: Text | None = None
    interactive: Interactive | None = None

    @root_validator(skip_on_failure=True)
    def _whole(cls, values: dict[str, Any]) -> dict[str, Any]:
        if (values["to"] is None) == (values["recipient"] is None):
            raise ValueError("one of to and recipient is required")
        other = "text" if values["type"] == "interactive" else "interactive"
        if values[values["type"]] is None or values[other] is not None:
            raise ValueError(f"{values['type']} is required, {other} is not allowed")
        return values


class Whatsapp(MetaApp):
    """People on WhatsApp: their telephone number is their name's; Meta gives them another id beside it."""

    name = "whatsapp"
    buttons = False  # more choices than WhatsApp has buttons
    kind = "whatsapp_business_account"
    path = f"{NUMBER}/messages"

    def endpoint(self) -> Endpoint:
        return Endpoint(bearer_token, TOKEN, Body, self._take)

    @property
    def variables(self) -> Mapping[str, str]:
        return {**super().variables, "WHATSAPP_PHONE_NUMBER_ID": NUMBER}

    def person(self, name: str) -> str:
        return f"336{zlib.crc32(name.encode()) % 10**8:08}"

    @staticmethod
    def hidden(person: str) -> str:
        """Return the id that Meta always gives, also of a person who hides the telephone number."""
        return f"FR.{person[::-1]}"

    def written(self, person: str, text: str, id: str, at: int = 0) -> dict[str, Any]:
        return self.message(person, id, "text", {"body": text}, at=at)

    def message(self, person: str, id: str, kind: str, content: Any = None, **more: Any) -> dict[str, Any]:
        """Return a message of a kind; `at` is when, in seconds, `hide` whether the telephone number is hidden."""
        at, hide = more.pop("at", 0), more.pop("hide", False)
        self.standin.people.add(self.hidden(person) if hide else person)
        phone = {} if hide else {"from": person}
        head = {**phone, "from_user_id": self.hidden(person), "id": f"wamid.{id}", "timestamp": str(1760000000 + at)}
        return {**head, "type": kind, **({} if content is None else {kind: content}), **more}

    def update(self, *events: Mapping[str, Any]) -> dict[str, Any]:
        return self.told(*({"contacts": [self._contact(event)], "messages": [event]} for event in events))

    def told(self, *values: Mapping[str, Any], field: str = "messages", number: str = NUMBER) -> dict[str, Any]:
        """Return a request that tells of something else, each in an entry of its own."""
        metadata = {"display_phone_number": "33700000000", "phone_number_id": number}
        head = {"messaging_product": "whatsapp", "metadata": metadata}
        entries = [{"id": "4100", "changes": [{"field": field, "value": {**head, **value}}]} for value in values]
        return {"object": self.kind, "entry": entries}

    def press(self, person: str, shown: Shown, place: int, id: str) -> httpx.Response:
        if not shown.buttons:
            return self.text(person, str(place + 1), id)
        title, payload = shown.buttons[place]
        reply = {"type": "button_reply", "button_reply": {"id": payload, "title": title}}
        context = {"from": "33700000000", "id": "wamid.B1"}
        return self.send(self.update(self.message(person, id, "interactive", reply, context=context)))

    def media(self, person: str, id: str) -> httpx.Response:
        picture = {"id": "77", "mime_type": "image/jpeg", "sha256": "QQ=="}
        return self.send(self.update(self.message(person, id, "image", picture)))

    def ignored(self, person: str, id: str) -> list[httpx.Response]:
        written = self.written(person, ASKED, f"{id}1")
        edited = {"original_message_id": "wamid.A1", "message": {"type": "text", "text": {"body": ASKED}}}
        status = {"id": f"wamid.{id}2", "timestamp": "1760000001", "recipient_id": person}
        told = [
            self.message(person, f"{id}3", "reaction", {"message_id": "wamid.A1", "emoji": "❤"}),
            self.message(person, f"{id}4", "system", {"body": "x", "wa_id": "336", "type": "user_changed_number"}),
            self.message(person, f"{id}5", "edit", edited),
            self.message(person, f"{id}6", "revoke", {"original_message_id": "wamid.A1"}),
            self.message(person, f"{id}7", "jamais_vu", {"a": 1}),
            {"from": person, "text": {"body": ASKED}},
        ]
        return [
            *(self.send(self.update(event)) for event in told),
            *(
                self.send(self.told({"statuses": [{**status, "status": one}]}))
                for one in ("sent", "delivered", "read", "played")
            ),
            self.send(self.told({"message_echoes": [written]}, field="smb_message_echoes")),
            self.send(self.told({"event": "x"}, field="account_update")),
            self.send(self.told({"messages": [written]}, number="1061")),
            self.send({**self.update(written), "object": "page"}),
        ]

    def malformed(self) -> list[httpx.Response]:
        self.standin.people |= {"33611111111", "FR.123"}
        head = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": "33611111111"}
        text = {**head, "type": "text", "text": {"body": "a"}}

        def send(body: Mapping[str, Any], token: str = f"Bearer {TOKEN}", **how: Any) -> httpx.Response:
            return self.call(body, headers={"authorization": token}, **how)

        def pressed(*replies: Mapping[str, Any], body: str = "a") -> Mapping[str, Any]:
            buttons = [{"type": "reply", "reply": reply} for reply in replies]
            interactive = {"type": "button", "body": {"text": body}, "action": {"buttons": buttons}}
            return {**head, "type": "interactive", "interactive": interactive}

        yes, no = {"id": "yes", "title": "Oui"}, {"id": "no", "title": "Non"}
        return [
            send(text, "Bearer autre"),
            self.call(text),
            send(text, path=f"/v26.0/{NUMBER}1/messages"),
            send({**text, "to": "33622222222"}),
            send({**text, "to": "+33 6 11"}),
            send({**text, "recipient": "FR.123"}),
            send({**text, "text": {"body": "a" * 4097}}),
            send({**text, "text": {"body": "a", "preview": False}}),
            send({name: value for name, value in text.items() if name != "messaging_product"}),
            send(pressed(yes, no, {"id": "a", "title": "A"}, {"id": "b", "title": "B"})),
            send(pressed(yes, {**no, "title": "Oui"})),
            send(pressed(yes, {**no, "id": "yes"})),
            send(pressed({**yes, "title": "a" * 21})),
            send(pressed({**yes, "id": "a" * 257})),
            send(pressed(yes, body="a" * 1025)),
            send(pressed()),
        ]

    def _take(self, body: Body) -> Answer:
        person = body.to or body.recipient or ""
        if person not in self.standin.people:
            return self.standin.no(400, 131047, "(#131047) Re-engagement message")
        if body.interactive:
            buttons = tuple((one.reply.title, one.reply.id) for one in body.interactive.action.buttons)
            self.standin.show(person, body.interactive.body.text, buttons)
        elif body.text:
            self.standin.show(person, body.text.body)
        contact = {"input": person, **({"wa_id": person} if body.to else {"user_id": person})}
        number = {"id": f"wamid.B{len(self.standin.shown)}"}
        return Answer(200, {"messaging_product": "whatsapp", "contacts": [contact], "messages": [number]})

    @staticmethod
    def _contact(event: Mapping[str, Any]) -> dict[str, Any]:
        phone = {"wa_id": event["from"]} if "from" in event else {}
        return {"profile": {"name": "Ana"}, **phone, "user_id": event.get("from_user_id", "")}
