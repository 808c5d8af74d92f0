"""Slack, through its Events API and its Web API: https://docs.slack.dev/apis/events-api."""

import json
import logging
import re
from collections.abc import Mapping, Sequence
from html import escape, unescape
from typing import Any, ClassVar
from urllib.parse import parse_qs

import httpx
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response
from slack_sdk.signature import SignatureVerifier

from assistant.dialogue.records import Button
from channels.messaging.connector import Connector, Incoming, Kind, Refused
from channels.messaging.probes import Probe
from channels.messaging.rendering import Said, numbered, parts, short_titles, source_apart
from channels.messaging.sending import Verdict, by_status, send
from channels.texts import TEXTS

logger = logging.getLogger(__name__)

#: The most characters of a text of a block.
SECTION_LIMIT = 3000
#: What Slack surely shows of a label, which may have 75 characters: the whole question stands above the buttons.
LABEL_SHOWN = 30
_TIMEOUT = httpx.Timeout(10.0)
_POST = "chat.postMessage"
#: Slack says no with status 200; these mean « later ». What else may pass, such as `fatal_error`, may have been sent.
_LATER = frozenset({"ratelimited", "rate_limited"})
#: Kinds of messages that a person wrote; edits, joins, topics and what bots say are others.
_WRITTEN = frozenset({None, "file_share", "me_message", "thread_broadcast"})
#: How the buttons of this channel are known among those of other programs of the same app.
_ACTION = "choix-"
#: What Slack puts around mentions, channels, addresses and links: `<@U1>`, `<#C1|nom>`, `<https://…|texte>`.
_MARKUP = re.compile(r"<([^<>]*)>")
_ADDRESS = re.compile(
    r"(https?://(?:[^\s<>|()]|\([^\s<>|()]*\))*(?:[^\s<>|().,;:!?»]|\([^\s<>|()]*\))"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
)


class Slack(Connector):
    """`POST /webhooks/slack/webhook`, for the events of the app and for its interactivity.

    A person has one conversation in each channel: what was asked in a direct message does not show through in the
    answer to a follow-up that others can read. A thread is only the place to answer to: people go on in another one.
    """

    variables = ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET")
    optional: ClassVar[Mapping[str, str]] = {"SLACK_API": "https://slack.com/api"}
    #: Slack sends an event again after three seconds; the way to it takes its share.
    seconds = 2.0
    lasting = frozenset({"channel", "thread"})

    @classmethod
    def name(cls) -> str:
        """Return the name that its addresses have."""
        return "slack"

    def check(self, request: Request, body: bytes) -> None:
        """Check Slack's signature, which is good for five minutes."""
        verifier = SignatureVerifier(self.settings["SLACK_SIGNING_SECRET"])
        try:
            genuine = verifier.is_valid_request(body, dict(request.headers))
        except (ValueError, TypeError):  # a time that is no number, a body or a signature that is no text
            genuine = False
        if not genuine:
            raise Refused

    def handshake(self, request: Request, body: bytes) -> HTTPResponse | None:
        """Return the challenge that Slack sends when the address is entered."""
        told = {} if _is_form(request) else json.loads(body)
        if told.get("type") != "url_verification":
            return None
        return json_response({"challenge": str(told["challenge"])})

    def incoming(self, request: Request, body: bytes) -> Sequence[Incoming]:
        """Return the message of an event, or the button that was pressed."""
        if _is_form(request):
            return _presses(json.loads(parse_qs(body.decode())["payload"][0]))
        told = json.loads(body)
        return _messages(told) if told["type"] == "event_callback" else []

    async def show(self, message: Incoming, said: Sequence[Said]) -> None:
        """Send each thing said where it was asked, then take away the buttons of which one was pressed."""
        place = message.context or {}
        asker = message.person.split()[0]
        async with httpx.AsyncClient(timeout=_TIMEOUT) as client:
            for one in said:
                await self._post(client, body_of(one, place["channel"], place["thread"], asker))
            if "response_url" in place:
                await _replace(client, place["response_url"], place["replacement"])

    def probes(self) -> Sequence[Probe]:
        """Ask whose token it is."""
        url = f"{self.settings['SLACK_API']}/auth.test"
        return [Probe("le jeton", url, self._authorization, "POST", _token_problem)]

    @property
    def _authorization(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.settings['SLACK_BOT_TOKEN']}"}

    async def _post(self, client: httpx.AsyncClient, body: Mapping[str, Any]) -> None:
        url = f"{self.settings['SLACK_API']}/{_POST}"
        await send(lambda: client.post(url, json=body, headers=self._authorization), _POST, _verdict)


