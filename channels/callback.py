"""An organisation's own systems: they post what people write, and answers are posted to them, signed both ways."""

import hmac
import json
import logging
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from sanic.request import Request

from assistant.addresses import is_safe
from assistant.dialogue.wording import SOURCE_LINE
from channels.messaging.connector import Connector, Incoming, Kind, Refused
from channels.messaging.rendering import Said, source_apart
from channels.messaging.sending import send
from channels.sessions import MIN_SECRET
from channels.texts import TEXTS

logger = logging.getLogger(__name__)

TIMESTAMP_HEADER = "x-assistant-timestamp"
SIGNATURE_HEADER = "x-assistant-signature"
#: How far the two clocks may be apart, and how old a request may be.
WINDOW_SECONDS = 300
#: The most characters of an id of a message or a person.
MAX_ID = 255
_TIMEOUT = httpx.Timeout(10.0)
_SECONDS = re.compile(r"[0-9]{1,12}")


class Callback(Connector):
    """`POST /webhooks/callback/webhook` with `{"id", "person", "text" or "payload"}`; the answers go to CALLBACK_URL.

    A message with neither is one without a text, such as a picture.
    """

    variables = ("CALLBACK_URL", "CALLBACK_SECRET")
    #: Nothing is documented of systems that we do not know; most wait for ten seconds.
    seconds = 5.0

    def __init__(self, settings: Mapping[str, str]) -> None:
        super().__init__(settings)
        for name in self._unusable:
            logger.error("callback : %s", TEXTS[_WRONG[name]].format(minimum=MIN_SECRET))

    @classmethod
    def name(cls) -> str:
        """Return the name that its addresses have."""
        return "callback"

    @property
    def missing(self) -> list[str]:
        """The variables that are not set, or whose value protects nobody."""
        return [*super().missing, *self._unusable]

    @property
    def _unusable(self) -> list[str]:
        wrong = {
            "CALLBACK_URL": not is_safe(self.settings["CALLBACK_URL"]),
            "CALLBACK_SECRET": len(self.settings["CALLBACK_SECRET"]) < MIN_SECRET,
        }
        return [name for name in self.variables if self.settings[name] and wrong[name]]

    def check(self, request: Request, body: bytes) -> None:
        """Check the signature and its time; a request that comes again is told by the id of its message."""
        at = request.headers.get(TIMESTAMP_HEADER, "")
        if not _SECONDS.fullmatch(at) or abs(time.time() - int(at)) > WINDOW_SECONDS:
            raise Refused
        shown = request.headers.get(SIGNATURE_HEADER, "")
        if not hmac.compare_digest(shown.lower().encode(errors="replace"), self._sign(at, body).encode()):
            raise Refused

    def incoming(self, request: Request, body: bytes) -> Sequence[Incoming]:
        """Return the message."""
        sent = json.loads(body)
        text, payload = sent.get("text"), sent.get("payload")
        if text is not None and payload is not None:
            raise ValueError("text and payload")
        kind = Kind.TEXT if text is not None else Kind.PAYLOAD if payload is not None else Kind.MEDIA
        written = next((one for one in (text, payload) if one is not None), "")
        if not isinstance(written, str):
            raise TypeError("text or payload")
        return [Incoming(_id(sent["id"]), _id(sent["person"]), kind, written)]

    async def show(self, message: Incoming, said: Sequence[Said]) -> None:
        """Post all that is said in answer to a message at once."""
        answer = {"id": message.id, "person": message.person, "messages": [_message(one) for one in said]}
        body = json.dumps(answer, ensure_ascii=False).encode()
        async with httpx.AsyncClient(timeout=_TIMEOUT) as client:

            async def call() -> httpx.Response:
                at = str(int(time.time()))  # of this try: the last one may be too old
                headers = {TIMESTAMP_HEADER: at, SIGNATURE_HEADER: self._sign(at, body)}
                headers["content-type"] = "application/json"
                return await client.post(self.settings["CALLBACK_URL"], content=body, headers=headers)

            await send(call, "CALLBACK_URL")

    def _sign(self, at: str, body: bytes) -> str:
        secret = self.settings["CALLBACK_SECRET"].encode()
        return hmac.digest(secret, at.encode() + b"." + body, "sha256").hex()


#: What is said of a variable whose value protects nobody.
_WRONG: Mapping[str, str] = {"CALLBACK_URL": "callback_adresse", "CALLBACK_SECRET": "callback_secret"}


def _message(said: Said) -> dict[str, Any]:
    """Return what is said as the organisation's system reads it; what there is not is left out."""
    text, source = source_apart(said.text)
    message: dict[str, Any] = {"text": text}
    if source:
        message["source"] = source.removeprefix(SOURCE_LINE)
    if said.choices:
        message["choices"] = [{"title": choice.title, "payload": choice.payload} for choice in said.choices]
    return message


def _id(given: object) -> str:
    """Return an id.

    Raises:
        ValueError: it is no text, empty, too long, or no text that can be written.
    """
    if not isinstance(given, str) or not 0 < len(given) <= MAX_ID:
        raise ValueError("id")
    given.encode()  # a lone surrogate cannot be
    return given
