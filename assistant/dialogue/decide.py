"""The decision: what the assistant does with one message. The only place where anything is decided."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.dialogue.records import Candidate, Context, Decision, Thresholds
from assistant.french import COUNTRIES, fold, with_article
from assistant.knowledge.base import Knowledge
from assistant.understanding.followup import asked_by, refers_back
from assistant.understanding.mentions import Mentions

#: How many candidates a decision keeps, and how many choices or suggestions are offered.
KEPT_CANDIDATES = 5
OFFERED = 3

CONTACT = "contact"
FRENCH = "fr"
#: Facts offered when nothing better is known, one for each part of what the assistant knows.
EXAMPLES = ("oim.definition", "ocam.role", "projet.definition")
#: The intent of an erasure, and the topic of what is said to a question about it.
ERASURE = "effacer_donnees"
PRIVACY = "donnees"
#: What may be said after distress without being taken for more of it.
_POLITE = frozenset({"merci", "au_revoir", ERASURE})
#: What makes « efface » no request: a question, or a negation.
_QUESTION_OR_NOT = re.compile(
    r"\?\s*$|\bn(?:e\b|['\u2019])|^\s*(?:est-ce|comment|combien|qui|quand|pourquoi|peut-on|puis-je)\b|\bpas\b",
    re.IGNORECASE,
)
SMALL_TALK = frozenset(
    "salutation merci au_revoir aide robot compliment insulte oui non humain source autre_chose".split()
)


@dataclass(frozen=True)
class Message:
    """One message, understood.

    Attributes:
        text: what the person wrote, as the guard let it through.
        candidates: its candidates, best first.
        mentions: what it names.
        language: its language, two letters or `autre`.
        language_score: how likely that language is, from 0 to 1.
    """

    text: str
    candidates: Sequence[Candidate]
    mentions: Mentions
    language: str = FRENCH
    language_score: float = 1.0

    @property
    def refers_back(self) -> bool:
        """Whether it names no subject itself and takes up the one before."""
        return not self.mentions.subjects and refers_back(self.text)


def decide(message: Message, context: Context, knowledge: Knowledge, thresholds: Thresholds) -> Decision:
    """Decide what to do with a message.

    The order is that of what a mistake would cost: distress first, then what is no question about the sources, then
    follow-ups, then the weighing of facts against what the sources do not say.

    Returns:
        the decision, without the version of the model, which its caller knows.
    """
    if not message.candidates:
        decision = Decision("refusal", "empty", EXAMPLES)
    else:
        decision = (
            _distress(message, thresholds)
            or _erasure(message, thresholds)
            or _still_distress(message, context)
            or _conversation(message, context, knowledge, thresholds)
            or _own_question(message, knowledge)
            or _follow_up(message, context, knowledge)
            or _weigh(message, context, knowledge, thresholds)
        )
    return replace(
        decision,
        candidates=tuple(message.candidates[:KEPT_CANDIDATES]),
        thresholds=thresholds,
        knowledge=knowledge.version,
    )


def choose(fact_id: str, knowledge: Knowledge) -> Decision | None:
    """Return the answer to a choice that was offered, or None when the knowledge no longer has that fact."""
    if fact_id == CONTACT:
        return Decision("contact", "chosen", contact=knowledge.contacts[0].id, knowledge=knowledge.version)
    fact = knowledge.fact(fact_id)
    return Decision("answer", "chosen", (fact.id,), fact.subject, knowledge=knowledge.version) if fact else None


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
    if top.intent == ERASURE and top.score >= thresholds.erasure and not _QUESTION_OR_NOT.search(message.text):
        return Decision("erasure", "erasure")
    return None


def _still_distress(message: Message, context: Context) -> Decision | None:
    """After distress, a message that names nothing is not about the sources: « où aller ? », « qui appeler ? »."""
    polite = message.candidates[0].intent in _POLITE
    if context.last == "distress" and not message.mentions.subjects and not polite:
        return Decision("distress", "after distress", language=message.language)
    return None


def _conversation(message: Message, context: Context, knowledge: Knowledge, thresholds: Thresholds) -> Decision | None:
    """Small talk, another language and repetition."""
    top = message.candidates[0]
    if top.intent == ERASURE:
        return Decision("small_talk", "small_talk", topic=PRIVACY, subject=context.subject)
    if top.intent in SMALL_TALK:
        return Decision("small_talk", "small_talk", topic=top.intent, subject=context.subject)
    if message.language != FRENCH and message.language_score >= thresholds.language:
        return Decision("other_language", "language", language=message.language, subject=context.subject)
    if top.intent == "repeter":
        if context.fact and knowledge.fact(context.fact):
            return Decision("answer", "repeated", (context.fact,), context.subject)
        return Decision("nothing_to_repeat", "repeated")
    return None


def _own_question(message: Message, knowledge: Knowledge) -> Decision | None:
    """A fact's own question, as a button shows it, typed instead of pressed."""
    fact = knowledge.fact_with_question(message.text)
    return Decision("answer", "own question", (fact.id,), fact.subject) if fact else None