def body_of(said: Said, channel: str, thread: str, asker: str) -> dict[str, Any]:
    """Return what `chat.postMessage` is called with to say something.

    Args:
        said: what is said.
        channel: where.
        thread: the thread there, or nothing.
        asker: whose conversation its buttons belong to, whoever presses them.
    """
    text, source = source_apart(said.text)
    text, labels = _with_labels(Said(text, said.choices))
    blocks: list[dict[str, Any]] = [_section(part) for part in parts(mrkdwn(text), SECTION_LIMIT)]
    blocks += [_context("mrkdwn", part) for part in parts(mrkdwn(source), SECTION_LIMIT)]
    if said.choices:
        blocks.append(_actions(said.choices, labels, asker))
    # What notifications and screen readers read.
    whole = mrkdwn("\n".join(line for line in (text, source) if line))
    body = {"channel": channel, "text": whole, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}
    return body | ({"thread_ts": thread} if thread else {})


def mrkdwn(text: str) -> str:
    """Return a text as Slack's markup says it, with its addresses as links: nothing in them is taken for markup.

    >>> mrkdwn("A & B : a_b@iom.int")
    'A &amp; B : <mailto:a_b@iom.int|a_b@iom.int>'
    """
    return "".join(
        _link(piece) if place % 2 else escape(piece, quote=False) for place, piece in enumerate(_ADDRESS.split(text))
    )


def plain(text: str) -> str:
    """Return what a person wrote: no mentions, the words of links, no markup.

    >>> plain("<@U9> l'OIM &amp; <https://iom.int|son site> ?")
    "l'OIM & son site ?"
    """
    return " ".join(unescape(_MARKUP.sub(_written, text)).split())


