"""Rasa's Socket.IO channel behind the guard, for sites that already have a widget made for Rasa."""

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from rasa.core.channels.channel import UserMessage, decode_bearer_token
from rasa.core.channels.socketio import SocketBlueprint, SocketIOInput, SocketIOOutput
from sanic import Blueprint, Sanic
from sanic.log import error_logger
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json
from socketio import AsyncServer
from socketio import packet as packets

from assistant.knowledge.live import live_knowledge
from channels.guarded import GuardedHandler, trace_without_texts
from channels.handover.desk import handover_desk
from channels.handover.store import Handover
from channels.messaging.sending import NotSent
from channels.origins import allowed_origins
from channels.pace import Pace, Verdict
from channels.sessions import Sessions, secret
from channels.texts import TEXTS

logger = logging.getLogger(__name__)
#: What python-socketio and python-engineio say, without what they quote.
_transport_logger = logging.getLogger(f"{__name__}.transport")

#: The most bytes that come in at once: the longest message with room to spare.
MAX_BYTES = 16 * 1024
#: How long, in seconds, widgets may take to be told that the assistant stops.
GOODBYE_SECONDS = 0.2
_SETTINGS = (
    *("user_message_evt", "bot_message_evt", "namespace", "session_persistence", "socketio_path"),
    *("jwt_key", "jwt_method", "metadata_key", "origins"),
)

Handle = Callable[[UserMessage], Awaitable[Any]]
Listener = Callable[..., Awaitable[None]]


class GuardedOutput(SocketIOOutput):
    """Rasa's answers to a widget, in the widget's own namespace, where Rasa forgets it."""

    def __init__(self, sio: AsyncServer, bot_message_evt: str, namespace: str | None) -> None:
        super().__init__(sio, bot_message_evt)
        self._namespace = namespace

    async def _send_message(self, socket_id: str, response: Any) -> None:
        await self.sio.emit(self.bot_message_evt, response, room=socket_id, namespace=self._namespace)

    async def send_custom_json(self, recipient_id: str, json_message: dict[str, Any], **kwargs: Any) -> None:
        """Send what a response has under `custom` as it is, and to this conversation only."""
        await self._send_message(recipient_id, json_message)


class GuardedSocketIO(SocketIOInput):
    """Socket.IO in Rasa's format: `session_request` -> `session_confirm`, `user_uttered` -> `bot_uttered`.

    Args:
        origins: the sites whose pages may connect, beside the assistant's own; None takes those of ASSISTANT_ORIGINES.
        **settings: as for Rasa's channel. What a widget sends as metadata is not kept: it would be stored unguarded.

    Raises:
        ValueError: an origin is none; the message is in French.
    """

    def __init__(self, origins: Sequence[str] | None = None, **settings: Any) -> None:
        super().__init__(**settings)
        self._origins = allowed_origins(origins)

    @classmethod
    def from_credentials(cls, credentials: Mapping[str, Any] | None) -> "GuardedSocketIO":
        """Return the channel that the lines of `credentials.yml` describe.

        Raises:
            ValueError: a key is unknown, or an origin is none; the message is in French.
        """
        credentials = credentials or {}
        unknown = sorted(map(str, credentials.keys() - set(_SETTINGS)))
        if unknown:  # a misspelt `origins` or `jwt_key` would open what was meant to be closed
            raise ValueError(f"credentials.yml, {cls.__name__} : clé inconnue « {unknown[0]} ».")
        return cls(**credentials)

    def get_output_channel(self) -> GuardedOutput | None:
        """Return what sends to a conversation from outside of a turn (reminders, `trigger_intent`)."""
        return GuardedOutput(self.sio, self.bot_message_evt, self.namespace) if self.sio else None

    def blueprint(self, on_new_message: Handle) -> Blueprint:
        """Return the route of Rasa's channel, and listen to widgets, with the guard before Rasa."""
        _keep_texts_out_of_logs()
        self.sio = _Server(self._accepts)
        desk = handover_desk()
        if desk:
            desk.reach(self.name(), self._send_later)
        guarded = GuardedHandler(on_new_message, live_knowledge(), desk=desk)
        visits = _Visits(self, self.sio, Sessions(secret()), guarded)
        for event, handler in (
            ("connect", visits.connect),
            ("session_request", _without_errors(visits.session_request)),
            (self.user_message_evt, _without_errors(visits.user_uttered)),
        ):
            self.sio.on(event, handler, namespace=self.namespace)
        blueprint: Blueprint = SocketBlueprint(self.sio, self.socketio_path, "socketio_webhook", __name__)
        blueprint.add_route(_health, "/", methods=["GET"])
        return blueprint

    async def _send_later(self, handover: Handover, said: str) -> None:
        """Send what a person of the organisation says, to the widgets that show the conversation."""
        room = self.sio.manager.rooms.get(self.namespace or "/", {}).get(handover.conversation)
        if not room:
            raise NotSent("aucun widget ne montre la conversation")
        output = GuardedOutput(self.sio, self.bot_message_evt, self.namespace)
        await output.send_text_message(handover.conversation, said)

    def _accepts(self, origin: str, environ: Mapping[str, Any]) -> bool:
        """Return whether a page of an origin may connect: a site that is named, or the assistant's own address."""
        return origin in self._origins or origin in _own_origins(environ)


