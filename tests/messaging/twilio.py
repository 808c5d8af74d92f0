"""Twilio's Messages resource on loopback, and what Twilio sends: SMS and WhatsApp."""

import base64
import inspect
import re
import zlib
from abc import abstractmethod
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode

import httpx
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]
from twilio.rest.api.v2010.account.message import MessageList  # type: ignore[import-untyped]

from tests.messaging.app import App
from tests.messaging.standin import Answer, Call, Shown, StandIn

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "jeton-d-essai"
PUBLIC_URL = "https://assistant.exemple.org/webhooks/twilio/webhook"
#: Two numbers for SMS and one sender of WhatsApp.
SMS, OTHER_SMS, WHATSAPP = "+33700000001", "+33700000002", "whatsapp:+33700000001"
#: The fields of a message, by Twilio's own library.
FIELDS = frozenset(
    "".join(word.capitalize() for word in name.rstrip("_").split("_"))
    for name in inspect.signature(MessageList.create).parameters
    if name != "self"
)
_ADDRESS = re.compile(r"(?:whatsapp:)?\+[1-9]\d{6,14}")


class Messages(StandIn):
    """Checks the account, the fields, the numbers, that they are of one kind, the length, and who wrote STOP.

    Attributes:
        stopped: those whom Twilio sends nothing any more.
        senders: the sender of each message shown, in order.
        account: what has become of our account.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stopped: set[str] = set()
        self.senders: list[str] = []
        self.account = "active"

    def take(self, call: Call) -> Answer:
        login = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if call.headers.get("authorization") != f"Basic {login}":
            return self._no(401, 20003, "Authenticate")
        if (call.method, call.path) == ("GET", f"/2010-04-01/Accounts/{ACCOUNT}.json"):
            return Answer(200, {"sid": ACCOUNT, "status": self.account, "friendly_name": "Essai", "type": "Full"})
        if call.path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json" or call.method != "POST":
            return self._no(404, 20404, "The requested resource was not found")
        if call.headers.get("content-type") != "application/x-www-form-urlencoded":
            return self._no(400, 21604, "A 'To' phone number is required.")
        pairs = parse_qsl(call.body.decode(), keep_blank_values=True, strict_parsing=True)
        fields = dict(pairs)
        twice = len(pairs) != len(fields)
        problem = (20001, "Invalid parameter") if twice or fields.keys() - FIELDS else self._problem(fields)
        if problem:
            return self._no(400, *problem)
        self.senders.append(fields["From"])
        self.show(fields["To"], fields["Body"])
        return Answer(201, _created(fields, len(self.shown)))

    def _problem(self, fields: Mapping[str, str]) -> tuple[int, str] | None:
        to, sender, body = (fields.get(name, "") for name in ("To", "From", "Body"))
        problems = {
            (21604, "A 'To' phone number is required."): not to,
            (21603, "A 'From' phone number is required."): not sender,
            (21602, "Message body is required."): not body.strip(),
            (21211, "Invalid 'To' Phone Number"): not _ADDRESS.fullmatch(to),
            (21606, "The 'From' phone number is not a valid phone number"): sender not in (SMS, OTHER_SMS, WHATSAPP),
            (63007, "Could not find a Channel with the specified From address"): (":" in to) != (":" in sender),
            (21617, "The concatenated message body exceeds the 1600 character limit"): len(body) > 1600,
            (21610, "Attempt to send to unsubscribed recipient"): to in self.stopped,
        }
        return next((problem for problem, there in problems.items() if there), None)

    def _no(self, status: int, code: int, message: str) -> Answer:
        info = f"https://www.twilio.com/docs/errors/{code}"
        return self.refuse(status, f"{code} {message}", error(status, code, message) | {"more_info": info})


def error(status: int, code: int, message: str = "") -> dict[str, Any]:
    """Return the body of an error."""
    return {"status": status, "code": code, "message": message}


def _created(fields: Mapping[str, str], number: int) -> dict[str, Any]:
    """Return the message that Twilio made."""
    sid, now = f"SM{number:032x}", "Thu, 24 Aug 2023 05:01:45 +0000"
    missing = "price price_unit error_code error_message messaging_service_sid date_sent".split()
    return dict.fromkeys(missing) | {
        "sid": sid,
        "status": "queued",
        "account_sid": ACCOUNT,
        "api_version": "2010-04-01",
        "body": fields["Body"],
        "from": fields["From"],
        "to": fields["To"],
        "direction": "outbound-api",
        "num_media": "0",
        "num_segments": "1",
        "date_created": now,
        "date_updated": now,
        "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}.json",
        "subresource_uris": {"media": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}/Media.json"},
    }


@cache
def _messages() -> Messages:
    """Return the stand-in: SMS and WhatsApp have the same."""
    return Messages()


class TwilioApp(App):
    """People who write to one of our senders."""

    name = "twilio"
    buttons = False
    standin: Messages
    #: Which sender of ours they write to.
    to: ClassVar[str]

    def make(self) -> StandIn:
        return _messages()

    @property
    def variables(self) -> Mapping[str, str]:
        return {
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_FROM": f"{OTHER_SMS}, {SMS} {WHATSAPP}",
            "TWILIO_PUBLIC_URL": PUBLIC_URL,
            "TWILIO_API": self.standin.url,
        }

    @abstractmethod
    def head(self, person: str, id: str) -> dict[str, str]:
        """Return the fields of each message that a person sends."""

    def person(self, name: str) -> str:
        return f"+336{zlib.crc32(name.encode()) % 10**8:08}"

    def text(self, person: str, text: str, id: str) -> httpx.Response:
        return self.send({**self.head(person, id), "Body": text})

    def press(self, person: str, shown: Shown, place: int, id: str) -> httpx.Response:
        return self.text(person, str(place + 1), id)

    def media(self, person: str, id: str) -> httpx.Response:
        return self.send({**self.head(person, id), "Body": "", **MEDIA})

    def forged(self, person: str, text: str, id: str) -> list[httpx.Response]:
        fields = {**self.head(person, id), "Body": text}
        own = f"http://{self.client.base_url.netloc.decode()}/webhooks/twilio/webhook" if self.client else ""
        signatures = (
            None,
            "",
            "AAAA",
            "é" * 28,
            sign(fields, token="autre"),
            sign({**fields, "Body": "Autre chose"}),
            sign(fields, url=own),  # the address behind the proxy is not the one that Twilio called
            sign(fields, url=PUBLIC_URL + "?a=1"),
            sign({name: value for name, value in fields.items() if name != "NumMedia"}),
        )
        return [self.send(fields, signature) for signature in signatures]

    def ignored(self, person: str, id: str) -> list[httpx.Response]:
        states = ("queued", "sent", "delivered", "undelivered", "failed", "read")
        sid = self.head(person, id)["MessageSid"]
        told = {"MessageSid": sid, "SmsSid": sid, "AccountSid": ACCOUNT, "From": self.to, "To": person}
        return [self.send({**told, "MessageStatus": state, "SmsStatus": state}) for state in states]

    def malformed(self) -> list[httpx.Response]:
        def call(fields: Mapping[str, str], token: str = TOKEN, account: str = ACCOUNT) -> httpx.Response:
            url = f"{self.standin.url}/2010-04-01/Accounts/{account}/Messages.json"
            return httpx.post(url, data=dict(fields), auth=(ACCOUNT, token), trust_env=False)

        person = self.head(self.person("x"), "x")["From"]
        good = {"To": person, "From": self.to, "Body": "a"}
        return [
            call(good, token="autre"),
            call(good, account="AC0"),
            *(call({name: value for name, value in good.items() if name != left}) for left in good),
            call({**good, "To": "0612345678"}),
            call({**good, "From": "+33799999999"}),
            call({**good, "From": WHATSAPP if self.to == SMS else SMS}),
            call({**good, "Body": "a" * 1601}),
            call({**good, "Text": "a"}),
        ]

    def send(self, fields: Mapping[str, str], signature: str | None = "right") -> httpx.Response:
        """Post a form, signed as Twilio does unless told otherwise."""
        shown = sign(fields) if signature == "right" else signature
        headers = {"content-type": "application/x-www-form-urlencoded; charset=UTF-8"}
        if shown is not None:
            headers["x-twilio-signature"] = shown
        assert self.client is not None
        encoded = {name.encode(): value.encode() for name, value in headers.items()}
        return self.client.post(f"/webhooks/{self.name}/webhook", content=urlencode(fields), headers=encoded)


MEDIA = {
    "NumMedia": "1",
    "MediaUrl0": f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/MM0/Media/ME0",
    "MediaContentType0": "image/jpeg",
}


def sign(fields: Mapping[str, str], token: str = TOKEN, url: str = PUBLIC_URL) -> str:
    """Return the signature of a form, by Twilio's own library."""
    return str(RequestValidator(token).compute_signature(url, dict(fields)))


