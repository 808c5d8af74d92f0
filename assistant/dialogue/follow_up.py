"""Follow-ups, which lean on the conversation: « et quand ? », « et celui de l'OCAM ? », « non, l'OIM »."""

import re

from assistant.dialogue.contacts import contact
from assistant.dialogue.message import Message
from assistant.dialogue.records import CERTAIN, Context, Decision
from assistant.dialogue.refusals import offer, unknown_asked
from assistant.french import fold
from assistant.knowledge.base import Knowledge
from assistant.knowledge.records import Asked
from assistant.names import CONTACT
from assistant.understanding.followup import asked_by, corrects_subject, names_only_a_subject

#: An unknown that is at least this likely is what a message asks for.
_MEANT = 0.5
#: A fact that is this likely is weighed where a look-up finds none: the year, after an answer on the OIM's work.
_LIKELY = 0.7

_BEFORE = r"(?:encore |juste )?(?:avant|avt|avan|auparavant|precedemment|anterieurement)(?: (?:ca|cela|ce document))?"
_HOW_MUCH = r"(?:combien|quoi|comment)"
_IT_WAS = r"(?:c etait|cetait|c t|etait ce)"
_SAID = r"(?:chiffre|nombre|donnee|valeur|document|source|page|version|communique)"
_OLD = r"(?:ancien|ancienne|precedente?|vieux|vieil|vieille)"
#: « et avant ? », « avant c'était combien ? », « l'ancien chiffre ? » (folded), and nothing that names anything else:
#: « et avant 1951 ? » and « qui était là avant ? » ask something of their own.
_ASKS_BEFORE = re.compile(
    r"(?:(?:et|mais|alors|ok|bon|donc|sinon|oui|d accord) )*"
    rf"(?:{_BEFORE}(?: {_IT_WAS}(?: {_HOW_MUCH})?| combien(?: {_IT_WAS})?)?"
    rf"|(?:combien|{_IT_WAS} {_HOW_MUCH}|{_HOW_MUCH} {_IT_WAS}) {_BEFORE}"
    rf"|(?:quel(?:le)? (?:est|etait) |{_IT_WAS} {_HOW_MUCH} |dans |selon |d apres )?(?:(?:l|le|la|du|un|une|son|sa) )?"
    rf"(?:{_OLD} {_SAID}|{_SAID} (?:{_OLD}|d {_BEFORE}|anterieure?)))"
    r"(?: (?:alors|deja|exactement|svp|stp|s il (?:vous|te) plait|merci))*"
)


def earlier_reading(message: Message, context: Context, knowledge: Knowledge) -> Decision | None:
    """« et avant ? »: what an earlier document says of the fact that was answered last, or that none does."""
    if not _ASKS_BEFORE.fullmatch(fold(message.text)):
        return None
    offered = offer(message, knowledge, context.subject)
    if not context.subject:
        return Decision("clarify", "ellipsis without subject", offered)
    fact, earlier = knowledge.fact(context.fact or ""), context.earlier + 1
    if context.last == "answer" and fact and earlier < len(fact.readings):
        return Decision("answer", "earlier reading", (fact.id,), subject=fact.subject, earlier=earlier)
    return Decision("refusal", "earlier reading", offered, subject=context.subject)


def follow_up(message: Message, context: Context, knowledge: Knowledge) -> Decision | None:
    """Return the decision for a message that only the conversation makes whole, or None for any other."""
    return (
        _on_contact(message, context, knowledge)
        or other_subject(message, context, knowledge)
        or _bare_question(message, context, knowledge)
    )


def _on_contact(message: Message, context: Context, knowledge: Knowledge) -> Decision | None:
    """« et son mail ? » after the contact."""
    top = message.candidates[0]
    other = top.intent == "hors_sujet" or (top.intent == "inconnu" and top.score >= _MEANT)
    if context.subject != CONTACT or not message.refers_back or other:
        return None
    return None if unknown_asked(message, CONTACT, knowledge) else contact(message, knowledge)


