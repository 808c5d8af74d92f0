"""Telegram, through its Bot API: https://core.telegram.org/bots/api."""

import hmac
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar

import httpx
from sanic.request import Request

from assistant.dialogue.records import Button
from channels.messaging.connector import Connector, Incoming, Kind, Refused
from channels.messaging.probes import Probe
from channels.messaging.rendering import Said, parts
from channels.messaging.sending import NotSent, send
from channels.texts import TEXTS

#: What Telegram takes at most: characters of a text, bytes of what a button sends.
TEXT_LIMIT = 4096
DATA_LIMIT = 64
#: Longer than Rasa's actions take at most.
_TIMEOUT = httpx.Timeout(10.0)
_SECRET_HEADER = "x-telegram-bot-api-secret-token"
#: Kinds of messages without a text that deserve a line; joins, pins and the like get silence.
_MEDIA = ("photo", "voice", "video", "video_note", "audio", "document", "sticker", "animation", "location", "contact")


class Telegram(Connector):
    """`POST /webhooks/telegram/webhook`, where `make telegram-webhook` tells Telegram to send.

    Updates are told apart by `update_id`; an edited message gets no second answer.
    """

    variables = ("TELEGRAM_TOKEN", "TELEGRAM_SECRET")
    #: Who runs a Bot API server of their own names it.
    optional: ClassVar[Mapping[str, str]] = {"TELEGRAM_API": "https://api.telegram.org"}
    #: Not documented; Telegram keeps the connection open for a minute.
    seconds = 10.0

    @classmethod
    def name(cls) -> str:
        """Return the name that its addresses have."""
        return "telegram"

    def check(self, request: Request, body: bytes) -> None:
        """Check the secret that Telegram was given with the webhook."""
        shown = request.headers.get(_SECRET_HEADER, "")
        if not hmac.compare_digest(shown.encode(), self.settings["TELEGRAM_SECRET"].encode()):
            raise Refused

    def incoming(self, request: Request, body: bytes) -> Sequence[Incoming]:
        """Return the message or the pressed button of an update."""
        update = json.loads(body)
        number = str(update["update_id"])
        if "callback_query" in update:
            pressed = update["callback_query"]
            # A button of a message that Telegram no longer shows has no data: the spinner is stopped all the same.
            person, data = str(pressed["from"]["id"]), str(pressed.get("data", ""))
            chat = pressed.get("message", {}).get("chat", {}).get("id", person)
            return [Incoming(number, str(chat), Kind.PAYLOAD, data, {"callback": str(pressed["id"])})]
        message = update.get("message")
        if not message or message.get("from", {}).get("is_bot"):
            return []
        chat = str(message["chat"]["id"])
        if "text" in message:
            return [Incoming(number, chat, Kind.TEXT, _without_start(message["text"]))]
        return [Incoming(number, chat, Kind.MEDIA)] if any(kind in message for kind in _MEDIA) else []

    async def show(self, message: Incoming, said: Sequence[Said]) -> None:
        """Stop the spinner of a button, then send each thing said, its buttons below its last part."""
        async with httpx.AsyncClient(timeout=_TIMEOUT) as client:
            if message.context:
                callback = {"callback_query_id": message.context["callback"]}
                with suppress(NotSent):  # too late for the spinner, not for the answer
                    await self._call(client, "answerCallbackQuery", callback)
            for one in said:
                texts = parts(one.text, TEXT_LIMIT)
                for text in texts:
                    keyboard = _keyboard(one.choices) if text is texts[-1] else {}
                    body = {"chat_id": int(message.person), "text": text, "link_preview_options": {"is_disabled": True}}
                    await self._call(client, "sendMessage", body | keyboard)

    def probes(self) -> Sequence[Probe]:
        """Ask whose token it is, and where Telegram sends messages."""
        return [
            Probe("le jeton", self.url("getMe")),
            Probe("l'adresse enregistrée", self.url("getWebhookInfo"), problem=_webhook_problem),
        ]

    def url(self, method: str) -> str:
        """Return the address of a method, which holds the token."""
        return f"{self.settings['TELEGRAM_API']}/bot{self.settings['TELEGRAM_TOKEN']}/{method}"

    async def _call(self, client: httpx.AsyncClient, method: str, body: Mapping[str, Any]) -> None:
        await send(lambda: client.post(self.url(method), json=body), method)


def _keyboard(choices: Sequence[Button]) -> dict[str, Any]:
    """Return the buttons of a message, one below the other: their titles are whole questions."""
    if not choices:
        return {}
    rows = [[{"text": choice.title, "callback_data": choice.payload}] for choice in choices]
    return {"reply_markup": {"inline_keyboard": rows}}


def _webhook_problem(answer: Mapping[str, Any]) -> str:
    """Say what keeps messages from coming; an error that is over stays in Telegram's answer, and is none."""
    webhook = answer["result"]
    if not webhook.get("url"):
        return TEXTS["telegram_sans_adresse"]
    if webhook.get("pending_update_count") and webhook.get("last_error_date"):
        return TEXTS["telegram_en_attente"].format(nombre=int(webhook["pending_update_count"]))
    return ""


def _without_start(text: str) -> str:
    """Return a text; what Telegram sends when a person opens the bot is a greeting."""
    return "bonjour" if text.split(maxsplit=1)[:1] == ["/start"] else text
