"""Slack's Web API on loopback, and what Slack sends."""

import hashlib
import hmac
import json
import re
import time
import zlib
from collections.abc import Mapping
from html import unescape
from typing import Any
from urllib.parse import urlencode

import httpx
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from tests.messaging.app import App
from tests.messaging.standin import Answer, Call, Shown, StandIn

TOKEN = "xoxb-essai-de-jeton"
SECRET = "essai0de0secret0de0signature"
BOT = "U0BOT"
#: The fields of `chat.postMessage` that the connector may use; those with `True` are required.
FIELDS: dict[str, tuple[type, bool]] = {
    "channel": (str, True),
    "text": (str, True),  # with blocks, Slack itself only warns that notifications would be empty
    "blocks": (list, True),
    "thread_ts": (str, False),
    "unfurl_links": (bool, False),
    "unfurl_media": (bool, False),
}
#: `&`, `<` and `>` stand only in these: the three entities, and links with or without words.
_MARKUP = re.compile(r"&(?:amp|lt|gt);|<(?:https?://|mailto:)[^\s<>|]+(?:\|[^<>|]+)?>")
_LINK = re.compile(r"<([^<>|]+)(?:\|([^<>|]+))?>")
#: What Slack would show in bold, in italics, struck through or as code.
_STYLES = re.compile(r"(?<!\w)([*_~`])(?=\S).*?(?<=\S)\1(?!\w)")


def seen(markup: str) -> str:
    """Return the text that a person sees of a text in Slack's markup."""
    return unescape(_LINK.sub(lambda found: found[2] or found[1], markup))


def problem_of_markup(text: str) -> str:
    rest = _MARKUP.sub("", text)
    if re.search("[&<>]", rest):
        return "invalid_markup"
    return "styled_by_mistake" if _STYLES.search(rest) else ""


class WebApi(StandIn):
    """Checks the token, the fields and their types, blocks by Slack's own models, markup, threads and replacements.

    Attributes:
        posts: what `chat.postMessage` was called with.
        replaced: what messages became.
    """

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[dict[str, Any]] = []
        self.replaced: list[dict[str, Any]] = []

    def take(self, call: Call) -> Answer:  # noqa: PLR0911  # one check after the other
        if call.path.startswith("/actions/"):
            return self._replace(call)
        if call.path == "/api/auth.test" and call.method == "POST":
            fine = call.headers.get("authorization") == f"Bearer {TOKEN}"
            return Answer(200, {"ok": True, "user_id": BOT} if fine else {"ok": False, "error": "invalid_auth"})
        if call.path != "/api/chat.postMessage" or call.method != "POST":
            return self.refuse(200, "unknown_method", {"ok": False, "error": "unknown_method"})
        if not call.headers.get("content-type", "").startswith("application/json"):
            return self._no("invalid_form_data")
        given = call.headers.get("authorization", "")
        if given != f"Bearer {TOKEN}":
            return self._no("invalid_auth" if given else "not_authed")
        body = json.loads(call.body)
        problem = self._problem(body)
        if problem:
            return self._no(problem)
        self.posts.append(body)
        self.show(person_of(body["channel"]), _text(body["blocks"]), _buttons(body["blocks"]))
        return Answer(200, {"ok": True, "channel": body["channel"], "ts": f"1760000001.{len(self.posts):06}"})

    def _replace(self, call: Call) -> Answer:
        body = json.loads(call.body)
        fine = body.keys() == {"replace_original", "text", "blocks"} and body["replace_original"] is True
        problem = "" if fine and call.method == "POST" else "invalid_payload"
        problem = problem or _problem_of_blocks(body["blocks"])
        if problem:
            return self.refuse(400, problem, problem)
        self.replaced.append(body)
        return Answer(200, "ok")

    @staticmethod
    def _problem(body: dict[str, Any]) -> str:  # noqa: PLR0911  # one check after the other
        for name, (kind, required) in FIELDS.items():
            if (required and name not in body) or (name in body and not isinstance(body[name], kind)):
                return "invalid_arguments"
        if body.keys() - FIELDS.keys():
            return "invalid_arguments"
        if not re.fullmatch(r"[CDG][A-Z0-9]+", body["channel"]):
            return "channel_not_found"
        if not re.fullmatch(r"\d{10}\.\d{6}", body.get("thread_ts", "1760000000.000100")):
            return "invalid_thread_ts"
        if not body["text"].strip():
            return "no_text"
        if len(body["text"]) > 4000:
            return "msg_too_long"
        return problem_of_markup(body["text"]) or _problem_of_blocks(body["blocks"])

    def _no(self, error: str) -> Answer:
        return self.refuse(200, error, {"ok": False, "error": error})