def _is_form(request: Request) -> bool:
    """Return whether a request is a form: what comes of buttons is; events are JSON."""
    return bool(request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"))


def _messages(told: Mapping[str, Any]) -> list[Incoming]:
    """Return the message that an event tells of, if a person wrote it to the bot: directly, or by a mention."""
    event = told["event"]
    mention = event["type"] == "app_mention"
    direct = event["type"] == "message" and event.get("channel_type") == "im"
    if not (mention or direct) or not _by_a_person(event, told):
        return []
    # In a channel an answer goes below its question; a direct message is answered plainly, unless it is in a thread.
    thread = event.get("thread_ts") or (event["ts"] if mention else "")
    text = plain(event.get("text") or "")
    kind = Kind.MEDIA if event.get("files") and not text else Kind.TEXT
    return [
        Incoming(
            str(told["event_id"]),
            _person(event["user"], event["channel"]),
            kind,
            text,
            {"channel": event["channel"], "thread": thread},
        )
    ]


def _by_a_person(event: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    """Return whether a person wrote a message, and just now: no bot, this one least of all, and no edit."""
    ours = {given.get("user_id") for given in told.get("authorizations") or [] if given.get("is_bot")}
    strange = "bot_id" in event or "edited" in event or event.get("subtype") not in _WRITTEN
    return not strange and event.get("user") not in {None, "USLACKBOT", *ours}


def _presses(told: Mapping[str, Any]) -> list[Incoming]:
    """Return the buttons of ours that were pressed, one by one.

    Anybody in a channel can press them: the answer belongs to the conversation of who was offered them, as its thread.
    """
    if told["type"] != "block_actions":
        return []
    found = []
    for action in told["actions"]:
        if not action["action_id"].startswith(_ACTION):
            continue
        channel, message = told["channel"]["id"], told.get("message") or {}
        context = {"channel": channel, "thread": message.get("thread_ts") or ""}
        if told.get("response_url") and message.get("blocks"):
            context |= {"response_url": told["response_url"], "replacement": _replacement(message, action)}
        # Slack names no id of a press: these two are alike when it sends one again.
        id = f"{told['trigger_id']} {action['action_ts']}"
        found.append(Incoming(id, _person(action["block_id"], channel), Kind.PAYLOAD, action["value"], context))
    return found


def _person(user: str, channel: str) -> str:
    return f"{user} {channel}"


def _replacement(message: Mapping[str, Any], action: Mapping[str, Any]) -> str:
    """Return what a message becomes once one of its buttons was pressed: the choice made stands in their place."""
    blocks = [block for block in message["blocks"] if block["type"] != "actions"]
    chosen = _context("plain_text", f"→ {action['text']['text']}")
    return json.dumps({"replace_original": True, "text": message.get("text", ""), "blocks": [*blocks, chosen]})


async def _replace(client: httpx.AsyncClient, url: str, replacement: str) -> None:
    """Replace a message, once: nobody shall wait for the next answer because the buttons of the last one stay.

    The address stands in a request that Slack signed.
    """
    try:
        await client.post(url, content=replacement, headers={"content-type": "application/json"})
    except httpx.HTTPError as error:
        logger.info("slack, response_url : %s", type(error).__name__)


def _verdict(response: httpx.Response) -> Verdict:
    """Return what Slack's answer means: it says no, and « later » too, with status 200."""
    if not response.is_success:
        return by_status(response)
    try:
        answer = response.json()
        taken, error = answer["ok"] is True, str(answer.get("error", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Verdict("réponse illisible")
    if taken:
        return Verdict()
    if error in _LATER:
        return by_status(httpx.Response(429, headers=response.headers))
    return Verdict(error if re.fullmatch("[a-z_]{1,60}", error) else "refus")


def _token_problem(answer: Mapping[str, Any]) -> str:
    return "" if answer.get("ok") is True else TEXTS["slack_refus"]


def _with_labels(said: Said) -> tuple[str, list[str]]:
    """Return a text and the labels of its buttons; questions that Slack would cut stand in the text, numbered."""
    titles = [choice.title for choice in said.choices]
    if all(len(title) <= LABEL_SHOWN for title in titles):
        return said.text, titles
    marks = [f"{place}. " for place in range(1, len(titles) + 1)]
    # Each for itself: their numbers tell them apart.
    short = [short_titles([title], LABEL_SHOWN - len(mark))[0] for mark, title in zip(marks, titles, strict=True)]
    return numbered(said), [mark + title for mark, title in zip(marks, short, strict=True)]


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _context(kind: str, text: str) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": kind, "text": text}]}


def _actions(choices: Sequence[Button], labels: Sequence[str], asker: str) -> dict[str, Any]:
    buttons = [
        {
            "type": "button",
            "action_id": f"{_ACTION}{place}",
            # Plain text: shown as it is, without escaping.
            "text": {"type": "plain_text", "text": label},
            "value": choice.payload,
        }
        for place, (choice, label) in enumerate(zip(choices, labels, strict=True), start=1)
    ]
    return {"type": "actions", "block_id": asker, "elements": buttons}


def _link(address: str) -> str:
    shown = escape(address, quote=False)
    return f"<{shown}>" if address.startswith("http") else f"<mailto:{shown}|{shown}>"


def _written(found: re.Match[str]) -> str:
    """Return the words of a piece of markup: nothing of a mention, which names somebody."""
    target, _, label = found[1].partition("|")
    if target[:1] in {"@", "!"}:
        return " "
    return label or ("" if target.startswith("#") else target.removeprefix("mailto:").removeprefix("tel:"))
