"""Rasa's REST channel behind the guard; it asks for no account, and so answers to this machine only."""

from collections.abc import Awaitable, Callable, Collection
from ipaddress import ip_address
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from assistant.knowledge.live import live_knowledge
from channels.guarded import GuardedHandler
from channels.texts import TEXTS


class GuardedRest(RestInput):
    """`POST /webhooks/rest/webhook` in Rasa's format: `{"sender", "message"}` -> `[{"recipient_id", "text", ...}]`."""

    #: Commands that are let through.
    commands: Collection[str] = ()

    def get_metadata(self, request: Request) -> None:
        """Return nothing: what a client adds would be stored unguarded."""

    def _extract_input_channel(self, request: Request) -> str:
        return str(self.name())

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return Rasa's routes, with the guard before Rasa and the body checked."""
        handler = GuardedHandler(on_new_message, live_knowledge(), self.commands)
        blueprint: Blueprint = super().blueprint(handler)
        blueprint.middleware(_check, "request")
        return blueprint


async def _check(request: Request) -> HTTPResponse | None:
    """Answer 403 to another machine, and 400 to a body that Rasa could not read, with one line each."""
    if not ip_address(request.ip).is_loopback or "x-forwarded-for" in request.headers:
        return json({"erreur": TEXTS["rest_local"]}, status=403, ensure_ascii=False)
    if request.method != "POST":
        return None
    try:
        body = request.json
    except SanicException:
        body = None
    good = isinstance(body, dict) and isinstance(body.get("message"), str) and _is_id(body.get("sender", "default"))
    return None if good else json({"erreur": TEXTS["pas_json"]}, status=400, ensure_ascii=False)


def _is_id(sender: object) -> bool:
    """Return whether a sender can be kept: printable, and no lone surrogate, which no store takes."""
    return isinstance(sender, str) and 0 < len(sender) <= 255 and sender.isprintable()