def correction(message: Message, context: Context, knowledge: Knowledge) -> Decision | None:
    """« non, je parlais de l'OIM »: no small talk, though it begins so."""
    return other_subject(message, context, knowledge) if corrects_subject(message.text) else None


def other_subject(message: Message, context: Context, knowledge: Knowledge) -> Decision | None:
    """« et l'OIM ? », « non, je parlais de l'OIM »: what was asked before, of another subject."""
    subject = _subject_meant(message)
    asked = _asked_before(context, knowledge)
    if not subject or not asked or not names_only_a_subject(message.text, message.named):
        return None
    before = knowledge.fact(asked[0])
    same = knowledge.fact_about(subject, before.attribute) if before else None
    answering = [fact for word in asked[1] for fact in knowledge.facts_answering(subject, word)]
    found = [fact for fact in (same, *answering) if fact and (before is None or fact.subject != before.subject)]
    if found:
        return Decision("answer", "follow-up", (found[0].id,), subject=subject)
    if context.unknown:
        offered = offer(message, knowledge, subject)
        return Decision("refusal", "follow-up", offered, subject=subject, unknown=context.unknown)
    return None


def _asked_before(context: Context, knowledge: Knowledge) -> tuple[str, tuple[Asked, ...]] | None:
    """Return the fact that was answered last, or offered first, and the question words that were asked."""
    if context.unknown:
        unknown = knowledge.unknowns.get(context.unknown)  # an editor may have removed it since
        return ("", unknown.asked) if unknown else None
    fact = knowledge.fact(next(iter(context.offered), "") if context.last == "choices" else context.fact or "")
    return (fact.id, fact.asked) if fact else None


def _subject_meant(message: Message) -> str | None:
    """Return the subject that a message names: of « pas l'OCAM, l'OIM » the one that is not denied."""
    words = fold(message.text).split()
    meant = [mention.key for mention in message.mentions.subjects if "pas" not in words[: mention.start][-3:]]
    return meant[-1] if meant else None


def _bare_question(message: Message, context: Context, knowledge: Knowledge) -> Decision | None:
    """« et quand ? »: the last subject's fact that answers it, or the same as unknown."""
    asked = asked_by(message.text)
    top, before = message.candidates[0], knowledge.fact(context.fact or "")
    left_open = before is not None and before.subject == context.subject and asked in before.left_open
    fact = knowledge.fact(top.key) if top.intent == "fait" and top.score >= CERTAIN else None
    if not asked or (not left_open and fact and fact.subject == context.subject and fact.id != context.fact):
        return None
    if not context.subject:
        return Decision("clarify", "ellipsis without subject", offer(message, knowledge, None))
    facts = knowledge.facts_answering(context.subject, asked, context.fact)
    fresh = [fact for fact in facts if fact.id != context.fact]
    if fresh:
        return Decision("answer", "follow-up", (fresh[0].id,), subject=context.subject)
    if facts or (not left_open and _of_the_same(message, context.subject, knowledge)):
        return None
    offered = offer(message, knowledge, context.subject)
    unknown = _unknown(asked, context.subject, knowledge)
    return Decision("refusal", "follow-up", offered, subject=context.subject, unknown=unknown)


def _of_the_same(message: Message, subject: str, knowledge: Knowledge) -> bool:
    """Return whether a message likely asks about what a subject is named after: its work, its website, the OIM."""
    top = message.candidates[0]
    fact = knowledge.fact(top.key) if top.intent == "fait" and top.score >= _LIKELY else None
    return fact is not None and knowledge.taken_up(fact.subject, None) == knowledge.taken_up(subject, None)


def _unknown(asked: Asked, subject: str, knowledge: Knowledge) -> str | None:
    """Return the unknown attribute of a subject that a question word asks for."""
    return next(
        (
            unknown.id
            for unknown in knowledge.unknowns.values()
            if asked in unknown.asked and (not unknown.only or subject in unknown.only)
        ),
        None,
    )
