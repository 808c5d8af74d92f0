"""A messaging app on loopback: a real server that takes calls as the app does, and refuses what it would refuse."""

import json
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.waiting import eventually


@dataclass(frozen=True)
class Call:
    """A call that came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What the app answers."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """A message as a person sees it.

    Attributes:
        person: who sees it.
        text: its text.
        buttons: the label of each button, and what pressing it sends.
    """

    person: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()


class StandIn(ABC):
    """The app. A subclass checks calls as strictly as the app, and says what a person sees of them.

    Attributes:
        shown: what people saw, in order.
        refused: why calls were refused, in order: empty as long as the connector does well.
        calls: all calls that came in.
    """

    def __init__(self) -> None:
        self.shown: list[Shown] = []
        self.refused: list[str] = []
        self.calls: list[Call] = []
        self._faults: deque[Answer | None] = deque()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @abstractmethod
    def take(self, call: Call) -> Answer:
        """Check a call as the app does; note what a person sees of it with `show`, or what is wrong with `refuse`."""

    def show(self, person: str, text: str, buttons: tuple[tuple[str, str], ...] = ()) -> None:
        self.shown.append(Shown(person, text, buttons))

    def refuse(self, status: int, why: str, body: Any) -> Answer:
        self.refused.append(why)
        return Answer(status, body)

    def fail(self, *answers: Answer) -> None:
        """Answer the next calls so, whatever they are."""
        self._faults.extend(answers)

    def seen_by(self, person: str) -> list[Shown]:
        return [shown for shown in self.shown if shown.person == person]

    def wait(self, person: str, number: int) -> list[Shown]:
        """Return what a person sees once that many messages have come; fail when they do not."""
        came = eventually(lambda: len(self.seen_by(person)) >= number)
        assert came, f"{len(self.seen_by(person))} of {number} messages came; {self.refused}"
        return self.seen_by(person)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        answer = self._answer

        class Handler(BaseHTTPRequestHandler):
            def _serve(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                said = answer(Call(self.command, self.path, headers, self.rfile.read(length)))
                body = said.body.encode() if isinstance(said.body, str) else json.dumps(said.body).encode()
                self.send_response(said.status)
                for name, value in {"content-type": "application/json", **said.headers}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = _serve

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler

    def _answer(self, call: Call) -> Answer:
        self.calls.append(call)
        fault = self._faults.popleft() if self._faults else None
        return fault or self.take(call)