def sid(id: str) -> str:
    """Return Twilio's id of a message."""
    return f"SM{sha256(id.encode()).hexdigest()[:32]}"


class TwilioSms(TwilioApp):
    """People who write SMS."""

    to = SMS

    def head(self, person: str, id: str) -> dict[str, str]:
        number = sid(id)
        return {
            "ToCountry": "FR",
            "ToState": "",
            "SmsMessageSid": number,
            "NumMedia": "0",
            "ToCity": "",
            "SmsSid": number,
            "SmsStatus": "received",
            "FromCountry": "FR",
            "To": self.to,
            "NumSegments": "1",
            "MessageSid": number,
            "AccountSid": ACCOUNT,
            "From": person,
            "ApiVersion": "2010-04-01",
        }


class TwilioWhatsApp(TwilioApp):
    """People who write on WhatsApp."""

    to = WHATSAPP

    def person(self, name: str) -> str:
        return f"whatsapp:{super().person(name)}"

    def head(self, person: str, id: str) -> dict[str, str]:
        number = sid(id)
        return {
            "SmsMessageSid": number,
            "NumMedia": "0",
            "ProfileName": "Ana",
            "MessageType": "text",
            "SmsSid": number,
            "WaId": person.removeprefix("whatsapp:+"),
            "SmsStatus": "received",
            "To": self.to,
            "NumSegments": "1",
            "MessageSid": number,
            "AccountSid": ACCOUNT,
            "From": person,
            "ApiVersion": "2010-04-01",
        }