def _problem_of_blocks(blocks: list[dict[str, Any]]) -> str:
    if not 1 <= len(blocks) <= 50:
        return "invalid_blocks"
    try:
        parsed = Block.parse_all(blocks)
        shown = [block.to_dict() for block in parsed if block is not None]
    except (SlackObjectFormationError, KeyError, TypeError, ValueError):
        return "invalid_blocks"
    if len(shown) != len(blocks):
        return "invalid_blocks"
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(set(ids)) != len(ids):
        return "invalid_blocks"
    return next((problem for problem in map(_problem_of_block, blocks) if problem), "")


def _problem_of_block(block: dict[str, Any]) -> str:  # noqa: PLR0911  # one check after the other
    """Return what Slack's models do not see: unknown fields, wrong kinds of texts, markup."""
    if block["type"] == "section":
        if block.keys() - {"type", "text", "block_id"} or block["text"].keys() != {"type", "text"}:
            return "invalid_blocks"
        return _problem_of_text(block["text"], ("mrkdwn", "plain_text"), 3000)
    if block["type"] == "context":
        if not 1 <= len(block["elements"]) <= 10:
            return "invalid_blocks"
        found = (_problem_of_text(element, ("mrkdwn", "plain_text"), 3000) for element in block["elements"])
        return next((problem for problem in found if problem), "")
    if block["type"] != "actions" or not 1 <= len(block["elements"]) <= 25:
        return "invalid_blocks"
    if not 1 <= len(block.get("block_id", "x")) <= 255:
        return "invalid_blocks"
    actions = [element["action_id"] for element in block["elements"]]
    if len(set(actions)) != len(actions):
        return "invalid_blocks"
    return next((problem for problem in map(_problem_of_button, block["elements"]) if problem), "")


def _problem_of_button(button: dict[str, Any]) -> str:
    if button.keys() != {"type", "action_id", "text", "value"} or button["type"] != "button":
        return "invalid_blocks"
    if not 1 <= len(button["value"]) <= 2000 or not 1 <= len(button["action_id"]) <= 255:
        return "invalid_blocks"
    return _problem_of_text(button["text"], ("plain_text",), 75)


def _problem_of_text(text: dict[str, Any], kinds: tuple[str, ...], most: int) -> str:
    if text.get("type") not in kinds or not isinstance(text.get("text"), str) or not 1 <= len(text["text"]) <= most:
        return "invalid_blocks"
    return problem_of_markup(text["text"]) if text["type"] == "mrkdwn" else ""


def _text(blocks: list[dict[str, Any]]) -> str:
    """Return what a person sees of blocks, buttons apart."""
    texts = [
        text
        for block in blocks
        if block["type"] != "actions"
        for text in ([block["text"]] if block["type"] == "section" else block["elements"])
    ]
    return "\n".join(seen(text["text"]) if text["type"] == "mrkdwn" else text["text"] for text in texts)


