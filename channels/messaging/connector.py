"""What every connector of a messaging app does with what comes in: check it, take it once, answer in order."""

import asyncio
import logging
import weakref
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty, text

from assistant.dialogue.records import Button
from assistant.dialogue.wording import privacy_text
from assistant.french import fold
from assistant.handover import CHANNELS
from assistant.knowledge.live import live_knowledge
from assistant.settings import Settings
from channels.guarded import GuardedHandler, trace_without_texts
from channels.handover.desk import handover_desk
from channels.handover.store import Handover
from channels.journal import Journal
from channels.messaging.inbox import Inbox, State
from channels.messaging.people import conversation_of
from channels.messaging.rendering import Said
from channels.messaging.sending import NotSent
from channels.messaging.switched import Switched
from channels.texts import TEXTS
from channels.tracker_store import erase

logger = logging.getLogger(__name__)

#: The most bytes of a body.
MAX_BYTES = 256 * 1024
#: What the app's own id of a person is called in an address.
PERSON = "person"
#: « mes données »: what is kept, how long, and why.
_MY_DATA = frozenset({"mes donnees", "mes donnees personnelles"})


class Kind(Enum):
    """What a person sent."""

    TEXT = "text"
    #: A button that was pressed.
    PAYLOAD = "payload"
    #: A picture, a voice note, a location: nothing to read.
    MEDIA = "media"


@dataclass(frozen=True)
class Incoming:
    """One message of a person.

    Attributes:
        id: the app's own id of the message: it comes once with it, or again.
        person: the app's own id of whom to answer.
        kind: what was sent.
        text: what was written, or the payload of the button.
        context: what the answer needs to know beside: a thread, a callback to acknowledge.
    """

    id: str
    person: str
    kind: Kind
    text: str = ""
    context: Mapping[str, str] | None = None


class Refused(Exception):
    """A request that does not come from the app."""


