"""The channel of the chat on a website: the component itself, a page to try it, and the way to Rasa."""

import asyncio
import gzip
import html
import json as json_format
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, Sanic
from sanic.exceptions import InvalidUsage, PayloadTooLarge
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json, raw, redirect

from assistant.dialogue.wording import contact_text
from assistant.knowledge.live import LiveKnowledge, live_knowledge
from assistant.names import DECISIONS_SLOT
from assistant.settings import ROOT, Settings
from channels.erased import Erased
from channels.feedback import VERDICTS, FeedbackStore
from channels.guarded import ERASED, GuardedHandler, trace_without_texts
from channels.handover.desk import HandoverDesk, handover_desk
from channels.journal import Journal
from channels.limits import PER_ADDRESS, PER_CONVERSATION, PER_WAITING, Limit, Limits
from channels.origins import allowed_origins
from channels.replies import Replies, Reply
from channels.sessions import Sessions, secret
from channels.texts import TEXTS
from channels.tracker_store import erase

logger = logging.getLogger(__name__)

#: The most bytes of a body: the longest message with room to spare.
MAX_BYTES = 16 * 1024
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
_MESSAGE_ID = re.compile(r"[\w-]{8,64}")
_WIDGET = ROOT / "widget"
#: The module that says who puts the assistant online.
_OF_ORGANISATION = "organisation.js"
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
_FILES = {path.name: path for path in _WIDGET.iterdir() if path.suffix in _TYPES}
#: The page to try it loads nothing from elsewhere, and nothing in it is a script but the component.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


