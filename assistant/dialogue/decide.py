"""The decision: what the assistant does with one message. The only place where anything is decided."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.dialogue.contacts import contact
from assistant.dialogue.context import after
from assistant.dialogue.follow_up import correction, earlier_reading, follow_up, other_subject
from assistant.dialogue.message import FRENCH, Message
from assistant.dialogue.nonsense import asks_nothing
from assistant.dialogue.offered import offer_taken_up
from assistant.dialogue.premises import certainly_about, put_right, told_otherwise
from assistant.dialogue.quoting import quote
from assistant.dialogue.records import (
    CERTAIN,
    EXAMPLES,
    FAILURES,
    JOIN,
    LEAVE,
    OTHER,
    PERSON,
    Candidate,
    Context,
    Decision,
    Thresholds,
)
from assistant.dialogue.refusals import OFFERED, refuse
from assistant.french import fold
from assistant.handover import Desk
from assistant.knowledge.base import Knowledge
from assistant.names import CONTACT
from assistant.understanding.halves import asks

#: A fact that is less likely than this share of the best one is no choice.
LIKELY_ENOUGH = 0.05
#: How many candidates a decision keeps.
KEPT_CANDIDATES = 5

#: The intent of an erasure, and the topic of what is said to a question about it.
ERASURE = "effacer_donnees"
PRIVACY = "donnees"
#: So many words say by themselves what is meant.
_TELLING = 5
#: The topic of an e-mail that holds the conversation.
JOINED = "conversation_jointe"
#: The topics of a person: one who can take over is offered, none is there, one takes over.
HUMAN = "humain"
OFFERED_PERSON = "personne_offerte"
ABSENT = "personne_absente"
HANDED_OVER = "personne"
#: What may be said after distress without being taken for more of it.
_POLITE = frozenset({"merci", "au_revoir", ERASURE})
#: What makes « efface » no request: a question, or a negation.
_QUESTION_OR_NOT = re.compile(
    r"\?\s*$|\bn(?:e\b|['\u2019])|^\s*(?:est-ce|comment|combien|qui|quand|pourquoi|peut-on|puis-je)\b|\bpas\b",
    re.IGNORECASE,
)
#: What asks for it (folded): without any of these words a message asks what is kept, and nothing is erased.
_ERASES = re.compile(
    r"\b(?:e+f+a[csz]|supp?r|oubli|detrui|delete|erase|vide|vire|enlev|retir|ot(?:e|er|ez)\b|nettoi|nettoy|purge|borr|apag|"
    r"reinitialis|reset|clear|forget|remet|jet|anonymis|disparai|oppos|trace|(?:plus|pas?) (?:que|ke)\b)"
)
SMALL_TALK = frozenset(
    "salutation merci au_revoir aide robot compliment insulte oui non humain source autre_chose".split()
)
#: All that small talk may be about: what people say, and what is said to them.
TOPICS = SMALL_TALK | {PRIVACY, JOINED, OFFERED_PERSON, ABSENT, HANDED_OVER}
#: Words without which a message about the sources is no small talk, by the topic of it.
_POLITE_WORD = re.compile(
    r"\b(?:(?P<merci>merci|mrc)|(?P<salutation>bonjour|bonsoir|salut|coucou|hello|hey|bjr|bsr|slt)|"
    r"(?P<compliment>bravo|super|genial|parfait)|(?P<au_revoir>revoir|bye|bonne (?:journee|soiree|nuit)))\b"
)
#: Words that say nothing beside a polite one and a name.
_BESIDE_POLITE = frozenset("a au aux l le la les de d du des pour bien beaucoup tous toutes vous toi".split())
#: What a message that asks two questions would be decided to be, if it asked one.
_MAY_BE_TWO = frozenset({"answer", "passage", "contact", "choices", "refusal", "off_topic"})
#: Reasons of an answer that come from what a message says, not from the place or the wording of a choice.
_UNDERSTOOD = frozenset({"best", "follow-up"})
#: The small talk that ends with examples of questions.
_WITH_EXAMPLES = frozenset({"aide", "salutation", "autre_chose"})


def decide(message: Message, context: Context, knowledge: Knowledge, thresholds: Thresholds) -> tuple[Decision, ...]:
    """Decide what to do with a message.

    Returns:
        one decision, or two where the message holds two questions: in their order, and without the version of the
        model, which the caller knows.
    """
    decision = _decide(message, context, knowledge, thresholds)
    both = _both(message, decision, context, knowledge, thresholds)
    if both is None and context.failures and decision.kind in FAILURES:
        decision = _second_failure(decision)
    return both or (decision,)


def choose(chosen: str, knowledge: Knowledge, desk: Desk | None = None) -> Decision | None:
    """Return the answer to a choice that was offered, or None when the knowledge no longer has that fact.

    Args:
        chosen: what was chosen.
        knowledge: what the assistant knows.
        desk: where a person can take over, if that can be.
    """
    if chosen == CONTACT:
        contact_id = knowledge.contacts[0].id
        return Decision("contact", "chosen", contact=contact_id, subject=CONTACT, knowledge=knowledge.version)
    if chosen == OTHER:
        return Decision("write_to", "chosen", knowledge=knowledge.version)
    if chosen == JOIN:
        return Decision("small_talk", "chosen", topic=JOINED, knowledge=knowledge.version)
    if chosen in {PERSON, LEAVE}:
        taken = desk and (chosen == LEAVE or not desk.back)
        decision = Decision("small_talk", "", topic=HANDED_OVER) if taken else _person(desk)
        return replace(decision, reason="chosen", knowledge=knowledge.version)
    fact = knowledge.fact(chosen)
    if fact is None:
        return None
    return Decision("answer", "chosen", (fact.id,), subject=fact.subject, knowledge=knowledge.version)


def _decide(message: Message, context: Context, knowledge: Knowledge, thresholds: Thresholds) -> Decision:
    """Return the one decision for a message.

    The order is that of what a mistake would cost: distress first, then what is no question about the sources, then
    follow-ups, then the weighing of facts against what the sources do not say.
    """
    if not message.candidates:
        decision = Decision("refusal", "empty", EXAMPLES)
    else:
        decision = (
            _distress(message, thresholds)
            or _erasure(message, thresholds)
            or _still_distress(message, context)
            or _taken_up(message, context, knowledge)
            or earlier_reading(message, context, knowledge)
            or correction(message, context, knowledge)
            or _conversation(message, context, knowledge, thresholds)
            or _own_question(message, knowledge)
            or follow_up(message, context, knowledge)
            or put_right(message, knowledge, thresholds)
            or _weigh(message, context, knowledge, thresholds)
        )
    if decision.kind == "answer" and decision.reason in _UNDERSTOOD:
        decision = replace(decision, corrects=decision.facts[0] in message.mentions.contradicted_by)
    return replace(
        decision,
        candidates=tuple(message.candidates[:KEPT_CANDIDATES]),
        thresholds=thresholds,
        knowledge=knowledge.version,
    )


def _both(
    message: Message, whole: Decision, context: Context, knowledge: Knowledge, thresholds: Thresholds
) -> tuple[Decision, Decision] | None:
    """Return the two answers to a message that asks two questions, if both can be given."""
    double = message.double
    if double is None or double.score < thresholds.double:
        return None
    if whole.kind not in _MAY_BE_TWO or whole.reason == "own question" or asks_nothing(message, knowledge):
        return None
    one, other = _answer(double.one, knowledge), _answer(double.other, knowledge)
    if not one or not other or one.uncovered or other.uncovered:
        return None
    renewed = other_subject(double.other, after(context, one), knowledge)  # « ... et celui de l'OCAM ? »
    other = renewed if renewed and renewed.kind == "answer" else other
    named_once = len(message.mentions.subjects) == 1 and len(message.named) == len(fold(message.text).split())
    if named_once or (one.facts, one.contact) == (other.facts, other.contact):
        return None
    first, second = (
        replace(
            decision,
            corrects=decision.corrects or bool(half.mentions.contradicted_by.intersection(decision.facts)),
            candidates=_with_first(half.candidates[0], decision, message.candidates),
            thresholds=thresholds,
            knowledge=knowledge.version,
        )
        for decision, half in ((one, double.one), (other, double.other))
    )
    return first, second


def _answer(half: Message, knowledge: Knowledge) -> Decision | None:
    """Return the answer to one of two questions, or None where the fact is gone."""
    candidate = half.candidates[0]
    if candidate.intent == CONTACT:
        return contact(half, knowledge)
    fact = knowledge.fact(candidate.key)
    return Decision("answer", "two questions", (fact.id,), subject=fact.subject) if fact else None


def _with_first(asked: Candidate, decision: Decision, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Return the candidates of one of two answers: that of its question first, if it is what was answered."""
    answered = asked.intent == CONTACT or asked.key in decision.facts
    before = (asked,) if answered else ()
    others = (other for other in candidates if not answered or other.label != asked.label)
    return (*before, *others)[:KEPT_CANDIDATES]