class Connector(Switched):
    """A messaging app. What differs from app to app is said by a subclass.

    Attributes:
        seconds: how long the app waits for the answer to its request.
        lasting: what of the context of a message is good for what is said later on, too.
    """

    seconds: ClassVar[float]
    lasting: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, settings: Mapping[str, str]) -> None:
        super().__init__(settings)
        own = Settings.read()
        self._inbox = Inbox(own.database.with_name("inbox.db"))
        self._journal = Journal(own.journal, own.question_days)
        self._locks: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()
        self._tasks: set[asyncio.Task[State]] = set()

    @abstractmethod
    def check(self, request: Request, body: bytes) -> None:
        """Check that a request comes from the app.

        Raises:
            Refused: it does not.
        """

    @abstractmethod
    def incoming(self, request: Request, body: bytes) -> Sequence[Incoming]:
        """Return the messages of people in a request; all else that apps tell is left out."""

    @abstractmethod
    async def show(self, message: Incoming, said: Sequence[Said]) -> None:
        """Send what is said in answer to a message.

        Raises:
            NotSent: it could not be sent.
        """

    def handshake(self, request: Request, body: bytes) -> HTTPResponse | None:
        """Return the answer to a request by which the app makes sure of us, or None if it is none."""
        return None

    def answered(self) -> HTTPResponse:
        """Return what the app wants to hear when its request was understood."""
        return empty(200)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the webhook, or a route that says that it is off where variables are missing."""
        blueprint = Blueprint(f"{self.name()}_webhook")
        desk = handover_desk() if self.name() in CHANNELS else None
        if desk:
            desk.reach(self.name(), self.send_later)
        handler = GuardedHandler(on_new_message, live_knowledge(), journal=self._journal, desk=desk)

        async def webhook(request: Request) -> HTTPResponse:
            if self.missing:
                return text(TEXTS["canal_ferme"], status=404)
            return await self._webhook(request, handler)

        blueprint.add_route(webhook, "/webhook", methods=["GET", "POST"], stream=True, name="webhook")
        return blueprint

    async def _webhook(self, request: Request, handler: GuardedHandler) -> HTTPResponse:
        body = await read_body(request)
        if body is None:
            return text(TEXTS["requete_trop_longue"], status=413)
        try:
            self.check(request, body)
            shake = self.handshake(request, body)
            messages = [] if shake else self.incoming(request, body)
        except Refused:
            return text(TEXTS["signature_refusee"], status=403)
        # RecursionError: brackets in brackets in brackets.
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            logger.warning("%s : requête illisible, %s", self.name(), trace_without_texts(error))
            return text(TEXTS["requete_canal_illisible"], status=400)
        if shake:
            return shake
        # In order and at once: the lock of a person is asked for before anything else is awaited.
        tasks = [asyncio.ensure_future(self._take(message, handler)) for message in messages]
        self._tasks.update(tasks)
        for task in tasks:
            task.add_done_callback(self._tasks.discard)
        if tasks:
            finished, _ = await asyncio.wait(tasks, timeout=self.seconds)
            if not all([self._settled(task) for task in finished]):
                return text(TEXTS["message_pris"], status=503)
        return self.answered()

    def _settled(self, task: "asyncio.Task[State]") -> bool:
        """Return whether a message needs not come again; say what went wrong before it was taken."""
        error = task.exception()
        if error:
            logger.error("%s : message non pris, %s", self.name(), trace_without_texts(error))
        return not error and task.result() is not State.TAKEN

    async def _take(self, message: Incoming, handler: GuardedHandler) -> State:
        """Answer a message unless it was; one answer after the other for each person.

        Returns:
            What the message was. One that is taken is another process's, which may have died over it: the app is to
            bring it again.
        """
        lock = self._locks.setdefault(message.person, asyncio.Lock())
        async with lock:
            state = self._inbox.take(self.name(), message.id)
            if state is not State.NEW:
                return state
            conversation = conversation_of(self.name(), message.person)
            try:
                await self.show(message, await self._said(message, conversation, handler))
            except NotSent as error:
                logger.error("%s, %s : %s", self.name(), conversation, error)
                self._journal.untell(conversation)
            except Exception as error:  # whatever it is: no text of a person in the log
                logger.error("%s, %s : %s", self.name(), conversation, trace_without_texts(error))
            self._inbox.done(self.name(), message.id)
            return state

    async def _said(self, message: Incoming, conversation: str, handler: GuardedHandler) -> list[Said]:
        """Return what is said to a message."""
        if message.kind is Kind.MEDIA and not handler.paused:
            return [Said(TEXTS["sans_texte"])]
        if fold(message.text) in _MY_DATA:
            hours = f"{Settings.read().conversation_hours:g}"
            more = privacy_text(live_knowledge().current.knowledge)
            self._journal.tell(conversation)
            kept = [self._journal.notice] if self._journal.has_told(conversation) else []
            desk = handover_desk()
            if desk and desk.of(conversation):
                kept.append(TEXTS["mes_donnees_personne"])
            return [Said(" ".join([TEXTS["mes_donnees"].format(heures=hours), *kept]) + more)]
        known = await Sanic.get_app().ctx.agent.tracker_store.retrieve(conversation) is not None
        output = _Output(self.name())
        new = self._journal.tell(conversation)
        address = {name: value for name, value in (message.context or {}).items() if name in self.lasting}
        to = UserMessage(message.text, output, conversation, input_channel=self.name())
        await handler(to, {**address, PERSON: message.person})
        intro = [] if known else [TEXTS["presentation"]]
        if new and self._journal.has_told(conversation):
            intro.append(self._journal.notice)
        return [*([Said(" ".join(intro))] if intro else []), *map(_said, output.messages)]

    async def send_later(self, handover: Handover, said: str) -> None:
        """Send what a person of the organisation says.

        Raises:
            NotSent: it could not be sent.
        """
        context = {name: value for name, value in handover.address.items() if name != PERSON}
        await self.show(Incoming("", handover.address[PERSON], Kind.TEXT, "", context), [Said(said)])

    async def forget(self, person: str) -> None:
        """Erase the conversation of a person."""
        await erase(Sanic.get_app().ctx.agent, conversation_of(self.name(), person))


class _Output(CollectingOutputChannel):
    """Collects what is said, as the responses of `data/responses/` that name the app have it."""

    def __init__(self, app: str) -> None:
        super().__init__()
        self._app = app

    def name(self) -> str:
        return self._app


def _said(message: Mapping[str, Any]) -> Said:
    buttons = tuple(Button(one["title"], one["payload"]) for one in message.get("buttons") or [])
    return Said(message.get("text", ""), buttons)


async def read_body(request: Request) -> bytes | None:
    """Return the body of a request, or None if it is too long."""
    content = b""
    assert request.stream is not None  # its route is a streaming one
    while (part := await request.stream.read()) is not None:
        content += part
        if len(content) > MAX_BYTES:
            return None
    return content
