"""A guarded conversation with Rasa: what comes in passes the guard, and what goes out is never nothing."""

import logging
import traceback
from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Sanic

from assistant.dialogue.wording import services_lines
from assistant.french import fold
from assistant.knowledge.live import LiveKnowledge
from assistant.settings import Settings
from channels.guard import Stopped, guard
from channels.journal import Journal
from channels.pause import PauseSwitch, pause_file
from channels.texts import TEXTS
from channels.transcript import JOINED, put_in, transcript

logger = logging.getLogger(__name__)

#: The response that says what is kept of a conversation.
PRIVACY = "utter_donnees"

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
    """

    def __init__(
        self, handle: Handler, live: LiveKnowledge, commands: Collection[str] = (), journal: Journal | None = None
    ) -> None:
        self._handle = handle
        self._live = live
        self._commands = commands
        self._switch = PauseSwitch(pause_file(Settings.read()))
        self._journal = journal

    @property
    def paused(self) -> bool:
        """Whether the operator paused the assistant: whatever comes in gets one line."""
        return self._switch.pause is not None

    async def __call__(self, message: UserMessage) -> None:
        """Guard a message, let Rasa handle it, and apologise when nothing was said; while paused, say that instead."""
        output = message.output_channel
        sent = self._note_responses(output)
        try:
            await self._pass_on(message, sent)
        except Exception as error:  # whatever it is: the visitor gets an apology, the operator a trace without texts
            logger.error("Un message n'a pas pu être traité : %s", trace_without_texts(error))
        if not sent:
            logger.error("Aucune réponse n'est venue ; le serveur d'actions répond-il ?")
            await output.send_text_message(message.sender_id, TEXTS["excuse"])

    async def _pass_on(self, message: UserMessage, sent: list[str]) -> None:
        """Guard a message and let Rasa handle it, or say why it goes no further and note that."""
        pause = self._switch.pause
        if pause and not _asks_to_erase(message.text):
            told = pause.told(services_lines(self._live.current.knowledge))
            await self._stop(message, sent, told)
            return
        # Only what looks like a payload is worth reading the conversation for.
        offered = await _offered(message.sender_id) if _looks_like_payload(message.text) else ()
        passed = guard(message.text, offered, self._live.current.knowledge.published, self._commands)
        if isinstance(passed, Stopped):
            await self._stop(message, sent, passed.reply)
        else:
            message.text = passed.text
            await self._handle(message)

    def _note_responses(self, output: OutputChannel) -> list[str]:
        """Have a channel note, in the list returned, each response that it sends, with what only a channel can say."""
        sent: list[str] = []
        send = output.send_response

        async def noting(recipient_id: str, message: dict[str, Any]) -> None:
            await send(recipient_id, await self._completed(recipient_id, message))
            sent.append(recipient_id)

        output.send_response = noting
        return sent

    async def _completed(self, conversation: str, message: dict[str, Any]) -> dict[str, Any]:
        """Return a response with what Rasa does not know: which questions are kept, and the conversation as a whole."""
        response = message.get("utter_action")
        if response == PRIVACY and self._journal and self._journal.has_told(conversation):
            return {**message, "text": f"{message['text']} {self._journal.notice}"}
        if response == JOINED:
            return {**message, "text": put_in(message["text"], await transcript(conversation))}
        return message

    async def _stop(self, message: UserMessage, sent: list[str], reply: str) -> None:
        """Say something instead of letting Rasa handle a message, and note that."""
        await message.output_channel.send_text_message(message.sender_id, reply)
        sent.append(message.sender_id)


def trace_without_texts(error: BaseException) -> str:
    """Return an exception's type and the places it passed; its message might hold what a visitor wrote."""
    places = (f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__))
    return f"{type(error).__name__} ({' > '.join(places)})"


def payloads_offered(tracker: DialogueStateTracker) -> set[str]:
    """Return the payloads of all buttons that a conversation was offered."""
    said: Iterable[BotUttered] = (event for event in tracker.events if isinstance(event, BotUttered))
    return {button.get("payload", "") for event in said for button in event.data.get("buttons") or []}


def _asks_to_erase(text: object) -> bool:
    return isinstance(text, str) and len(text) < 100 and fold(text) == _ERASE


def _looks_like_payload(text: object) -> bool:
    return isinstance(text, str) and text.startswith("/")


async def _offered(sender_id: str) -> set[str]:
    tracker = await Sanic.get_app().ctx.agent.tracker_store.retrieve_full_tracker(sender_id)
    return payloads_offered(tracker) if tracker else set()
