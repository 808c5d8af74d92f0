"""What Chatwoot tells: a person answered, or is done. https://www.chatwoot.com/docs/product/others/webhook-events."""

import asyncio
import hmac
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rasa.core.channels.channel import UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, text

from assistant.handover import OPTIONAL, VARIABLES, problems
from assistant.settings import Settings
from channels.guard import clean
from channels.guarded import trace_without_texts
from channels.handover.chatwoot import Chatwoot as Api
from channels.handover.desk import HandoverDesk, handover_desk
from channels.messaging.connector import read_body
from channels.messaging.inbox import Inbox, State
from channels.messaging.probes import Probe
from channels.messaging.sending import NotSent
from channels.messaging.switched import Switched
from channels.pause import PauseSwitch, pause_file
from channels.texts import TEXTS

logger = logging.getLogger(__name__)

#: How old a request may be, in seconds.
WINDOW_SECONDS = 300
#: Chatwoot waits for five seconds.
SECONDS = 4.5
#: The most characters of an answer that are shown.
MOST_CHARACTERS = 4000
_SECONDS = re.compile(r"[0-9]{1,12}")


class Chatwoot(Switched):
    """`POST /webhooks/chatwoot/webhook`, the webhook of the inbox.

    An answer other than 2xx shows an agent, beside the message, that it did not arrive.
    """

    variables = VARIABLES
    optional: ClassVar[Mapping[str, str]] = OPTIONAL

    def __init__(self, settings: Mapping[str, str]) -> None:
        super().__init__(settings)
        own = Settings.read()
        self._inbox = Inbox(own.database.with_name("inbox.db"))
        self._switch = PauseSwitch(pause_file(own))
        self._tasks: set[asyncio.Task[HTTPResponse]] = set()
        for name, problem in problems(settings).items():
            logger.error("chatwoot : %s", TEXTS["chatwoot_ferme"].format(variable=name, probleme=problem))

    @classmethod
    def name(cls) -> str:
        """Return the name that its address has."""
        return "chatwoot"

    @property
    def missing(self) -> list[str]:
        """The variables that are not set, or whose value will not do."""
        return [*super().missing, *problems(self.settings)]

    def probes(self) -> Sequence[Probe]:
        """Ask for the inbox, and whose token it is."""
        return Api(self.settings).probes()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the webhook, or a route that says that it is off where variables are missing."""
        blueprint = Blueprint("chatwoot_webhook")

        async def webhook(request: Request) -> HTTPResponse:
            desk = handover_desk()
            if desk is None:
                return text(TEXTS["canal_ferme"], status=404)
            return await self._webhook(request, desk)

        blueprint.add_route(webhook, "/webhook", methods=["POST"], stream=True, name="webhook")
        return blueprint

    async def _webhook(self, request: Request, desk: HandoverDesk) -> HTTPResponse:
        body = await read_body(request)
        if body is None:
            return text(TEXTS["requete_trop_longue"], status=413)
        if not self._is_genuine(request, body):
            return text(TEXTS["signature_refusee"], status=403)
        try:
            event = _read(json.loads(body), self.settings["CHATWOOT_ACCOUNT_ID"])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            logger.warning("chatwoot : requête illisible, %s", trace_without_texts(error))
            return text(TEXTS["requete_canal_illisible"], status=400)
        if event is None:
            return empty(200)
        task = asyncio.ensure_future(self._take(event, desk))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        done, _ = await asyncio.wait([task], timeout=SECONDS)
        return task.result() if done else empty(202)

    def _is_genuine(self, request: Request, body: bytes) -> bool:
        """Return whether a request is signed; older versions sign nothing, and have the secret in the address."""
        secret = self.settings["CHATWOOT_WEBHOOK_SECRET"].encode()
        at, shown = (request.headers.get(f"x-chatwoot-{name}", "") for name in ("timestamp", "signature"))
        if not shown:
            return hmac.compare_digest(request.args.get("secret", "").encode(errors="replace"), secret)
        if not _SECONDS.fullmatch(at) or abs(time.time() - int(at)) > WINDOW_SECONDS:
            return False
        expected = f"sha256={hmac.digest(secret, at.encode() + b'.' + body, 'sha256').hex()}"
        return hmac.compare_digest(shown.encode(errors="replace"), expected.encode())

    async def _take(self, event: "_Event", desk: HandoverDesk) -> HTTPResponse:
        """Do what an event asks for, once; say whether it was done."""
        handover = desk.numbered(event.number)
        if handover is None or event.contact not in {
            None,
            handover.contact,
        }:  # handed back, erased, or of another inbox
            return empty(410 if event.said else 200)
        if event.said and self._switch.pause:
            return empty(503)
        if event.id and self._inbox.take(self.name(), event.id) is not State.NEW:
            return empty(200)
        try:
            if event.said:
                await desk.reply(handover, event.said)
            else:
                await desk.hand_back(handover)
        except NotSent as error:
            logger.error("%s, %s : %s", handover.channel, handover.conversation, error)
            return empty(502)
        except Exception as error:  # whatever it is: no text of a person in the log
            logger.error("%s, %s : %s", handover.channel, handover.conversation, trace_without_texts(error))
            return empty(500)
        if event.id:
            self._inbox.done(self.name(), event.id)
        return empty(200)


@dataclass(frozen=True)
class _Event:
    """What is of interest of what Chatwoot tells.

    Attributes:
        number: what Chatwoot calls the conversation.
        contact: what Chatwoot calls the visitor, where it says so.
        said: what a person says in it, or nothing where it is handed back.
        id: what Chatwoot calls that message.
    """

    number: int
    contact: str | None
    said: str = ""
    id: str = ""


def _read(told: Mapping[str, Any], account: str) -> _Event | None:
    """Return what is of interest in what Chatwoot tells, if anything is.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: it is not what Chatwoot tells.
    """
    if told.get("account", {}).get("id", account) not in {account, int(account)}:  # of a status, none is told
        return None
    if told["event"] in {"conversation_status_changed", "conversation_resolved"}:
        return _Event(int(told["id"]), _contact(told)) if told["status"] == "resolved" else None
    # Notes that agents leave each other are private; what does not say that it is not is kept back.
    if told["event"] != "message_created" or told["message_type"] != "outgoing" or told.get("private") is not False:
        return None
    lines = [clean(line) for line in (told.get("content") or "").splitlines()]
    if told.get("attachments"):
        lines.append(TEXTS["piece_jointe"])
    said = "\n".join(filter(None, lines))[:MOST_CHARACTERS]
    talk = told["conversation"]
    return _Event(int(talk["id"]), _contact(talk), said, str(told["id"])) if said else None


def _contact(talk: Mapping[str, Any]) -> str | None:
    return (talk.get("contact_inbox") or {}).get("source_id")
