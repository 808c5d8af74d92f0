"""SMS and WhatsApp through Twilio: https://www.twilio.com/docs/messaging."""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import parse_qs, urldefrag

import httpx
from sanic.request import Request, RequestParameters
from sanic.response import HTTPResponse
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from assistant.french import fold
from assistant.knowledge.live import live_knowledge
from assistant.settings import Settings
from channels.handover.store import Handover
from channels.messaging.connector import PERSON, Connector, Incoming, Kind, Refused
from channels.messaging.inbox import State
from channels.messaging.probes import Probe
from channels.messaging.rendering import Said, numbered, parts
from channels.messaging.sending import NotSent, Verdict, by_status, send
from channels.messaging.sms import brief
from channels.messaging.stops import Stops
from channels.texts import TEXTS

#: What Twilio takes at most, for an SMS too, which it then splits into segments.
TEXT_LIMIT = 1600
_TIMEOUT = httpx.Timeout(10.0)
_WHATSAPP = "whatsapp:"
#: Short numbers and names that send SMS are machines: an answer to them starts an endless talk.
_PERSON = re.compile(r"\+[1-9]\d{6,14}|whatsapp:.+")
#: Alone in a message, as Twilio wants them too: « stop » in a sentence is none. Twilio sends nothing more after its own
#: words, whatever we think of them.
_STOP = frozenset(
    "stop|stopall|stop all|unsubscribe|end|quit|cancel|revoke|optout|opt out|arret|arrete|arrett".split("|")
)
_START = frozenset({"start", "unstop"})
#: The person wrote STOP.
_STOPPED = 21610