def _second_failure(decision: Decision) -> Decision:
    """Return a decision that says whom to write to instead of offering once more."""
    if decision.kind == "refusal":
        return replace(decision, facts=())
    return replace(decision, kind="write_to", reason="second failure", facts=())


def _distress(message: Message, thresholds: Thresholds) -> Decision | None:
    """Distress comes before everything else, as soon as it is likely enough."""
    found = [candidate for candidate in message.candidates if candidate.intent == "detresse"]
    likely = sum(candidate.score for candidate in found)
    if likely < thresholds.distress:
        return None
    sure = message.language_score >= thresholds.distress_language
    return Decision("distress", "distress", language=message.language if sure else found[0].key)


def _erasure(message: Message, thresholds: Thresholds) -> Decision | None:
    """Erase only when it is clearly asked for: not on a question about it, not on « n'efface pas »."""
    top = message.candidates[0]
    asked = _QUESTION_OR_NOT.search(message.text) or not _ERASES.search(fold(message.text))
    if top.intent == ERASURE and top.score >= thresholds.erasure and not asked:
        return Decision("erasure", "erasure")
    return None


def _still_distress(message: Message, context: Context) -> Decision | None:
    """After distress, a message that names nothing is not about the sources: « où aller ? », « qui appeler ? ».

    « et c'est bien 175 pays membres ? » is: its words say which fact is meant.
    """
    top = message.candidates[0]
    certain = top.intent == "fait" and top.score >= CERTAIN and len(message.text.split()) >= _TELLING
    elsewhere = message.mentions.subjects or top.intent in _POLITE or certain
    if context.last == "distress" and not elsewhere:
        return Decision("distress", "after distress", language=message.language)
    return None


