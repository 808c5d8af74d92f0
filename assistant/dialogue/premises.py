"""Messages that take for true what a fact says otherwise: the fact puts it right."""

from collections.abc import Sequence

from assistant.dialogue.message import Message
from assistant.dialogue.records import CERTAIN, Candidate, Decision, Thresholds
from assistant.knowledge.base import Knowledge


def put_right(message: Message, knowledge: Knowledge, thresholds: Thresholds) -> Decision | None:
    """Answer with the fact that denies a word of a message which, question or near-miss, is about that fact.

    « À quelle date M. Pisani a-t-il été nommé ministre ? » asks what no fact says, of a post that a fact denies.
    """
    about: dict[str, float] = {}
    for candidate in message.candidates:
        denied = candidate.key in message.mentions.denied_by & message.mentions.facts
        if denied and candidate.intent in {"fait", "inconnu"} and knowledge.fact(candidate.key):
            about[candidate.key] = about.get(candidate.key, 0.0) + candidate.score
    likeliest = max(about, key=about.__getitem__, default=None)
    if likeliest is None or about[likeliest] < thresholds.denied_subject:
        return None
    return Decision("answer", "best", (likeliest,), subject=knowledge.facts[likeliest].subject)


def certainly_about(message: Message, thresholds: Thresholds) -> frozenset[str]:
    """Return the fact that a message which takes something for true is certainly about, whatever it names.

    A name or a place may be what is false in it: « C'est l'UNICEF qui a présenté le projet, non ? ».
    """
    if message.premise < thresholds.premise:
        return frozenset()
    return frozenset(candidate.key for candidate in message.candidates if candidate.score >= CERTAIN)


def told_otherwise(
    facts: Sequence[Candidate], against: float, message: Message, thresholds: Thresholds
) -> Candidate | None:
    """Return, of facts that are about as likely as each other, the one that says otherwise than the message.

    « Pourquoi l'OCAM a-t-elle été créée au Guatemala ? » takes the place for true, and is answered by where it was.
    """
    near = [c for c in facts if c.score >= thresholds.denied * facts[0].score]
    likely = sum(c.score for c in near)
    confirmed = any(c.key in message.mentions.confirmed_by for c in near)
    if confirmed or likely < max(thresholds.least, thresholds.answer_denied * (likely + against)):
        return None
    return next((c for c in near if c.key in message.mentions.contradicted_by), None)
