"""WhatsApp, through Meta's Cloud API: https://developers.facebook.com/documentation/business-messaging/whatsapp."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from channels.messaging.connector import Incoming, Kind
from channels.messaging.meta import Event, Meta
from channels.messaging.probes import Probe
from channels.messaging.rendering import Said, full_titles, numbered, parts, short_titles

logger = logging.getLogger(__name__)

#: What WhatsApp takes at most: characters of a text, and of one with buttons; buttons, characters of their titles and
#: ids.
TEXT_LIMIT = 4096
BODY_LIMIT = 1024
BUTTONS_LIMIT = 3
TITLE_LIMIT = 20
ID_LIMIT = 256
#: Kinds of messages that deserve a line; reactions, edits, a new number and the like get silence.
_MEDIA = frozenset("image audio document video sticker location contacts order unsupported".split())


class Whatsapp(Meta):
    """`POST /webhooks/whatsapp/webhook`, the callback address of the number's app.

    More than three choices are a numbered list in the text: of Meta's own list message a person sees nothing before
    pressing a button, and our questions (91 characters) are longer than its rows (a title of 24, 72 below it).
    """

    variables = ("WHATSAPP_TOKEN", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN", "WHATSAPP_PHONE_NUMBER_ID")
    #: Meta names no time; most answers should come within a second, and it tries again for seven days.
    seconds = 1.0
    lasting = frozenset({"phone"})
    kind = "whatsapp_business_account"
    #: Limits of the app, the account, the number, and of messages to one person (one in six seconds); « try again ».
    later: ClassVar[Mapping[int, float | None]] = {
        2: None,
        4: None,
        80007: None,
        130429: None,
        131000: None,
        131016: None,
        131056: 6.0,
    }

    @classmethod
    def name(cls) -> str:
        """Return the name that its addresses have."""
        return "whatsapp"

    def events(self, entry: Mapping[str, Any]) -> Iterable[Event]:
        """Return the messages to our number; an account may have several, and tells of what it sent."""
        for change in entry.get("changes", ()):
            if change.get("field") != "messages":
                continue
            value = change["value"]
            if value.get("metadata", {}).get("phone_number_id") != self.own("PHONE_NUMBER_ID"):
                logger.warning("whatsapp : un message à un autre numéro que WHATSAPP_PHONE_NUMBER_ID est ignoré")
                continue
            _note_failures(value.get("statuses", ()))
            yield from value.get("messages", ())

    def read(self, event: Event) -> Incoming | None:
        """Return what a person wrote or chose.

        A person is known by the id that Meta always gives; a phone number may be hidden, or appear later on.
        """
        phone = event.get("from", "")
        head = (event["id"], event.get("from_user_id") or phone)
        context = {"phone": phone} if phone else None
        chosen = _chosen(event)
        if chosen:
            return Incoming(*head, Kind.PAYLOAD, chosen, context)
        written = _written(event)
        if written:
            return Incoming(*head, Kind.TEXT, written, context)
        return Incoming(*head, Kind.MEDIA, context=context) if event["type"] in _MEDIA else None

    async def show(self, message: Incoming, said: Sequence[Said]) -> None:
        """Send each thing said, to the phone number where it is known, as Meta asks for."""
        phone = (message.context or {}).get("phone")
        to = {"to": phone} if phone else {"recipient": message.person}
        head = {"messaging_product": "whatsapp", "recipient_type": "individual", **to}
        bodies = ({**head, **one} for thing in said for one in messages(thing))
        await self.post(f"{self.own('PHONE_NUMBER_ID')}/messages", bodies, headers=self._token())

    def probes(self) -> Sequence[Probe]:
        """Ask for the number, which the token must be allowed to use."""
        return [Probe("le jeton et le numéro", self.url(self.own("PHONE_NUMBER_ID")), self._token())]

    def _token(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.own('TOKEN')}"}


def messages(said: Said) -> Iterator[dict[str, Any]]:
    """Return the messages that say something: up to three choices are buttons of the last one, more a list in it."""
    buttons = _buttons(said)
    if not buttons:
        yield from map(_text, parts(numbered(said), TEXT_LIMIT))
        return
    titles = [button["reply"]["title"] for button in buttons]
    *first, last = parts(full_titles(said, titles), BODY_LIMIT)
    yield from map(_text, first)
    yield {
        "type": "interactive",
        "interactive": {"type": "button", "body": {"text": last}, "action": {"buttons": buttons}},
    }


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": {"body": text, "preview_url": False}}


def _buttons(said: Said) -> list[dict[str, Any]]:
    """Return a button for each choice, or none if they do not fit."""
    too_long = any(len(choice.payload) > ID_LIMIT for choice in said.choices)
    if len(said.choices) > BUTTONS_LIMIT or too_long or not said.text:
        return []
    titles = short_titles([choice.title for choice in said.choices], TITLE_LIMIT)
    return [
        {"type": "reply", "reply": {"id": choice.payload, "title": title}}
        for title, choice in zip(titles, said.choices, strict=True)
    ]


def _chosen(event: Event) -> str:
    """Return what the button or the row of a list sends that a person pressed."""
    if event["type"] == "button":  # below a template, which the operator may have sent
        return str(event["button"].get("payload") or event["button"]["text"])
    reply = event.get("interactive", {})
    return str(reply.get(reply.get("type"), {}).get("id", ""))


def _written(event: Event) -> str:
    """Return a text, or what stands below a picture."""
    content = event.get(event["type"])
    if not isinstance(content, dict):
        return ""
    return str(content.get("body" if event["type"] == "text" else "caption") or "")


def _note_failures(statuses: Iterable[Event]) -> None:
    """Log why messages that Meta took did not arrive; all other statuses mean nothing to us."""
    for status in statuses:
        for error in status.get("errors", ()):
            logger.error("whatsapp : un message n'est pas arrivé, code %s", error.get("code"))