def _follow_up(message: Message, context: Context, knowledge: Knowledge) -> Decision | None:
    """A bare « et quand ? »: the last subject's fact that answers it, or the same as unknown."""
    off_topic = message.candidates[0].intent == "hors_sujet"
    if (
        context.subject == CONTACT
        and message.refers_back
        and not off_topic
        and not _unknown(message, CONTACT, knowledge)
    ):
        return _contact(message, knowledge)
    asked = asked_by(message.text)
    if not asked:
        return None
    if not context.subject:
        return Decision("clarify", "ellipsis without subject", _offer(message, knowledge, None))
    facts = knowledge.facts_answering(context.subject, asked, context.fact)
    fresh = [fact for fact in facts if fact.id != context.fact]
    if fresh:
        return Decision("answer", "follow-up", (fresh[0].id,), context.subject)
    if facts:
        return None
    unknown = next(
        (
            unknown.id
            for unknown in knowledge.unknowns.values()
            if asked in unknown.asked and (not unknown.only or context.subject in unknown.only)
        ),
        None,
    )
    offered = _offer(message, knowledge, context.subject)
    return Decision("refusal", "follow-up", offered, context.subject, unknown=unknown)


def _weigh(message: Message, context: Context, knowledge: Knowledge, thresholds: Thresholds) -> Decision:
    """Answer, offer choices or refuse: the best fact against its near-misses and the other facts."""
    known = [c for c in message.candidates if c.intent == CONTACT or (c.intent == "fait" and knowledge.fact(c.key))]
    facts = [c for c in known if c.intent == CONTACT or c.key in message.mentions.facts]
    against = sum(c.score for c in message.candidates if c.intent in {"inconnu", "hors_sujet"})
    likely = sum(c.score for c in facts)
    if not facts or likely / (likely + against) < thresholds.choices:
        return _refuse(message, context, knowledge)
    if known[0] is not facts[0] and known[0].score >= thresholds.elsewhere * facts[0].score:
        return _refuse(message, context, knowledge)
    best = facts[0]
    sure = best.score >= thresholds.least and best.score / (best.score + against) >= thresholds.answer
    alone = len(facts) == 1 or best.score >= thresholds.rival * facts[1].score
    if sure and alone:
        return _answer(best, message, knowledge)
    return Decision("choices", "unsure", _offer(message, knowledge, None), context.subject)


def _names_both(message: Message) -> bool:
    """Return whether a message names a subject before the name that no source has: it is then about the subject."""
    subjects, others = message.mentions.subjects, message.mentions.other_names
    return bool(subjects and others) and subjects[0].start < others[0].start


def _answer(best: Candidate, message: Message, knowledge: Knowledge) -> Decision:
    if best.intent == CONTACT:
        return _contact(message, knowledge)
    fact = knowledge.facts[best.key]
    return Decision("answer", "best", (fact.id,), fact.subject)


