"""Meta's Graph API on loopback, and how Meta signs what it sends: the same for Messenger and WhatsApp."""

import hmac
import json
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from pydantic import BaseModel, Extra, ValidationError

from tests.messaging.app import App
from tests.messaging.standin import Answer, Call, StandIn

VERSION = "v26.0"
APP_SECRET = "essai-de-cle-secrete"
VERIFY_TOKEN = "essai-de-mot-convenu"


class Strict(BaseModel):
    """A part of a body: no field beside those named, no type but those named."""

    class Config:
        extra = Extra.forbid


@dataclass(frozen=True)
class Endpoint:
    """What one app takes.

    Attributes:
        token: returns the token of a call.
        expected: the token that is right.
        body: what a body must be.
        take: takes a body that is right.
    """

    token: Callable[[Call], str]
    expected: str
    body: type[Strict]
    take: Callable[[Any], Answer]


class Graph(StandIn):
    """Checks the version, the token, the fields, their types and lengths, and that the person has written before.

    Attributes:
        endpoints: what each address takes.
        people: those who wrote: nobody else may be written to.
    """

    def __init__(self) -> None:
        super().__init__()
        self.endpoints: dict[str, Endpoint] = {}
        self.people: set[str] = set()

    def take(self, call: Call) -> Answer:
        version, _, path = urlsplit(call.path).path.removeprefix("/").partition("/")
        asked = call.method == "GET"
        endpoint = self.endpoints.get(f"{path}/messages" if asked else path)
        if version != VERSION or endpoint is None or call.method not in {"GET", "POST"}:
            return self.no(400, 2500, f"Unknown path components: /{path}")
        if endpoint.token(call) != endpoint.expected:
            return self.no(401, 190, "Invalid OAuth access token")
        if asked:
            return Answer(200, {"id": path})
        if call.headers.get("content-type") != "application/json":
            return self.no(400, 100, "(#100) The parameter recipient is required")
        try:
            body = endpoint.body.parse_raw(call.body)
        except ValidationError as error:
            wrong = error.errors()[0]
            return self.no(400, 100, f"(#100) {'.'.join(map(str, wrong['loc']))}: {wrong['msg']}")
        return endpoint.take(body)

    def no(self, status: int, code: int, message: str, subcode: int | None = None) -> Answer:
        return self.refuse(status, message, error(code, subcode, message))


def error(code: int, subcode: int | None = None, message: str = "non") -> dict[str, Any]:
    """Return the body of an error."""
    more = {} if subcode is None else {"error_subcode": subcode}
    return {"error": {"message": message, "type": "OAuthException", "code": code, **more, "fbtrace_id": "A1"}}


@cache
def graph() -> Graph:
    """Return the one stand-in: one variable holds its address for both apps."""
    return Graph()


def query_token(call: Call) -> str:
    """Return the token of a call that has it in its address."""
    return parse_qs(urlsplit(call.path).query).get("access_token", [""])[0]


def bearer_token(call: Call) -> str:
    """Return the token of a call that has it in its header."""
    return call.headers.get("authorization", "").removeprefix("Bearer ")


def signature(body: bytes, secret: str = APP_SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()


class MetaApp(App):
    """People on an app of Meta."""

    standin: Graph
    kind: ClassVar[str]
    path: ClassVar[str]

    def make(self) -> Graph:
        graph().endpoints[self.path] = self.endpoint()
        return graph()

    @abstractmethod
    def endpoint(self) -> Endpoint:
        """Return what the app takes."""

    @property
    def variables(self) -> Mapping[str, str]:
        own = {"APP_SECRET": APP_SECRET, "VERIFY_TOKEN": VERIFY_TOKEN, "TOKEN": self.endpoint().expected}
        return {f"{self.name.upper()}_{name}": value for name, value in own.items()} | {"META_GRAPH_URL": graph().url}

    @abstractmethod
    def written(self, person: str, text: str, id: str, at: int = 0) -> dict[str, Any]:
        """Return what a person wrote, as one event."""

    @abstractmethod
    def update(self, *events: Mapping[str, Any]) -> dict[str, Any]:
        """Return a request with events, each in an entry of its own."""

    def text(self, person: str, text: str, id: str) -> httpx.Response:
        return self.send(self.update(self.written(person, text, id)))

    def forged(self, person: str, text: str, id: str) -> list[httpx.Response]:
        body = self.bytes_of(self.update(self.written(person, text, id)))
        sha1 = "sha1=" + hmac.new(APP_SECRET.encode(), body, "sha1").hexdigest()
        shown: tuple[dict[str, str], ...] = (
            {},
            {"x-hub-signature-256": ""},
            {"x-hub-signature-256": signature(body, "autre")},
            {"x-hub-signature-256": signature(body, "")},
            {"x-hub-signature-256": signature(body + b" ")},
            {"x-hub-signature-256": signature(body).removeprefix("sha256=")},
            {"x-hub-signature-256": sha1, "x-hub-signature": sha1},
        )
        return [self.post(body, headers) for headers in shown]

    def send(self, update: Mapping[str, Any]) -> httpx.Response:
        body = self.bytes_of(update)
        return self.post(body, {"content-type": "application/json", "x-hub-signature-256": signature(body)})

    @staticmethod
    def bytes_of(update: Mapping[str, Any]) -> bytes:
        """Return a body with its letters escaped, as Meta signs it; to write it anew would break the signature."""
        return json.dumps(update, separators=(",", ": ")).replace("/", "\\/").encode()

    def handshake(self, **asked: str) -> httpx.Response:
        """Make sure of the address, as Meta does when the operator enters it."""
        assert self.client is not None
        right = {"mode": "subscribe", "challenge": "1158201444", "verify_token": VERIFY_TOKEN} | asked
        query = urlencode({f"hub.{name}": value for name, value in right.items() if value})
        return self.client.get(f"/webhooks/{self.name}/webhook?{query}")

    def call(self, body: Any, **how: Any) -> httpx.Response:
        """Call the stand-in."""
        path = how.pop("path", f"/{VERSION}/{self.path}")
        return httpx.post(f"{self.standin.url}{path}", json=body, trust_env=False, **how)