class _Refused(Exception):
    """A request that is refused: its status, what is said, and further headers."""

    def __init__(self, status: int, text: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.headers = dict(headers or {})


class _Output(CollectingOutputChannel):
    """Collects what is said, and whether the conversation was erased with it."""

    erased = False

    @classmethod
    def name(cls) -> str:
        """Return the channel that responses of `data/responses/` may name."""
        return Website.name()

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.erased = self.erased or message.get("utter_action") == ERASED
        await super().send_response(recipient_id, message)


class Website(InputChannel):
    """`POST conversations`, `messages`, `replies`, `erasures`, `feedback` under `/webhooks/website/`; `GET`: the page.

    Bodies are JSON objects, errors are `{"erreur": "…"}`. A conversation is named by the token that `conversations`
    gives; without it nothing of it can be read, added or erased.
    """

    @classmethod
    def name(cls) -> str:
        """Return the name that its addresses have."""
        return "website"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes."""
        live = live_knowledge()
        settings = Settings.read()
        journal = Journal(settings.journal, settings.question_days)
        desk = handover_desk()
        guarded = GuardedHandler(on_new_message, live, journal=journal, desk=desk)
        service = _Service(guarded, FeedbackStore(settings.feedback), journal, desk)
        origins = allowed_origins(None)
        blueprint = Blueprint("website_webhook")
        for path, handler in (
            ("conversations", service.conversation),
            ("messages", service.message),
            ("replies", service.replies),
            ("erasures", service.erasure),
            ("feedback", service.feedback),
        ):
            route = partial(_answer, handler, origins)
            blueprint.add_route(route, f"/{path}", methods=_METHODS, stream=True, name=path)
        if desk:
            blueprint.before_server_stop(desk.close)
        blueprint.add_route(partial(_page, live, settings, journal), "/", methods=["GET"], name="page")
        blueprint.add_route(partial(_file, live), r"/<name:[a-z-]+\.(?:js|css)>", methods=["GET"], name="file")
        blueprint.add_route(_unknown, "/<path:[^/].*>", methods=_METHODS, name="unknown")
        return blueprint


class _Service:
    """What the website asks for."""

    def __init__(
        self, handler: GuardedHandler, feedback: FeedbackStore, journal: Journal, desk: HandoverDesk | None
    ) -> None:
        self._handler = handler
        self._desk = desk
        self._feedback = feedback
        self._journal = journal
        self._sessions = Sessions(secret())
        self._limits = Limits()
        self._replies = Replies()
        self._erased = Erased()

    async def conversation(self, request: Request, body: Mapping[str, Any]) -> HTTPResponse:
        """Begin a conversation, or go on with one that was not erased: the token to use."""
        self._pace(request)
        token = body.get("conversation")
        known = self._sessions.conversation(token)
        store = Sanic.get_app().ctx.agent.tracker_store
        if known is None or self._erased.has(known) or not (self._has_person(known) or await store.retrieve(known)):
            return _json({"conversation": self._sessions.new()}, 201)
        return _json({"conversation": token})

    async def message(self, request: Request, body: Mapping[str, Any]) -> HTTPResponse:
        """Answer a message; the same message again gets the same answer."""
        conversation, message = self._open(body), _message_id(body)
        text = body.get("text")
        if not isinstance(text, str):
            raise _Refused(400, TEXTS["requete_illisible"].format(champs="« conversation », « id » et « text »"))
        self._pace(request, conversation)
        reply = partial(self._reply, conversation, message, text)
        answer = await self._replies.reply((conversation, message), reply)
        if answer["erased"]:
            self._replies.forget(conversation)
        return _json(answer)

    async def replies(self, request: Request, body: Mapping[str, Any]) -> HTTPResponse:
        """Tell what a person has answered, as soon as there is something; `after` is the id of what was shown last."""
        conversation, after = self._open(body), body.get("after")
        if not isinstance(after, int) or isinstance(after, bool) or not 0 <= after < 2**63:
            raise _Refused(400, TEXTS["requete_illisible"].format(champs="« conversation » et « after » (un nombre)"))
        self._pace(request, conversation, PER_WAITING)
        found = await self._desk.replies(conversation, after) if self._desk else []
        shown = [{"id": one.id, "text": one.text, "person": one.person} for one in found]
        return _json({"messages": shown, "person": self._has_person(conversation)})

    async def erasure(self, request: Request, body: Mapping[str, Any]) -> HTTPResponse:
        """Erase a conversation, after what is being answered in it; what a person has of it stays there."""
        conversation = self._known(body)
        # It is done even if whoever asked for it has gone.
        note = await asyncio.shield(asyncio.ensure_future(self._erase(conversation)))
        return _json({"note": note}) if note else empty()

    async def feedback(self, request: Request, body: Mapping[str, Any]) -> HTTPResponse:
        """Keep what is said of an answer, with its decision."""
        conversation, message = self._open(body), _message_id(body)
        verdict = body.get("verdict")
        if verdict not in VERDICTS:
            raise _Refused(400, TEXTS["requete_illisible"].format(champs="« conversation », « id » et « verdict »"))
        self._pace(request, conversation)
        tracker = await Sanic.get_app().ctx.agent.tracker_store.retrieve_full_tracker(conversation)
        decisions = _decisions(tracker, message) if tracker else []
        if not decisions:
            raise _Refused(404, TEXTS["reponse_inconnue"])
        self._feedback.add(conversation, message, verdict, decisions)
        return empty()

    def _has_person(self, conversation: str) -> bool:
        return self._desk is not None and self._desk.of(conversation) is not None

    async def _erase(self, conversation: str) -> str:
        self._erased.add(conversation)
        await self._replies.settle(conversation)
        note = await self._desk.forget(conversation) if self._desk else ""
        await erase(Sanic.get_app().ctx.agent, conversation)
        self._replies.forget(conversation)
        return note

    async def _reply(self, conversation: str, message: str, text: str) -> Reply:
        output = _Output()
        new = self._journal.tell(conversation)
        await self._handler(UserMessage(text, output, conversation, input_channel=Website.name(), message_id=message))
        shown = [{"text": one.get("text", ""), "buttons": one.get("buttons", [])} for one in output.messages]
        if new and self._journal.has_told(conversation):
            shown.insert(0, {"text": self._journal.notice, "buttons": []})  # first: buttons are shown under the last
        return {"messages": shown, "erased": output.erased, "person": self._has_person(conversation)}

    def _known(self, body: Mapping[str, Any]) -> str:
        conversation = self._sessions.conversation(body.get("conversation"))
        if conversation is None:
            raise _Refused(403, TEXTS["conversation_inconnue"])
        return conversation

    def _open(self, body: Mapping[str, Any]) -> str:
        """Return the conversation, unless it was erased: what was on its way then is not stored any more."""
        conversation = self._known(body)
        if self._erased.has(conversation):
            raise _Refused(403, TEXTS["conversation_inconnue"])
        return conversation

    def _pace(self, request: Request, conversation: str | None = None, limit: Limit = PER_CONVERSATION) -> None:
        """Refuse what comes too fast, from one conversation or from one address."""
        counted = [(PER_ADDRESS, request.remote_addr or request.ip)]
        if conversation:
            counted.append((limit, conversation))
        seconds = self._limits.wait(time.monotonic(), *counted)
        if seconds:
            text = TEXTS["trop_de_requetes"].format(secondes=seconds)
            raise _Refused(429, text, {"Retry-After": str(seconds)})


_Handler = Callable[[Request, Mapping[str, Any]], Awaitable[HTTPResponse]]


async def _answer(handler: _Handler, origins: frozenset[str], request: Request) -> HTTPResponse:
    """Answer a request of a page that may ask; what is refused gets a line in French."""
    origin = request.headers.get("origin")
    headers = {**_HEADERS, "Vary": "Origin"}
    assert request.stream is not None  # its route is a streaming one
    request.stream.request_max_size = MAX_BYTES  # also for what Sanic reads after an answer
    try:
        if request.method != "POST":
            raise _Refused(405, TEXTS["methode_refusee"], {"Allow": "POST"})
        if origin is not None:
            if origin.lower() not in origins and origin.partition("://")[2] != request.host:
                raise _Refused(403, TEXTS["origine_refusee"])
            headers["Access-Control-Allow-Origin"] = origin
        response = await handler(request, await _body(request))
    except _Refused as refused:
        headers |= refused.headers
        response = _json({"erreur": str(refused)}, refused.status)
    except Exception as error:  # whatever it is: no text of a visitor in the log, no silence for the visitor
        logger.error("Une requête n'a pas pu être traitée : %s", trace_without_texts(error))
        response = _json({"erreur": TEXTS["excuse"]}, 500)
    response.headers.update(headers)
    return response


async def _body(request: Request) -> Mapping[str, Any]:
    """Return the JSON object that a request brings; no more of it is read than may come in."""
    content = b""
    assert request.stream is not None  # its route is a streaming one
    try:
        while (part := await request.stream.read()) is not None:
            content += part
        body = json_format.loads(content)
    except PayloadTooLarge:
        raise _Refused(413, TEXTS["requete_trop_longue"]) from None
    except (InvalidUsage, ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise _Refused(400, TEXTS["requete_illisible"].format(champs="les champs de docs/widget.md"))
    return body


def _message_id(body: Mapping[str, Any]) -> str:
    message = body.get("id")
    if not isinstance(message, str) or not _MESSAGE_ID.fullmatch(message):
        raise _Refused(
            400, TEXTS["requete_illisible"].format(champs="« conversation » et « id » (8 à 64 lettres ou chiffres)")
        )
    return message


def _decisions(tracker: DialogueStateTracker, message: str) -> list[dict[str, Any]]:
    """Return the decisions of the turn that a message began: the slot is set only where its value changes."""
    found, answered, decisions = False, False, list[dict[str, Any]]()
    for event in tracker.events:
        if isinstance(event, UserUttered):
            if found:
                break
            found = event.message_id == message
        elif isinstance(event, SlotSet) and event.key == DECISIONS_SLOT:
            decisions = event.value or []
        elif isinstance(event, BotUttered):
            answered = found  # an apology is none: it is said past Rasa
    return decisions if answered else []


async def _page(live: LiveKnowledge, settings: Settings, journal: Journal, request: Request) -> HTTPResponse:
    """Return the page to try the component on; its files are looked for behind the slash."""
    if not request.path.endswith("/"):
        return redirect(f"{request.path}/")
    knowledge = live.current.knowledge
    page = (_WIDGET / "demo.html").read_text("utf-8")
    words = {
        "contact": contact_text(knowledge.recipient),
        "heures": f"{settings.conversation_hours:g}",
        "page": knowledge.organisation.privacy or "#confidentialite",
        "questions": journal.notice if journal.keeps_questions else "",
    }
    for name, said in words.items():
        page = page.replace(f"{{{name}}}", html.escape(said))
    headers = {**_HEADERS, "Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    return HTTPResponse(page, content_type="text/html; charset=utf-8", headers=headers)


async def _file(live: LiveKnowledge, request: Request, name: str) -> HTTPResponse:
    """Return a file of the component; the pages of all sites may load it."""
    path = _FILES.get(name)
    if path is None:
        return await _unknown(request, name)
    headers = {
        **_HEADERS,
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": "max-age=300",
        "Vary": "Accept-Encoding",
    }
    content = path.read_bytes()
    if name == _OF_ORGANISATION:
        address = json_format.dumps(live.current.knowledge.organisation.privacy or "")
        content = content.replace(b'PRIVACY = ""', f"PRIVACY = {address}".encode())
    if "gzip" in request.headers.get("accept-encoding", ""):
        content = gzip.compress(content)
        headers["Content-Encoding"] = "gzip"
    return raw(content, content_type=_TYPES[path.suffix], headers=headers)


async def _unknown(request: Request, path: str) -> HTTPResponse:
    """Answer to an address that is none."""
    response = _json({"erreur": TEXTS["adresse_inconnue"]}, 404)
    response.headers.update(_HEADERS)
    return response


def _json(content: object, status: int = 200) -> HTTPResponse:
    return json(content, status=status, headers={"Cache-Control": "no-store"}, ensure_ascii=False)
