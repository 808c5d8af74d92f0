"""Saying that something is not known: naming what was asked, and offering what is known."""

from assistant.dialogue.message import Message
from assistant.dialogue.records import EXAMPLES, Context, Decision
from assistant.knowledge.base import Knowledge
from assistant.names import CONTACT

#: How many facts are offered as choices or suggestions.
OFFERED = 3


def refuse(message: Message, context: Context, knowledge: Knowledge) -> Decision:
    """Say that it is not known, naming what was asked as well as the message allows."""
    top = message.candidates[0]
    mentions = message.mentions
    takes_up = message.refers_back and context.subject and mentions.unknowns  # « et son téléphone ? »
    if top.intent == "hors_sujet" and not mentions.subject and not takes_up:
        return Decision("off_topic", "off topic", offer(message, knowledge, None))
    other_name = mentions.other_names[0].key if mentions.other_names and not _names_both(message) else None
    named = mentions.subject or (context.subject if message.refers_back else None)
    near = next((c.key.split(".")[0] for c in message.candidates if c.intent == "inconnu"), None)
    if near not in {*knowledge.subjects, CONTACT}:
        near = None
    return Decision(
        "refusal",
        "unknown name" if other_name else "near-miss",
        offer(message, knowledge, None if other_name else named or near),
        subject=named,
        unknown=None if other_name else unknown_asked(message, named, knowledge),
        other_name=other_name,
    )


def _names_both(message: Message) -> bool:
    """Return whether a message names a subject before the name that no source has: it is then about the subject."""
    subjects, others = message.mentions.subjects, message.mentions.other_names
    return bool(subjects and others) and subjects[0].start < others[0].start


def unknown_asked(message: Message, subject: str | None, knowledge: Knowledge) -> str | None:
    """Return the unknown attribute that the message asks for: of those it names the most precise one.

    « combien » or « quand » alone name one only where no other word does.
    """
    named = [
        (not knowledge.unknowns[mention.key].asked, mention.length, -mention.start, mention.key)
        for mention in message.mentions.unknowns
        if not knowledge.unknowns[mention.key].only or subject in knowledge.unknowns[mention.key].only
    ]
    return max(named)[3] if named else None


def offer(message: Message, knowledge: Knowledge, subject: str | None) -> tuple[str, ...]:
    """Return up to three facts to offer: the likeliest, then examples; of a subject, if one is given, its own only."""
    likely = [c.key or c.label for c in message.candidates if c.intent == CONTACT or knowledge.fact(c.key)]
    if subject == CONTACT:
        return (CONTACT,)
    if subject:
        mine = [fact_id for fact_id in likely if fact_id.split(".")[0] == subject]
        return tuple(dict.fromkeys([*mine, *(fact.id for fact in knowledge.facts_about(subject))]))[:OFFERED]
    return tuple(dict.fromkeys([*likely, *EXAMPLES]))[:OFFERED]
