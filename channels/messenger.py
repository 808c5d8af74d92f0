"""Facebook Messenger: https://developers.facebook.com/documentation/business-messaging/messenger-platform."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from channels.messaging.connector import Incoming, Kind
from channels.messaging.meta import Event, Meta
from channels.messaging.probes import Probe
from channels.messaging.rendering import Said, full_titles, numbered, parts, short_titles

#: What Messenger takes at most: characters of a text, quick replies, characters of their titles and payloads.
TEXT_LIMIT = 2000
REPLIES_LIMIT = 13
TITLE_LIMIT = 20
PAYLOAD_LIMIT = 1000


class Messenger(Meta):
    """`POST /webhooks/messenger/webhook`, the callback address of the page's app.

    No « … is typing »: the answer is there within a second.
    """

    variables = ("MESSENGER_TOKEN", "MESSENGER_APP_SECRET", "MESSENGER_VERIFY_TOKEN")
    #: Meta wants an answer within 5.
    seconds = 4.0
    kind = "page"
    #: Rate limits, and « try again ». The code 2 also stands for a person who blocked the page: the tries are few.
    later: ClassVar[Mapping[int, float | None]] = {1: None, 2: None, 4: None, 613: None}

    @classmethod
    def name(cls) -> str:
        """Return the name that its addresses have."""
        return "messenger"

    def events(self, entry: Mapping[str, Any]) -> Iterable[Event]:
        """Return what is for us: `standby` is what another app answers."""
        events: Iterable[Event] = entry.get("messaging", ())
        return events

    def read(self, event: Event) -> Incoming | None:
        """Return what a person wrote or chose; deliveries, reads, reactions, edits and our own messages are none."""
        if "postback" in event:  # a greeting or a menu that the page set up: its payload is read like a text
            pressed = event["postback"]
            return Incoming(pressed["mid"], event["sender"]["id"], Kind.PAYLOAD, pressed.get("payload", ""))
        message = event.get("message")
        if not message or message.get("is_echo"):
            return None
        if "quick_reply" in message:
            return Incoming(message["mid"], event["sender"]["id"], Kind.PAYLOAD, message["quick_reply"]["payload"])
        if message.get("text"):
            return Incoming(message["mid"], event["sender"]["id"], Kind.TEXT, message["text"])
        return Incoming(message["mid"], event["sender"]["id"], Kind.MEDIA) if message.get("attachments") else None

    async def show(self, message: Incoming, said: Sequence[Said]) -> None:
        """Send each thing said."""
        head = {"recipient": {"id": message.person}, "messaging_type": "RESPONSE"}
        bodies = ({**head, "message": one} for thing in said for one in messages(thing))
        await self.post("me/messages", bodies, params={"access_token": self.own("TOKEN")})

    def probes(self) -> Sequence[Probe]:
        """Ask whose token it is."""
        return [Probe("le jeton de la page", f"{self.url('me')}?{urlencode({'access_token': self.own('TOKEN')})}")]


def messages(said: Said) -> Iterator[dict[str, Any]]:
    """Return the messages that say something: the choices are quick replies of the last one."""
    replies = _quick_replies(said)
    titles = [reply["title"] for reply in replies]
    texts = parts(full_titles(said, titles) if replies else numbered(said), TEXT_LIMIT)
    for number, text in enumerate(texts, start=1):
        yield {"text": text, "quick_replies": replies} if replies and number == len(texts) else {"text": text}


def _quick_replies(said: Said) -> list[dict[str, str]]:
    """Return a quick reply for each choice, or none if they do not fit."""
    too_long = any(len(choice.payload) > PAYLOAD_LIMIT for choice in said.choices)
    if len(said.choices) > REPLIES_LIMIT or too_long:
        return []
    titles = short_titles([choice.title for choice in said.choices], TITLE_LIMIT)
    return [
        {"content_type": "text", "title": title, "payload": choice.payload}
        for title, choice in zip(titles, said.choices, strict=True)
    ]
