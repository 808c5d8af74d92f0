"""Telegram's Bot API on loopback, and what Telegram sends."""

import json
import re
import zlib
from collections.abc import Mapping
from typing import Any

import httpx

from tests.messaging.app import App
from tests.messaging.standin import Answer, Call, Shown, StandIn

TOKEN = "700:essai-de-jeton"
SECRET = "essai_de_secret"
#: The fields of each method that the API has and the connector may use (Bot API 10.1); those with `True` are required.
METHODS: dict[str, dict[str, tuple[type, bool]]] = {
    "sendMessage": {
        "chat_id": (int, True),
        "text": (str, True),
        "reply_markup": (dict, False),
        "link_preview_options": (dict, False),
    },
    "answerCallbackQuery": {"callback_query_id": (str, True), "text": (str, False)},
    "setWebhook": {
        "url": (str, True),
        "secret_token": (str, False),
        "allowed_updates": (list, False),
        "drop_pending_updates": (bool, False),
    },
    "deleteWebhook": {"drop_pending_updates": (bool, False)},
    "getWebhookInfo": {},
    "getMe": {},
}
#: What may be asked for with GET too, by who has the token.
ASKED = {"getWebhookInfo", "getMe"}
#: The kinds of updates that the API has.
UPDATES = {
    "message",
    "edited_message",
    "callback_query",
    "channel_post",
    "my_chat_member",
    "chat_member",
    "inline_query",
}


class BotApi(StandIn):
    """Checks the token, the fields and their types, lengths, buttons, and that a callback is answered once."""

    def __init__(self) -> None:
        super().__init__()
        self.callbacks: set[str] = set()
        self.answered: list[str] = []
        self.webhook: dict[str, Any] = {"url": "", "pending_update_count": 0}
        self.secret = ""

    def take(self, call: Call) -> Answer:
        root, _, method = call.path.removeprefix("/").partition("/")
        if root != f"bot{TOKEN}":
            return self._no(401, "Unauthorized")
        if method not in METHODS or (call.method != "POST" and method not in ASKED):
            return self._no(404, "Not Found: method not found")
        if call.body and not call.headers.get("content-type", "").startswith("application/json"):
            return self._no(400, "Bad Request: message text is empty")
        body = json.loads(call.body or "{}")
        problem = self._problem(method, body)
        if problem:
            return self._no(400, f"Bad Request: {problem}")
        if method != "sendMessage":
            return Answer(200, {"ok": True, "result": self._done(method, body)})
        rows = body.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = tuple((button["text"], button["callback_data"]) for row in rows for button in row)
        self.show(str(body["chat_id"]), body["text"], buttons)
        return Answer(200, {"ok": True, "result": {"message_id": len(self.shown), "date": 1, "text": body["text"]}})

    def _done(self, method: str, body: dict[str, Any]) -> Any:
        """Do what nobody sees, and return its result."""
        if method == "answerCallbackQuery":
            self.callbacks.discard(body["callback_query_id"])
            self.answered.append(body["callback_query_id"])
        elif method == "setWebhook":
            self.secret = body.get("secret_token", "")
            self.webhook |= {"url": body["url"], "allowed_updates": body.get("allowed_updates", [])}
        elif method == "deleteWebhook":
            self.secret, self.webhook = "", {"url": "", "pending_update_count": 0}
        else:
            return self.webhook if method == "getWebhookInfo" else {"id": 700, "is_bot": True, "first_name": "Essai"}
        return True

    def _problem(self, method: str, body: dict[str, Any]) -> str:
        fields = METHODS[method]
        for name, (kind, required) in fields.items():
            if required and name not in body:
                return f"parameter {name} is required"
            if name in body and not isinstance(body[name], kind):
                return f"parameter {name} has a wrong type"
        unknown = body.keys() - fields.keys()
        if unknown:
            return f"unknown parameter {min(unknown)}"
        if method == "answerCallbackQuery" and body["callback_query_id"] not in self.callbacks:
            return "query is too old and response timeout expired or query ID is invalid"
        if method == "sendMessage":
            return self._problem_of_text(body["text"]) or self._problem_of_keyboard(body.get("reply_markup"))
        return self._problem_of_webhook(body) if method == "setWebhook" else ""

    @staticmethod
    def _problem_of_webhook(body: dict[str, Any]) -> str:
        if not re.match(r"https://|http://127\.0\.0\.1[:/]", body["url"]):
            return "bad webhook: An HTTPS URL must be provided for webhook"
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", body.get("secret_token", "")):
            return "secret token contains unallowed characters"
        if set(body.get("allowed_updates", [])) - UPDATES:
            return "unknown update type"
        return ""

    @staticmethod
    def _problem_of_text(text: str) -> str:
        if not text.strip():
            return "message text is empty"
        return "message is too long" if len(text) > 4096 else ""

    @staticmethod
    def _problem_of_keyboard(markup: dict[str, Any] | None) -> str:
        if markup is None:
            return ""
        if markup.keys() != {"inline_keyboard"}:
            return "object expected as reply markup"
        for row in markup["inline_keyboard"]:
            for button in row:
                if button.keys() != {"text", "callback_data"} or not button["text"]:
                    return "inline keyboard button is invalid"
                if not 1 <= len(button["callback_data"].encode()) <= 64:
                    return "BUTTON_DATA_INVALID"
        return ""

    def _no(self, status: int, description: str) -> Answer:
        return self.refuse(status, description, {"ok": False, "error_code": status, "description": description})


