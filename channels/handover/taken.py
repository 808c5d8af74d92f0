"""What becomes of a visitor's message in a conversation that a person has."""

import logging

from sanic import Sanic

from assistant.dialogue.decide import decide
from assistant.dialogue.message import Message
from assistant.dialogue.records import Context, Kind, Thresholds
from assistant.dialogue.wording import services_lines, whom_to_write_to
from assistant.french import fold
from assistant.handover import RESUME
from assistant.knowledge.live import LiveKnowledge
from assistant.names import READING
from assistant.understanding.records import Reading
from channels.handover.desk import HandoverDesk
from channels.handover.store import Handover
from channels.messaging.sending import NotSent
from channels.texts import TEXTS

logger = logging.getLogger(__name__)


async def take(desk: HandoverDesk, live: LiveKnowledge, handover: Handover, text: str) -> list[str] | None:
    """Pass a message on to the person who has the conversation.

    Args:
        desk: the desk that the person answers from.
        live: the knowledge.
        handover: the handover of the conversation.
        text: the message, as the guard let it through.

    Returns:
        what the visitor is told at once, which may be nothing; or None where the assistant is to answer: to who wants
        the conversation erased, it says that it is.
    """
    if fold(text) == fold(RESUME):
        await desk.take_back(handover)
        return [TEXTS["assistant_repris"]]
    kind = await _kind(text, live)
    if kind == "erasure":
        await desk.take_back(handover)
        return None
    told = []
    try:
        await desk.pass_on(handover, text)
    except NotSent as error:
        logger.error("chatwoot, %s : %s", handover.conversation, error)
        told.append(TEXTS["non_transmis"].format(a_qui_ecrire=whom_to_write_to(live.current.knowledge)))
    if kind == "distress" and desk.warn(handover):
        told.append(f"{TEXTS['urgence']}{services_lines(live.current.knowledge)}")
    return told


async def _kind(text: str, live: LiveKnowledge) -> Kind:
    """Return what the assistant would do with a message."""
    current = live.current
    read = await Sanic.get_app().ctx.agent.parse_message(text)
    message = Message.of(text, Reading.from_dict(read[READING]), current)
    return decide(message, Context(), current.knowledge, Thresholds())[0].kind
