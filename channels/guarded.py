"""A guarded conversation with Rasa: what comes in passes the guard, and what goes out is never nothing."""

import logging
import traceback
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Sanic

from assistant.dialogue.wording import services_lines
from assistant.french import fold
from assistant.knowledge.live import LiveKnowledge
from assistant.settings import Settings
from channels.guard import Stopped, guard
from channels.handover.desk import HandoverDesk
from channels.handover.taken import take
from channels.journal import Journal
from channels.messaging.sending import NotSent
from channels.pause import PauseSwitch, pause_file
from channels.texts import TEXTS
from channels.transcript import JOINED, put_in, titles_of, transcript

logger = logging.getLogger(__name__)

#: The response that says what is kept of a conversation.
PRIVACY = "utter_donnees"
#: The response after which a conversation is erased, and that to who wants a person to take over.
ERASED = "utter_effacement"
HANDED_OVER = "utter_personne"

Handler = Callable[[UserMessage], Awaitable[Any]]

#: What our texts tell people to write, folded: a pause does not keep anybody from having a conversation erased.
_ERASE = "efface mes donnees"


class GuardedHandler:
    """Stands between a channel and Rasa.

    Args:
        handle: Rasa's own handler of a message.
        live: the knowledge, whose addresses and numbers are not masked.
        commands: commands that this channel lets through.
        journal: where questions without an answer are kept, if visitors of this channel are told.
        desk: where conversations of this channel are handed over, if they can be.
    """

    def __init__(
        self,
        handle: Handler,
        live: LiveKnowledge,
        commands: Collection[str] = (),
        journal: Journal | None = None,
        desk: HandoverDesk | None = None,
    ) -> None:
        self._handle = handle
        self._live = live
        self._commands = commands
        self._switch = PauseSwitch(pause_file(Settings.read()))
        self._journal = journal
        self._desk = desk

    @property
    def paused(self) -> bool:
        """Whether the operator paused the assistant: whatever comes in gets one line."""
        return self._switch.pause is not None

    async def __call__(self, message: UserMessage, address: Mapping[str, str] | None = None) -> None:
        """Guard a message, let Rasa handle it, and apologise when nothing was said; while paused, say that instead.

        Args:
            message: the message.
            address: how the channel finds the visitor again, where a person answers later on.
        """
        output = message.output_channel
        sent = self._note_responses(message, address or {})
        silent = False
        try:
            silent = await self._pass_on(message, sent)
        except Exception as error:  # whatever it is: the visitor gets an apology, the operator a trace without texts
            logger.error("Un message n'a pas pu être traité : %s", trace_without_texts(error))
        if not sent and not silent:
            logger.error("Aucune réponse n'est venue ; le serveur d'actions répond-il ?")
            await output.send_text_message(message.sender_id, TEXTS["excuse"])

    async def _pass_on(self, message: UserMessage, sent: list[str]) -> bool:
        """Guard a message and let Rasa handle it, or say why it goes no further and note that.

        Returns:
            whether a person has it, who may answer later on.
        """
        pause = self._switch.pause
        if pause and not _asks_to_erase(message.text):
            await self._stop(message, sent, pause.told(services_lines(self._live.current.knowledge)))
            return False
        # Only what looks like a payload is worth reading the conversation for.
        offered = await _offered(message.sender_id) if _looks_like_payload(message.text) else {}
        passed = guard(message.text, offered, self._live.current.knowledge.published, self._commands)
        if isinstance(passed, Stopped):
            await self._stop(message, sent, passed.reply)
            return False
        handover = self._desk.of(message.sender_id) if self._desk else None
        if self._desk and handover:
            told = await take(self._desk, self._live, handover, offered.get(passed.text, passed.text))
            for line in told or ():
                await self._stop(message, sent, line)
            if told is not None:
                return True
        message.text = passed.text
        await self._handle(message)
        return False

    def _note_responses(self, message: UserMessage, address: Mapping[str, str]) -> list[str]:
        """Have a channel note, in the list returned, each response that it sends, with what only a channel can say."""
        sent: list[str] = []
        output = message.output_channel
        send, channel = output.send_response, message.input_channel

        async def noting(recipient_id: str, response: dict[str, Any]) -> None:
            text = await self._completed(recipient_id, response, channel, address)
            await send(recipient_id, response if text is None else {**response, "text": text})
            sent.append(recipient_id)

        output.send_response = noting
        return sent

    async def _completed(
        self, conversation: str, response: Mapping[str, Any], channel: str, address: Mapping[str, str]
    ) -> str | None:
        """Return what a response says with what Rasa does not know, or None where it says all itself.

        That is which questions are kept, the conversation as a whole, and what became of it at the desk.
        """
        name, text = response.get("utter_action"), response.get("text", "")
        if name == PRIVACY and self._journal and self._journal.has_told(conversation):
            return f"{text} {self._journal.notice}"
        if name == JOINED:
            return put_in(text, await transcript(conversation))
        if name == ERASED and self._desk:
            return " ".join(filter(None, [text, await self._desk.forget(conversation)]))
        if name == HANDED_OVER and self._desk:
            try:
                return await self._desk.open(conversation, channel, address)
            except NotSent as error:  # the response itself says so
                logger.error("chatwoot, %s : %s", conversation, error)
        return None

    async def _stop(self, message: UserMessage, sent: list[str], reply: str) -> None:
        """Say something instead of letting Rasa handle a message, and note that."""
        await message.output_channel.send_text_message(message.sender_id, reply)
        sent.append(message.sender_id)


def trace_without_texts(error: BaseException) -> str:
    """Return an exception's type and the places it passed; its message might hold what a visitor wrote."""
    places = (f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__))
    return f"{type(error).__name__} ({' > '.join(places)})"


def payloads_offered(tracker: DialogueStateTracker) -> dict[str, str]:
    """Return the payloads of all buttons that a conversation was offered, with what they show."""
    said: Iterable[BotUttered] = (event for event in tracker.events if isinstance(event, BotUttered))
    return {payload: title for event in said for payload, title in titles_of(event).items()}


def _asks_to_erase(text: object) -> bool:
    return isinstance(text, str) and len(text) < 100 and fold(text) == _ERASE


def _looks_like_payload(text: object) -> bool:
    return isinstance(text, str) and text.startswith("/")


async def _offered(sender_id: str) -> dict[str, str]:
    tracker = await Sanic.get_app().ctx.agent.tracker_store.retrieve_full_tracker(sender_id)
    return payloads_offered(tracker) if tracker else {}