def _contact(message: Message, knowledge: Knowledge) -> Decision:
    """Look up the contact of the countries, the person or the role named; say first what no contact covers."""
    asked = _places(message, knowledge)
    covered = [contact for country in asked.values() for contact in knowledge.contacts_for_country(country)]
    words = [word for word in fold(message.text).split() if len(word) > 3]
    named = [contact for word in words for contact in knowledge.contacts_named(word)]
    with_role = [contact for word in words for contact in knowledge.contacts_with_role(word)]
    uncovered = [place for place, country in asked.items() if not knowledge.contacts_for_country(country)]
    if not named and not uncovered and not covered:
        uncovered = _without_contact(message, knowledge)
    found = [*covered, *named, *with_role, *knowledge.contacts]
    reason = "uncovered" if uncovered else "country" if covered else "only"
    return Decision("contact", reason, contact=found[0].id, uncovered=", ".join(uncovered) or None, subject=CONTACT)


def _places(message: Message, knowledge: Knowledge) -> dict[str, str]:
    """Return the places that a message names, as they are said, with their country (empty where in none)."""
    countries = {f"pour ce pays ({COUNTRIES[mention.key]})": mention.key for mention in message.mentions.countries}
    named = [knowledge.places[mention.key] for mention in message.mentions.places]
    elsewhere = {
        f"pour ce lieu ({place.name})": place.country or ""
        for place in named
        if place.country not in countries.values()
    }
    return countries | elsewhere


def _without_contact(message: Message, knowledge: Knowledge) -> list[str]:
    """Return whom the message wants to reach of those whose contact no source gives: « pour Marcelo Pisani »."""
    named = [knowledge.subjects[mention.key] for mention in message.mentions.subjects]
    others = [knowledge.other_names[mention.key] for mention in message.mentions.other_names]
    subjects = [f"pour {with_article(subject.article, subject.name)}" for subject in named if subject.no_contact][:1]
    return subjects or [f"pour {with_article(other.article, other.name)}" for other in others][:1]


def _refuse(message: Message, context: Context, knowledge: Knowledge) -> Decision:
    """Say that it is not known, naming what was asked as well as the message allows."""
    top = message.candidates[0]
    mentions = message.mentions
    takes_up = message.refers_back and context.subject and mentions.unknowns  # « et son téléphone ? »
    if top.intent == "hors_sujet" and not mentions.subject and not takes_up:
        return Decision("off_topic", "off topic", _offer(message, knowledge, None))
    other_name = mentions.other_names[0].key if mentions.other_names and not _names_both(message) else None
    named = mentions.subject or (context.subject if message.refers_back else None)
    near = next((c.key.split(".")[0] for c in message.candidates if c.intent == "inconnu"), None)
    if near not in {*knowledge.subjects, CONTACT}:
        near = None
    unknown = None if other_name else _unknown(message, named, knowledge)
    return Decision(
        "refusal",
        "unknown name" if other_name else "near-miss",
        _offer(message, knowledge, None if other_name else named or near),
        named,
        unknown=unknown,
        other_name=other_name,
    )


def _unknown(message: Message, subject: str | None, knowledge: Knowledge) -> str | None:
    """Return the unknown attribute that the message asks for: of those it names the most precise one.

    « combien » or « quand » alone name one only where no other word does.
    """
    named = [
        (not knowledge.unknowns[mention.key].asked, mention.length, -mention.start, mention.key)
        for mention in message.mentions.unknowns
        if not knowledge.unknowns[mention.key].only or subject in knowledge.unknowns[mention.key].only
    ]
    return max(named)[3] if named else None


def _offer(message: Message, knowledge: Knowledge, subject: str | None) -> tuple[str, ...]:
    """Return up to three facts to offer: the likeliest, then examples; of a subject, if one is given, its own only."""
    likely = [c.key or c.label for c in message.candidates if c.intent == CONTACT or knowledge.fact(c.key)]
    if subject == CONTACT:
        return (CONTACT,)
    if subject:
        mine = [fact_id for fact_id in likely if fact_id.split(".")[0] == subject]
        return tuple(dict.fromkeys([*mine, *(fact.id for fact in knowledge.facts_about(subject))]))[:OFFERED]
    return tuple(dict.fromkeys([*likely, *EXAMPLES]))[:OFFERED]