class Twilio(Connector):
    """`POST /webhooks/twilio/webhook`, the address that a number's or a WhatsApp sender's messages are sent to.

    Twilio signs no time: that a request is not an old one is known by its message, which is taken once
    (`channels/messaging/inbox.py`). STOP and START count as soon as they come in, before an answer that is being made.
    """

    variables = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM", "TWILIO_PUBLIC_URL")
    #: Only a test names another one.
    optional: ClassVar[Mapping[str, str]] = {"TWILIO_API": "https://api.twilio.com"}
    #: Twilio waits for fifteen seconds, then calls once more.
    seconds = 8.0
    lasting = frozenset({"to"})

    def __init__(self, settings: Mapping[str, str]) -> None:
        super().__init__(settings)
        self._validator = RequestValidator(settings["TWILIO_AUTH_TOKEN"])
        # What we see behind a proxy is not the address that Twilio called and signed, without what stands after `#`.
        self._address = urldefrag(settings["TWILIO_PUBLIC_URL"]).url
        self._senders = re.findall(r"[^\s,;]+", settings["TWILIO_FROM"])
        self._stops = Stops(Settings.read().database.with_name("stops.db"))

    @classmethod
    def name(cls) -> str:
        """Return the name that its addresses have."""
        return "twilio"

    def check(self, request: Request, body: bytes) -> None:
        """Check the signature of the address and of every field, also of those that Twilio may add."""
        shown = request.headers.get("x-twilio-signature", "")
        if not self._validator.validate(self._address, _fields(body), shown):
            raise Refused

    def incoming(self, request: Request, body: bytes) -> Sequence[Incoming]:
        """Return the message of a person; what became of messages of ours is left out."""
        fields = {name: values[0] for name, values in _fields(body).items()}
        if fields.get("MessageStatus", "received") != "received":
            return []
        number, person, to = (fields[name] for name in ("MessageSid", "From", "To"))
        if not _PERSON.fullmatch(person) or person in self._senders:
            return []
        text, context = fields.get("Body", "").strip(), {"to": to}
        word = fold(text)
        # A Messaging Service may have words of its own: Twilio says what they mean.
        meant = fields.get("OptOutType", "").upper()
        if word in _STOP or meant == "STOP":
            self._once(number, lambda: self._stops.add(self.name(), _bare(person)))
            return []
        if word in _START or meant == "START":
            # A greeting, also of who had not stopped. The message itself is taken: its answer needs an id of its own.
            self._once(number, lambda: self._stops.remove(self.name(), _bare(person)))
            return [Incoming(f"{number} bonjour", person, Kind.TEXT, "bonjour", context)]
        kind = Kind.TEXT if text and not fields.get("Latitude") else Kind.MEDIA
        return [Incoming(number, person, kind, text, context)]

    def _once(self, number: str, note: Callable[[], None]) -> None:
        """Note what a message asks for, unless it came in before: an old STOP must not undo a START."""
        if self._inbox.take(self.name(), number) is State.NEW:
            note()
            self._inbox.done(self.name(), number)

    def answered(self) -> HTTPResponse:
        """Return TwiML that says nothing: answers are sent on their own."""
        return HTTPResponse('<?xml version="1.0" encoding="UTF-8"?><Response/>', content_type="text/xml")

    async def show(self, message: Incoming, said: Sequence[Said]) -> None:
        """Send each thing said, its choices as a numbered list; nothing to who wrote STOP."""
        sources = live_knowledge().current.knowledge.sources.values()
        async with httpx.AsyncClient(timeout=_TIMEOUT, headers={"authorization": self._login}) as client:
            for one in said:
                whole = numbered(one)
                for text in parts(whole if _is_whatsapp(message.person) else brief(whole, sources), TEXT_LIMIT):
                    if self._stops.has(self.name(), _bare(message.person)):
                        return
                    await self._send(client, message, text)

    async def send_later(self, handover: Handover, said: str) -> None:
        """Send what a person of the organisation says, who is to know that it does not reach who wrote STOP."""
        if self._stops.has(self.name(), _bare(handover.address[PERSON])):
            raise NotSent("la personne a écrit STOP")
        await super().send_later(handover, said)

    def probes(self) -> Sequence[Probe]:
        """Ask for the account, which the identifier and the token open."""
        return [Probe("le compte", f"{self._account}.json", {"authorization": self._login}, problem=_account_problem)]

    @property
    def _account(self) -> str:
        return f"{self.settings['TWILIO_API']}/2010-04-01/Accounts/{self.settings['TWILIO_ACCOUNT_SID']}"

    @property
    def _login(self) -> str:
        names = f"{self.settings['TWILIO_ACCOUNT_SID']}:{self.settings['TWILIO_AUTH_TOKEN']}"
        return f"Basic {b64encode(names.encode()).decode()}"

    async def _send(self, client: httpx.AsyncClient, message: Incoming, text: str) -> None:
        person = _bare(message.person)
        body = {"To": message.person, "From": self._sender(message), "Body": text}

        async def call() -> httpx.Response:
            if self._stops.has(self.name(), person):  # while we waited to send it again
                raise NotSent("Messages : la personne a écrit STOP")
            return await client.post(f"{self._account}/Messages.json", data=body)

        def judge(response: httpx.Response) -> Verdict:
            verdict = by_status(response)
            code = _code(response) if verdict.problem else None
            if code == _STOPPED:
                self._stops.add(self.name(), person)
            return replace(verdict, problem=f"{verdict.problem}, erreur {code} de Twilio") if code else verdict

        await send(call, "Messages", judge)

    def _sender(self, message: Incoming) -> str:
        """Return the sender of an answer: what was written to if it is ours, else one of ours of its kind.

        Raises:
            NotSent: none of ours is of its kind.
        """
        to = (message.context or {}).get("to", "")
        alike = [one for one in self._senders if _is_whatsapp(one) == _is_whatsapp(message.person)]
        if not alike:
            kind = "WhatsApp" if _is_whatsapp(message.person) else "SMS"
            raise NotSent(f"Messages : TWILIO_FROM n'a pas d'expéditeur pour {kind}")
        return to if to in alike else alike[0]


def _account_problem(answer: Mapping[str, Any]) -> str:
    """Say that an account is suspended or closed."""
    return "" if answer.get("status") == "active" else TEXTS["twilio_inactif"]


def _is_whatsapp(address: str) -> bool:
    return address.startswith(_WHATSAPP)


def _bare(address: str) -> str:
    """Return the number of an address: who stops SMS stops WhatsApp too."""
    return address.removeprefix(_WHATSAPP)


def _fields(body: bytes) -> RequestParameters:
    """Return the fields of a form, empty ones too: they are signed."""
    return RequestParameters(parse_qs(body.decode(), keep_blank_values=True))


def _code(response: httpx.Response) -> int | None:
    """Return Twilio's code of an error; nothing else of its answer is read: it may quote the text or the number."""
    try:
        return int(response.json()["code"])
    except (ValueError, KeyError, TypeError):
        return None