def _buttons(blocks: list[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    """Return the buttons; what is pressed must be known with them."""
    return tuple(
        (button["text"]["text"], json.dumps({"block_id": block["block_id"], "button": button}))
        for block in blocks
        if block["type"] == "actions"
        for button in block["elements"]
    )


def direct(person: str) -> str:
    """Return the channel of direct messages between a person and the bot."""
    return f"D{person[1:]}"


def person_of(channel: str) -> str:
    """Return who sees what is posted in a channel: the person of direct messages, or the channel itself."""
    return f"U{channel[1:]}" if channel[0] == "D" else channel


class Slack(App):
    """People on Slack: they write direct messages, unless a test says otherwise."""

    name = "slack"
    standin: WebApi

    def make(self) -> StandIn:
        return WebApi()

    @property
    def variables(self) -> Mapping[str, str]:
        return {
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API": f"{self.standin.url}/api",
        }

    def person(self, name: str) -> str:
        return f"U{zlib.crc32(name.encode()):010}"

    def text(self, person: str, text: str, id: str) -> httpx.Response:
        return self.event(self.message(person, text), id)

    def press(self, person: str, shown: Shown, place: int, id: str) -> httpx.Response:
        return self.pressed(person, self.press_of(person, shown, place, id))

    def media(self, person: str, id: str) -> httpx.Response:
        file = {"id": "F1", "name": "photo.jpg", "mimetype": "image/jpeg", "size": 9, "url_private": "https://x/y"}
        return self.event({**self.message(person, ""), "subtype": "file_share", "files": [file]}, id)

    def forged(self, person: str, text: str, id: str) -> list[httpx.Response]:
        body = json.dumps(self.callback(self.message(person, text), id)).encode()
        now = str(int(time.time()))
        json_type = {"content-type": "application/json"}
        signed = self.headers(body)
        late, early = str(int(now) - 301), str(int(now) + 301)
        return [
            self.post(body, json_type),
            self.post(body, json_type | {"x-slack-request-timestamp": now, "x-slack-signature": "v0=" + "0" * 64}),
            self.post(body, json_type | {"x-slack-request-timestamp": "hier", "x-slack-signature": "v0="}),
            self.post(body.replace(b"OCAM", b"OIM"), signed),
            self.post(body, self.headers(body, secret="autre")),
            self.post(body, self.headers(body, at=late)),
            self.post(body, self.headers(body, at=early)),
            self.post(body, {**signed, "x-slack-request-timestamp": str(int(now) - 1)}),
            self.post(b"\xff" + body, signed),
        ]

    def ignored(self, person: str, id: str) -> list[httpx.Response]:
        said = self.message(person, "Quand l'OCAM a-t-elle été créée ?")
        head = {"type": "message", "channel": direct(person), "channel_type": "im", "ts": "1760000000.000100"}
        previous = {"type": "message", "user": person, "text": "Corrigé", "ts": "1760000000.000100"}
        edited = previous | {"edited": {"user": person, "ts": "1760000002.000000"}}
        channel = {"channel": "C1", "channel_type": "channel"}
        events = [
            {**said, "bot_id": "B1", "app_id": "A1"},
            {**said, "user": BOT},
            {**said, "subtype": "bot_message", "bot_id": "B1"},
            {**head, "subtype": "message_changed", "message": edited, "previous_message": previous},
            {**head, "subtype": "message_deleted", "deleted_ts": "1760000000.000100", "previous_message": previous},
            {**said, **channel},  # what people say among themselves
            {**said, **channel, "subtype": "channel_join"},
            {**said, "channel": "G1", "channel_type": "mpim"},
            {"type": "member_joined_channel", "user": BOT, "channel": "C1", "channel_type": "C", "team": "T1"},
            {"type": "member_left_channel", "user": person, "channel": "C1", "channel_type": "C", "team": "T1"},
            {"type": "app_home_opened", "user": person, "channel": direct(person), "tab": "messages"},
            {"type": "reaction_added", "user": person, "reaction": "+1", "item": {"type": "message"}},
            {**self.mention(person, "Quand ?", "C1"), "bot_id": "B2"},
            {**self.mention(person, "Quand ?", "C1"), "edited": {"user": person, "ts": "1760000002.000000"}},
        ]
        answers = [self.event(event, f"{id}{place}") for place, event in enumerate(events)]
        limited = {"token": "x", "type": "app_rate_limited", "team_id": "T1", "minute_rate_limited": 1760000000}
        shortcut = {"type": "shortcut", "user": {"id": person}, "trigger_id": "1.2.x", "callback_id": "c"}
        return [*answers, self.signed(json.dumps(limited).encode()), self.pressed(person, shortcut)]

    def malformed(self) -> list[httpx.Response]:
        section = {"type": "section", "text": {"type": "mrkdwn", "text": "a"}}
        good = {"channel": "D1", "text": "a", "blocks": [section]}

        def call(body: Any, token: str = TOKEN, method: str = "chat.postMessage") -> httpx.Response:
            headers = {"authorization": f"Bearer {token}"}
            return httpx.post(f"{self.standin.url}/api/{method}", json=body, headers=headers, trust_env=False)

        def text(text: str) -> list[dict[str, Any]]:
            return [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]

        def button(label: str = "b", value: str = "v", kind: str = "plain_text") -> list[dict[str, Any]]:
            text = {"type": kind, "text": label}
            return [
                {"type": "actions", "elements": [{"type": "button", "action_id": "a", "text": text, "value": value}]}
            ]

        return [
            call(good, "autre"),
            httpx.post(f"{self.standin.url}/api/chat.postMessage", json=good, trust_env=False),
            call(good, method="chat.posteMessage"),
            call({**good, "channel": "inconnu"}),
            call({"channel": "D1", "text": "a"}),
            call({**good, "text": ""}),
            call({**good, "parse": "full"}),
            call({**good, "blocks": text("a" * 3001)}),
            call({**good, "blocks": text("a & b")}),
            call({**good, "blocks": text("a <b>")}),
            call({**good, "blocks": text("du *gras*")}),
            call({**good, "blocks": [section] * 51}),
            call({**good, "blocks": button("b" * 76)}),
            call({**good, "blocks": button(value="v" * 2001)}),
            call({**good, "blocks": button(kind="mrkdwn")}),
            call({**good, "blocks": [{"type": "inconnu"}]}),
            call({**good, "thread_ts": "hier"}),
            httpx.post(f"{self.standin.url}/actions/1", json={"text": "a"}, trust_env=False),
        ]

    @staticmethod
    def message(person: str, text: str) -> dict[str, Any]:
        """Return a direct message."""
        return {
            "type": "message",
            "channel": direct(person),
            "channel_type": "im",
            "user": person,
            "text": text,
            "ts": "1760000000.000100",
            "event_ts": "1760000000.000100",
            "client_msg_id": "c1",
        }

    @staticmethod
    def mention(person: str, text: str, channel: str, thread: str = "") -> dict[str, Any]:
        """Return a message in a channel that names the bot."""
        mention = {"type": "app_mention", "user": person, "text": f"<@{BOT}> {text}", "channel": channel}
        times = {"ts": "1760000000.000200", "event_ts": "1760000000.000200"}
        return mention | times | ({"thread_ts": thread} if thread else {})

    def press_of(self, person: str, shown: Shown, place: int, id: str) -> dict[str, Any]:
        """Return that somebody pressed a button of a message that was posted."""
        pressed = json.loads(shown.buttons[place][1])
        post = next(post for post in reversed(self.standin.posts) if _buttons(post["blocks"]) == shown.buttons)
        message = {"type": "message", "ts": "1760000001.000200", "text": post["text"], "blocks": post["blocks"]}
        if "thread_ts" in post:
            message["thread_ts"] = post["thread_ts"]
        action = {**pressed["button"], "block_id": pressed["block_id"], "action_ts": "1760000002.1"}
        return {
            "type": "block_actions",
            "team": {"id": "T1"},
            "user": {"id": person},
            "api_app_id": "A1",
            "trigger_id": f"1.2.{id}",
            "response_url": f"{self.standin.url}/actions/{id}",
            "container": {"type": "message", "message_ts": message["ts"], "channel_id": post["channel"]},
            "channel": {"id": post["channel"]},
            "message": message,
            "actions": [action],
        }

    @staticmethod
    def callback(event: Mapping[str, Any], id: str) -> dict[str, Any]:
        """Return an event as Slack wraps it."""
        ours = {"enterprise_id": None, "team_id": "T1", "user_id": BOT, "is_bot": True}
        head = {"token": "x", "team_id": "T1", "api_app_id": "A1", "type": "event_callback", "event_time": 1760000000}
        return {**head, "event_id": f"Ev{id}", "authorizations": [ours], "event": dict(event)}

    def event(self, event: Mapping[str, Any], id: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        return self.signed(json.dumps(self.callback(event, id)).encode(), headers)

    def pressed(self, person: str, payload: Mapping[str, Any]) -> httpx.Response:
        form = {"content-type": "application/x-www-form-urlencoded"}
        return self.signed(urlencode({"payload": json.dumps(payload)}).encode(), form)

    def signed(self, body: bytes, headers: Mapping[str, str] | None = None) -> httpx.Response:
        return self.post(body, {**self.headers(body), **(headers or {})})

    @staticmethod
    def headers(body: bytes, at: str = "", secret: str = SECRET) -> dict[str, str]:
        at = at or str(int(time.time()))
        signature = hmac.new(secret.encode(), b"v0:" + at.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {
            "content-type": "application/json",
            "x-slack-request-timestamp": at,
            "x-slack-signature": f"v0={signature}",
        }
