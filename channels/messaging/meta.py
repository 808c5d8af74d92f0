"""What Messenger and WhatsApp share: Meta signs the webhooks of both and takes their messages by its Graph API."""

import hmac
import json
import logging
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

import httpx
from sanic.request import Request
from sanic.response import HTTPResponse, text

from channels.guarded import trace_without_texts
from channels.messaging.connector import Connector, Incoming, Refused
from channels.messaging.sending import Verdict, by_status, send

logger = logging.getLogger(__name__)

#: Longer than Meta takes to answer a call.
_TIMEOUT = httpx.Timeout(10.0)
#: An error after which the message may have been sent all the same.
_MAYBE_SENT = (1, 1357046)

Event = Mapping[str, Any]


class Meta(Connector):
    """An app of Meta.

    Its variables begin with its name; those of the Graph API are the same for all apps.

    Attributes:
        kind: what Meta calls the app in `object`.
        later: the codes of errors after which a message was not sent and may be sent again, each with the seconds to
            wait, or None where a short while will do.
    """

    optional: ClassVar[Mapping[str, str]] = {
        "META_GRAPH_VERSION": "v26.0",
        "META_GRAPH_URL": "https://graph.facebook.com",
    }
    kind: ClassVar[str]
    later: ClassVar[Mapping[int, float | None]]

    @abstractmethod
    def events(self, entry: Mapping[str, Any]) -> Iterable[Event]:
        """Return what happened to our account, of one entry of a request."""

    @abstractmethod
    def read(self, event: Event) -> Incoming | None:
        """Return a person's message, or None for whatever else happened."""

    def own(self, name: str) -> str:
        """Return the setting of this app that ends with a name."""
        return self.settings[f"{self.name().upper()}_{name}"]

    def check(self, request: Request, body: bytes) -> None:
        """Check the word agreed on with the handshake, or the signature over the bytes as they came."""
        if request.method == "GET":
            shown, expected = request.args.get("hub.verify_token", ""), self.own("VERIFY_TOKEN")
        else:
            shown = request.headers.get("x-hub-signature-256", "")
            expected = f"sha256={hmac.digest(self.own('APP_SECRET').encode(), body, 'sha256').hex()}"
        if not hmac.compare_digest(shown.encode(errors="replace"), expected.encode()):
            raise Refused

    def handshake(self, request: Request, body: bytes) -> HTTPResponse | None:
        """Return the challenge, which shows Meta that the address is ours."""
        if request.method != "GET":
            return None
        challenge = request.args.get("hub.challenge")
        if request.args.get("hub.mode") != "subscribe" or not challenge:
            raise Refused
        return text(challenge, headers={"x-content-type-options": "nosniff"})

    def incoming(self, request: Request, body: bytes) -> Sequence[Incoming]:
        """Return the messages of all entries of a request in the order in which they were written."""
        update = json.loads(body)
        if update["object"] != self.kind:
            return []
        events = [event for entry in update["entry"] for event in self.events(entry)]
        return list(self._read(sorted(events, key=_when)))

    def _read(self, events: Iterable[Event]) -> Iterator[Incoming]:
        for event in events:
            try:
                message = self.read(event)
            except (KeyError, TypeError, AttributeError) as error:
                # One event of a form that we do not know costs neither the others nor, by a refusal, the subscription.
                logger.warning("%s : événement illisible, %s", self.name(), trace_without_texts(error))
            else:
                if message:
                    yield message

    def url(self, path: str) -> str:
        """Return an address of the Graph API."""
        return f"{self.settings['META_GRAPH_URL'].rstrip('/')}/{self.settings['META_GRAPH_VERSION']}/{path}"

    async def post(self, path: str, bodies: Iterable[Mapping[str, Any]], **how: Any) -> None:
        """Send messages, one after the other.

        Raises:
            NotSent: one of them could not be sent; those behind it are not.
        """
        async with httpx.AsyncClient(timeout=_TIMEOUT) as client:
            for body in bodies:
                await send(partial(client.post, self.url(path), json=body, **how), "envoi", self.verdict)

    def verdict(self, response: httpx.Response) -> Verdict:
        """Return what an answer means: Meta's code of the error decides, the HTTP status only where there is none."""
        code, subcode = _error_of(response)
        if code is None:
            return by_status(response)
        again = code in self.later and (code, subcode) != _MAYBE_SENT
        named = f"code {code}" if subcode is None else f"code {code}/{subcode}"
        return Verdict(f"HTTP {response.status_code}, {named}", again, self.later.get(code))


def _when(event: Event) -> str:
    """Return when something happened, to be compared: milliseconds for Messenger, seconds in a text for WhatsApp."""
    return str(event.get("timestamp", "")).zfill(20)


def _error_of(response: httpx.Response) -> tuple[int | None, int | None]:
    """Return the code and the subcode of the error that an answer names; nothing else of it, which may quote a text."""
    try:
        body = response.json()
    except ValueError:
        return None, None
    error = body.get("error") if isinstance(body, dict) else None
    numbers = (error.get(name) if isinstance(error, dict) else None for name in ("code", "error_subcode"))
    code, subcode = (number if isinstance(number, int) else None for number in numbers)
    return code, subcode