class Telegram(App):
    """People on Telegram: their chat's number is their name's."""

    name = "telegram"
    standin: BotApi

    def make(self) -> StandIn:
        return BotApi()

    @property
    def variables(self) -> Mapping[str, str]:
        return {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_SECRET": SECRET, "TELEGRAM_API": self.standin.url}

    def person(self, name: str) -> str:
        return str(zlib.crc32(name.encode()))

    def text(self, person: str, text: str, id: str) -> httpx.Response:
        return self._update({"message": {**self._head(person, id), "text": text}}, id)

    def press(self, person: str, shown: Shown, place: int, id: str) -> httpx.Response:
        self.standin.callbacks.add(id)
        message = {"message_id": 12, "date": 1760000001, "chat": {"id": int(person), "type": "private"}, "text": "?"}
        sender = {"id": int(person), "is_bot": False, "first_name": "Ana"}
        pressed = {
            "id": id,
            "from": sender,
            "chat_instance": "-77",
            "data": shown.buttons[place][1],
            "message": message,
        }
        return self._update({"callback_query": pressed}, id)

    def media(self, person: str, id: str) -> httpx.Response:
        photo = [{"file_id": "A", "file_unique_id": "B", "width": 9, "height": 9}]
        return self._update({"message": {**self._head(person, id), "photo": photo}}, id)

    def forged(self, person: str, text: str, id: str) -> list[httpx.Response]:
        update = {"message": {**self._head(person, id), "text": text}}
        return [self._update(update, id, secret) for secret in (None, "", "autre", SECRET + "x")]

    def ignored(self, person: str, id: str) -> list[httpx.Response]:
        head = self._head(person, id)
        member = {"user": head["from"], "status": "member"}
        joined = {"chat": head["chat"], "from": head["from"], "date": 1, "old_chat_member": member}
        return [
            self._update({"edited_message": {**head, "text": "Corrigé", "edit_date": 2}}, f"{id}1"),
            self._update({"my_chat_member": {**joined, "new_chat_member": member}}, f"{id}2"),
            self._update({"message": {**head, "new_chat_members": [head["from"]]}}, f"{id}3"),
            self._update({"message_reaction": {"chat": head["chat"], "message_id": 1}}, f"{id}4"),
        ]

    def malformed(self) -> list[httpx.Response]:
        def call(method: str, body: Any, token: str = TOKEN) -> httpx.Response:
            return httpx.post(f"{self.standin.url}/bot{token}/{method}", json=body, trust_env=False)

        long = {"text": "b", "callback_data": "é" * 33}
        return [
            call("sendMessage", {"chat_id": 1, "text": "a"}, "autre"),
            call("sendMessages", {"chat_id": 1, "text": "a"}),
            call("sendMessage", {"text": "a"}),
            call("sendMessage", {"chat_id": 1, "text": ""}),
            call("sendMessage", {"chat_id": 1, "text": "a" * 4097}),
            call("sendMessage", {"chat_id": 1, "text": "a", "parse": "x"}),
            call("answerCallbackQuery", {"callback_query_id": "jamais vu"}),
            call("setWebhook", {"url": "http://bot.exemple.org"}),
            call("setWebhook", {"url": "https://bot.exemple.org", "secret_token": "é"}),
            call("setWebhook", {"url": "https://bot.exemple.org", "allowed_updates": ["messages"]}),
            call("sendMessage", {"chat_id": 1, "text": "a", "reply_markup": {"inline_keyboard": [[long]]}}),
        ]

    @staticmethod
    def _head(person: str, id: str) -> dict[str, Any]:
        chat = {"id": int(person), "type": "private", "first_name": "Ana"}
        return {"message_id": 11, "date": 1760000000, "from": {"id": int(person), "is_bot": False}, "chat": chat}

    def _update(self, update: Mapping[str, Any], id: str, secret: str | None = SECRET) -> httpx.Response:
        headers = {"content-type": "application/json"}
        if secret is not None:
            headers["x-telegram-bot-api-secret-token"] = secret
        return self.post(json.dumps({"update_id": zlib.crc32(id.encode()), **update}).encode(), headers)