def _taken_up(message: Message, context: Context, knowledge: Knowledge) -> Decision | None:
    """« le deuxième », « 2 »: a choice told by its place."""
    chosen = offer_taken_up(message.text, context.offered)
    return choose(chosen, knowledge, message.desk) if chosen else None


def _conversation(message: Message, context: Context, knowledge: Knowledge, thresholds: Thresholds) -> Decision | None:
    """Small talk, another language and repetition."""
    top = message.candidates[0]
    if top.intent == ERASURE:
        return Decision("small_talk", "small_talk", topic=PRIVACY, subject=context.subject)
    topic = top.intent if top.intent in SMALL_TALK else _politeness(message, knowledge, thresholds)
    if topic == HUMAN:
        return replace(_person(message.desk), subject=context.subject)
    if topic:
        examples = EXAMPLES if topic in _WITH_EXAMPLES else ()
        return Decision("small_talk", "small_talk", examples, topic=topic, subject=context.subject)
    written = message.language if message.language_score >= thresholds.language else FRENCH
    if written == FRENCH and top.intent == "autre_langue" and top.score >= thresholds.language:
        written = top.key  # « gracias, merci beaucoup »
    if written != FRENCH:
        return Decision("other_language", "language", language=written, subject=context.subject)
    if top.intent == "repeter":
        return _repeat(context, knowledge)
    return None


def _person(desk: Desk | None) -> Decision:
    """Offer what there is to who asks for a person: one who takes over, now or later, and an e-mail."""
    if desk is None:
        return Decision("small_talk", "small_talk", (JOIN,), topic=HUMAN)
    if desk.back:
        return Decision("small_talk", "small_talk", (LEAVE, JOIN), topic=ABSENT, back=desk.back)
    return Decision("small_talk", "small_talk", (PERSON, JOIN), topic=OFFERED_PERSON)


def _politeness(message: Message, knowledge: Knowledge, thresholds: Thresholds) -> str | None:
    """Return the small talk of a message that names something and asks nothing: « merci pour l'OCAM »."""
    folded = fold(message.text)
    polite = _POLITE_WORD.search(folded)
    if "?" in message.text or asks(message.text) or not polite:
        return None
    words = enumerate(folded.split())
    others = [word for place, word in words if place not in message.named and word not in _BESIDE_POLITE]
    # « coucou l'OIM ! » greets, however likely a question is; « bonjour, directrice générale » asks
    proper = all(knowledge.subjects[mention.key].proper for mention in message.mentions.subjects)
    only_polite = proper and all(map(_POLITE_WORD.fullmatch, others))
    likely = (c.intent for c in message.candidates if c.intent in SMALL_TALK and c.score >= thresholds.polite)
    return next(likely, polite.lastgroup if only_polite else None)