class _Visits:
    """What widgets ask for. Which conversation a connection has confirmed is which room it is in."""

    def __init__(self, channel: GuardedSocketIO, sio: AsyncServer, sessions: Sessions, handler: GuardedHandler) -> None:
        self._channel = channel
        self._sio = sio
        self._sessions = sessions
        self._handler = handler
        self._namespace = channel.namespace

    async def connect(self, sid: str, environ: Mapping[str, Any], auth: object = None) -> bool:
        """Let a widget in; with a `jwt_key`, only one that shows a token of it."""
        key = self._channel.jwt_key
        if not key:
            return True
        token = _mapping(auth).get("token")
        return isinstance(token, str) and bool(decode_bearer_token(token, key, self._channel.jwt_algorithm))

    async def session_request(self, sid: str, *data: object) -> None:
        """Confirm the conversation of a token made here, or a new one."""
        token = _mapping(*data).get("session_id")
        conversation = self._sessions.conversation(token)
        if conversation is None:
            token = self._sessions.new()
            conversation = self._sessions.conversation(token)
        if self._channel.session_persistence:
            for room in self._sio.rooms(sid, namespace=self._namespace):
                if room not in (sid, conversation):  # one conversation at a time, or memory would grow with requests
                    await self._sio.leave_room(sid, room, namespace=self._namespace)
            await self._sio.enter_room(sid, conversation, namespace=self._namespace)
        await self._sio.emit("session_confirm", token, room=sid, namespace=self._namespace)

    async def user_uttered(self, sid: str, *data: object) -> None:
        """Hand on a message, or say why not."""
        output = GuardedOutput(self._sio, self._channel.bot_message_evt, self._namespace)
        verdict = await self._verdict(sid)
        if verdict is Verdict.TOLD:
            await output.send_text_message(sid, TEXTS["trop_vite"])
        if verdict is not Verdict.PASSES:
            return
        message = _mapping(*data)
        conversation = self._conversation(sid, message.get("session_id"))
        if conversation is None:
            await output.send_text_message(sid, TEXTS["session_inconnue"])
            return
        text = message.get("message")
        text = text if isinstance(text, str) else ""  # Rasa's message takes nothing else
        await self._handler(UserMessage(text, output, conversation, input_channel=self._channel.name()))

    def _conversation(self, sid: str, token: object) -> str | None:
        """Return the conversation of a message: that of the token, if this connection has confirmed it."""
        if not self._channel.session_persistence:
            return sid
        conversation = self._sessions.conversation(token)
        return conversation if conversation in self._sio.rooms(sid, namespace=self._namespace) else None

    async def _verdict(self, sid: str) -> Verdict:
        """Return what becomes of a message that comes in now."""
        async with self._sio.session(sid, namespace=self._namespace) as session:
            pace: Pace = session.setdefault("pace", Pace())
            return pace.verdict(time.monotonic())


class _Packet(packets.Packet):
    """A packet that may be anything when it comes in: what no widget sends becomes an event that nobody hears.

    Otherwise a client could call the handler of « connect », have attachments without end kept for it, or fill the log.
    """

    def __init__(self, *args: Any, **settings: Any) -> None:
        if not settings.get("encoded_packet", "not from outside"):
            settings["encoded_packet"] = "?"  # an empty one, at which python-socketio would not even look
        super().__init__(*args, **settings)

    def decode(self, encoded_packet: Any) -> int:
        """Read a packet; it never has attachments."""
        try:
            attachments = super().decode(encoded_packet)
            expected = not attachments and self._is_expected()
        except Exception:  # whatever it is: it came from outside
            expected = False
        if not expected:
            self.packet_type, self.data, self.namespace, self.id = packets.EVENT, ["?"], None, None
        return 0

    def _is_expected(self) -> bool:
        if self.packet_type != packets.EVENT:
            return self.packet_type in (packets.CONNECT, packets.DISCONNECT, packets.ACK)
        event = self.data[0] if isinstance(self.data, list) and self.data else None
        return isinstance(event, str) and event not in ("connect", "disconnect", "*")


