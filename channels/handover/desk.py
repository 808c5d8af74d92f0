"""Hands conversations over to people of the organisation, passes on what both sides say, and hands them back."""

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timezone
from functools import lru_cache

from assistant.dialogue.wording import hours_text, whom_to_write_to
from assistant.handover import RESUME, desk, given, is_set_up
from assistant.knowledge.live import LiveKnowledge, live_knowledge
from assistant.settings import Settings
from channels.handover.chatwoot import Chatwoot
from channels.handover.store import Handover, HandoverStore, Reply
from channels.messaging.sending import NotSent
from channels.texts import TEXTS
from channels.transcript import newest, transcript

logger = logging.getLogger(__name__)

#: The most characters of a conversation that agents are told.
MOST_TOLD = 20_000
#: How long, in seconds, the website waits for what a person says before it asks again.
WAIT_SECONDS = 8.0
#: The most visitors whose question is held that long; others are told at once that there is nothing yet.
MOST_WAITING = 300

#: Sends a text to a visitor, at an address of a channel. Raises `NotSent`.
Sender = Callable[[Handover, str], Awaitable[None]]


class HandoverDesk:
    """The handovers of this process.

    Args:
        settings: the variables of `assistant/handover.py`.
        store: where handovers are kept.
        live: the knowledge: whom to write to, and when people answer.
    """

    def __init__(self, settings: Mapping[str, str], store: HandoverStore, live: LiveKnowledge) -> None:
        self._settings = settings
        self._store = store
        self._live = live
        self._chatwoot = Chatwoot(settings)
        self._senders: dict[str, Sender] = {}
        self._news = asyncio.Condition()
        self._waiting = 0
        self._closing = False

    def reach(self, channel: str, sender: Sender) -> None:
        """Have what people say to visitors of a channel sent that way; the website fetches it."""
        self._senders[channel] = sender

    def of(self, conversation: str) -> Handover | None:
        """Return the handover of a conversation that a person has."""
        return self._store.of(conversation)

    def numbered(self, number: int) -> Handover | None:
        """Return the handover that Chatwoot calls so, as long as a person has it."""
        return self._store.numbered(number)

    async def open(self, conversation: str, channel: str, address: Mapping[str, str]) -> str:
        """Hand a conversation over, and return what the visitor is told.

        Args:
            conversation: its id.
            channel: the name of the channel.
            address: how the channel finds the visitor again.

        Raises:
            NotSent: it could not be handed over; the assistant still has it.
        """
        if self._store.of(conversation) is None:
            said = newest(await transcript(conversation), MOST_TOLD, title=TEXTS["conversation_visiteur"])
            name = TEXTS["visiteur_de"].format(canal=channel)
            contact, number = await self._chatwoot.open(name, said, TEXTS["demande"])
            self._store.begin(Handover(conversation, channel, contact, number, address))
        knowledge = self._live.current.knowledge
        own = knowledge.own_contact
        who = TEXTS["personne_de"].format(nom=own.name) if own else TEXTS["personne"]
        back = desk(self._settings, datetime.now(timezone.utc)).back
        told = TEXTS["message_laisse" if back else "personne_prevenue"]
        return told.format(
            qui=who[0].lower() + who[1:] if back else who,
            retour=back,
            horaires=hours_text(knowledge),
            reprendre=RESUME,
        )

    async def pass_on(self, handover: Handover, text: str) -> None:
        """Pass a message of the visitor on.

        Raises:
            NotSent: it may not have arrived.
        """
        self._store.touch(handover.conversation)
        await self._chatwoot.say(handover.contact, handover.number, text)

    def warn(self, handover: Handover) -> bool:
        """Return whether the visitor is to be told whom to call: once."""
        return self._store.warn(handover.conversation)

    async def reply(self, handover: Handover, text: str) -> None:
        """Show the visitor what a person answers.

        Raises:
            NotSent: it could not be shown; the agents are told.
        """
        self._store.touch(handover.conversation)
        try:
            await self._show(handover, text, person=True)
        except NotSent:
            await self._try(self._chatwoot.note(handover.number, TEXTS["non_remis"]), handover)
            raise

    async def hand_back(self, handover: Handover) -> None:
        """Have the assistant answer again because the person is done, and say so.

        Raises:
            NotSent: it could not be said.
        """
        if self._store.end(handover.conversation):
            await self._show(handover, TEXTS["personne_partie"], person=False)

    async def take_back(self, handover: Handover) -> None:
        """Have the assistant answer again because the visitor wants that, or has the conversation erased."""
        self._store.end(handover.conversation)
        await self._try(self._chatwoot.resolve(handover.contact, handover.number), handover)
        await self._announce()

    async def forget(self, conversation: str) -> str:
        """Erase a conversation here; return what is to be said of what was passed on, if anything was."""
        passed_on = self._store.passed_on(conversation)
        handover = self._store.of(conversation)
        if handover:
            await self.take_back(handover)
        self._store.erase(conversation)
        whom = whom_to_write_to(self._live.current.knowledge)
        return TEXTS["reste_transmis"].format(a_qui_ecrire=whom) if passed_on else ""

    async def replies(self, conversation: str, after: int) -> list[Reply]:
        """Return what the website has not shown yet, as soon as there is something or the handover ends."""
        end = time.monotonic() + WAIT_SECONDS
        async with self._news:
            while True:
                found = self._store.replies(conversation, after)
                left = end - time.monotonic()
                idle = left <= 0 or self._closing or self._waiting >= MOST_WAITING or not self.of(conversation)
                if found or idle:
                    return found
                await self._wait(left)

    async def close(self, *_: object) -> None:
        """Answer whoever waits: the assistant stops."""
        self._closing = True
        await self._announce()

    async def _show(self, handover: Handover, text: str, person: bool) -> None:
        sender = self._senders.get(handover.channel)
        if sender:
            await sender(handover, TEXTS["personne_dit"].format(texte=text) if person else text)
        else:
            self._store.add(handover.conversation, text, person)
            await self._announce()

    async def _wait(self, seconds: float) -> None:
        """Wait for news of any conversation, at most so long; who waits holds the lock of the news."""
        self._waiting += 1
        try:
            await asyncio.wait_for(self._news.wait(), seconds)
        except asyncio.TimeoutError:
            return
        finally:
            self._waiting -= 1

    async def _announce(self) -> None:
        async with self._news:
            self._news.notify_all()

    async def _try(self, call: Awaitable[None], handover: Handover) -> None:
        """Tell Chatwoot something without which all goes on."""
        try:
            await call
        except NotSent as error:
            logger.error("chatwoot, %s : %s", handover.conversation, error)


@lru_cache(maxsize=1)
def handover_desk() -> HandoverDesk | None:
    """Return the desk of this process, or None where the operator set none up."""
    if not is_set_up(os.environ):
        return None
    return HandoverDesk(given(os.environ), HandoverStore(Settings.read().handovers), live_knowledge())
