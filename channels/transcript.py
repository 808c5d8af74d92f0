"""What was said in a conversation, and how it is put into an e-mail that the visitor asked for."""

import re
from collections.abc import Callable, Sequence

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Sanic

from assistant.dialogue.mail import CONVERSATION, MOST_CHARACTERS, encoded
from channels.texts import TEXTS

#: The response that holds the conversation; the other one offers it.
JOINED = "utter_conversation_jointe"
#: What is said about reaching a person belongs to no conversation that a person is to read.
_LEFT_OUT = frozenset({"utter_humain", "utter_personne_offerte", "utter_personne_absente", "utter_personne", JOINED})
_LINK = re.compile(rf"mailto:[^)\s]*{CONVERSATION}")


async def transcript(conversation: str) -> list[str]:
    """Return what was said in a conversation of this Rasa, oldest first, each with who said it."""
    tracker = await Sanic.get_app().ctx.agent.tracker_store.retrieve_full_tracker(conversation)
    return lines_of(tracker) if tracker else []


def lines_of(tracker: DialogueStateTracker) -> list[str]:
    """Return what was said, as both sides saw it: buttons by their titles, personal data masked."""
    titles: dict[str, str] = {}
    lines: list[str] = []
    for event in tracker.events:
        if isinstance(event, UserUttered) and event.text:
            lines.append(TEXTS["visiteur"].format(texte=titles.get(event.text, event.text)))
        elif isinstance(event, BotUttered):
            titles |= titles_of(event)
            if event.text and event.metadata.get("utter_action") not in _LEFT_OUT:
                lines.append(TEXTS["assistant"].format(texte=event.text))
    return lines


def titles_of(said: BotUttered) -> dict[str, str]:
    """Return what the buttons of a message show, by what they send."""
    return {one.get("payload", ""): one.get("title", "") for one in said.data.get("buttons") or []}


def put_in(text: str, lines: Sequence[str]) -> str:
    """Return a text with the conversation where it says so; in a link, only as much as programs of e-mail open."""
    link = _LINK.search(text)
    if link:
        room = MOST_CHARACTERS - len(link[0]) + len(CONVERSATION)
        return text.replace(link[0], link[0].replace(CONVERSATION, encoded(newest(lines, room, encoded))))
    return text.replace(CONVERSATION, newest(lines, MOST_CHARACTERS))


def newest(
    lines: Sequence[str], room: int, written: Callable[[str], str] = str, title: str = TEXTS["conversation"]
) -> str:
    """Return as many of the newest lines as there is room for, each whole; says whether older ones were left out.

    Args:
        lines: what was said, oldest first.
        room: the most characters.
        written: how it will be written.
        title: what comes before it.
    """
    for first in range(len(lines) + 1):
        left_out = [TEXTS["conversation_coupee"]] if first else []
        said = "\n".join([title, *left_out, *lines[first:]])
        if len(written(said)) <= room:
            break
    return said