class _Server(AsyncServer):
    """Socket.IO on Sanic that refuses foreign origins and large bodies, and logs no text."""

    def __init__(self, accepts: Callable[[str, Mapping[str, Any]], bool]) -> None:
        super().__init__(
            async_mode="sanic",
            # A function: python-engineio takes an empty list for « no check at all », as Rasa passes it.
            cors_allowed_origins=accepts,
            max_http_buffer_size=MAX_BYTES,
            serializer=_Packet,
            logger=_transport_logger,
            engineio_logger=_transport_logger,
        )

    def attach(self, app: Sanic, socketio_path: str = "socket.io") -> None:
        """Add the route, as python-engineio does; as a stream, so that Sanic reads no body before its size is known."""
        path = f"/{socketio_path.strip('/')}/"

        async def handle_request(
            request: Request,
        ) -> HTTPResponse:  # no method: Sanic sets attributes of it
            return await self._handle_request(request)

        app.add_route(handle_request, path, methods=["GET", "POST", "OPTIONS"], stream=True)
        app.register_listener(self.leave, "before_server_stop")
        app.enable_websocket()  # type: ignore[no-untyped-call]

    async def leave(self, *_: Any) -> None:
        """Say goodbye to all widgets: Sanic would wait for their polls until it is killed."""
        goodbyes = [asyncio.ensure_future(self.eio.disconnect(sid)) for sid in list(self.eio.sockets)]
        if goodbyes:
            await asyncio.wait(goodbyes, timeout=GOODBYE_SECONDS)
        await self.shutdown()

    async def _handle_request(self, request: Request) -> HTTPResponse:
        if request.method == "POST":
            length = request.headers.get("content-length", "")
            if not re.fullmatch("[0-9]{1,9}", length):
                return empty(status=411)
            if int(length) <= MAX_BYTES:  # otherwise python-engineio ends the connection, and never asks for the body
                await request.receive_body()  # type: ignore[no-untyped-call]
        try:
            answer: HTTPResponse = await self.eio.handle_request(request)
        except Exception as error:  # Sanic would log what a broken frame holds
            logger.error("Une connexion a été interrompue : %s", trace_without_texts(error))
            answer = empty(status=400)
        return answer


def _mapping(*data: object) -> Mapping[str, object]:
    """Return what came with an event if it is a JSON object, and an empty one otherwise."""
    return data[0] if data and isinstance(data[0], dict) else {}


def _without_errors(handler: Listener) -> Listener:
    """Return a listener out of which no error comes: asyncio would log it with what it quotes of the visitor."""

    async def listen(sid: str, *data: object) -> None:
        try:
            await handler(sid, *data)
        except Exception as error:
            logger.error("Un message n'a pas pu être reçu : %s", trace_without_texts(error))

    return listen


def _own_origins(environ: Mapping[str, Any]) -> set[str]:
    """Return the assistant's own address as browsers see it, through a proxy or not; pages cannot set these headers."""
    scheme = environ.get("HTTP_X_FORWARDED_PROTO", environ.get("wsgi.url_scheme", "http"))
    hosts = (environ[name] for name in ("HTTP_HOST", "HTTP_X_FORWARDED_HOST") if name in environ)
    return {f"{_first(scheme)}://{_first(host)}" for host in hosts}


def _first(values: str) -> str:
    return values.partition(",")[0].strip()


async def _health(_: Request) -> HTTPResponse:
    return json({"status": "ok"})


def _keep_texts_out_of_logs() -> None:
    """Have nothing below say what came in, whatever level the operator has set. Twice is as good as once."""
    _transport_logger.addFilter(_without_texts)
    error_logger.addFilter(_without_frames)


def _without_texts(record: logging.LogRecord) -> bool:
    """Let errors of the transport through, their exception without its message; the rest quotes packets."""
    if record.exc_info and record.exc_info[1]:
        record.msg, record.args = "%s : %s", (record.getMessage(), trace_without_texts(record.exc_info[1]))
        record.exc_info = None
    else:  # an Origin or an id that a stranger made up
        record.msg, record.args = re.sub(r"[^ -~]+", " ", record.getMessage())[:200], ()
    return record.levelno >= logging.ERROR


def _without_frames(record: logging.LogRecord) -> bool:
    """Drop what websockets says through Sanic's logger while debugging: every frame, as it is."""
    return record.levelno > logging.DEBUG