def _repeat(context: Context, knowledge: Knowledge) -> Decision:
    """Say the last fact, contact or sentence of a source again."""
    if context.subject == CONTACT:
        return Decision("contact", "repeated", contact=knowledge.contacts[0].id, subject=CONTACT)
    fact = knowledge.fact(context.fact or "")
    if fact:
        earlier = context.earlier if context.earlier < len(fact.readings) else 0  # an editor may have removed it since
        return Decision("answer", "repeated", (fact.id,), subject=context.subject, earlier=earlier)
    if context.quoted and knowledge.passage(context.quoted.source, context.quoted.position):
        return Decision("passage", "repeated", subject=context.subject, quoted=context.quoted)
    return Decision("nothing_to_repeat", "repeated")


def _own_question(message: Message, knowledge: Knowledge) -> Decision | None:
    """A fact's own question, as a button shows it, typed instead of pressed."""
    fact = knowledge.fact_with_question(message.text)
    return Decision("answer", "own question", (fact.id,), subject=fact.subject) if fact else None


def _weigh(message: Message, context: Context, knowledge: Knowledge, thresholds: Thresholds) -> Decision:
    """Answer, offer choices or refuse: the best fact against its near-misses and the other facts."""
    known = [c for c in message.candidates if c.intent == CONTACT or (c.intent == "fait" and knowledge.fact(c.key))]
    certain = certainly_about(message, thresholds)
    facts = [c for c in known if c.intent == CONTACT or c.key in message.mentions.facts | certain]
    against = sum(c.score for c in message.candidates if c.intent in {"inconnu", "hors_sujet"})
    likely = sum(c.score for c in facts)
    if not likely or likely / (likely + against) < thresholds.choices:
        return _not_known(message, context, knowledge, thresholds)
    if known[0] is not facts[0] and known[0].score >= thresholds.elsewhere * facts[0].score:
        return _not_known(message, context, knowledge, thresholds)
    best = facts[0]
    enough, rival = _bars(best, message, context, knowledge, thresholds)
    nonsense, silent = asks_nothing(message, knowledge), best.key in message.mentions.silent - certain
    share = best.score / (best.score + against)
    sure = not (nonsense or silent) and best.score >= thresholds.least and share >= enough
    talk = max((c.score for c in message.candidates if c.intent in SMALL_TALK), default=0.0)
    alone = best.score >= max(rival * sum(c.score for c in facts[1:2]), thresholds.talk * talk)
    given = best if sure and alone else None if nonsense else told_otherwise(facts, against, message, thresholds)
    if given:
        return _given(given, message, knowledge)
    if silent:
        return _not_known(message, context, knowledge, thresholds)
    offered = tuple(c.key or c.label for c in facts if c.score >= LIKELY_ENOUGH * best.score)[:OFFERED]
    return Decision("choices", "unsure", offered, subject=context.subject)


def _given(best: Candidate, message: Message, knowledge: Knowledge) -> Decision:
    if best.intent == CONTACT:
        return contact(message, knowledge)
    return Decision("answer", "best", (best.key,), subject=knowledge.facts[best.key].subject)


def _not_known(message: Message, context: Context, knowledge: Knowledge, thresholds: Thresholds) -> Decision:
    """Refuse, or quote the sentence of a source that has what was asked and that no fact states."""
    refusal = refuse(message, context, knowledge)
    return quote(message, refusal, context, knowledge, thresholds) or refusal


def _bars(
    best: Candidate, message: Message, context: Context, knowledge: Knowledge, thresholds: Thresholds
) -> tuple[float, float]:
    """Return how sure a fact must be, and how many times as likely as the next: less where more speaks for it."""
    if best.key in message.mentions.contradicted_by:
        return thresholds.answer_denied, thresholds.rival_supported
    fact = knowledge.fact(best.key)
    if message.premise >= thresholds.premise or (fact and fact.subject == context.subject):
        return thresholds.answer_supported, thresholds.rival_supported
    return thresholds.answer, thresholds.rival
