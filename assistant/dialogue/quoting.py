"""When a sentence of a source is quoted: no fact answers, and the sentence has what was asked."""

import re
from collections.abc import Callable
from dataclasses import replace

from assistant.dialogue.message import Message
from assistant.dialogue.records import Context, Decision, Quoted, Thresholds
from assistant.dialogue.refusals import unknown_asked
from assistant.french import fold
from assistant.knowledge.base import Knowledge
from assistant.knowledge.passages import Passage
from assistant.understanding.claims import claims
from assistant.understanding.normalise import normalise

_MONTH = re.compile(r"\b(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)\b")
#: A name of several words, and what stands behind « à », « au », « en »: that is how persons and places are written.
_NAME = re.compile(r"[A-Z\u00c0-\u00de][\w-]+(?: [A-Z\u00c0-\u00de][\w-]+)+")
_PLACE = re.compile(r"\b(?:\u00e0|au|aux|en|dans) (?:la |le |l['\u2019])?([A-Z\u00c0-\u00de][\w-]+)")
_REASON = re.compile(r"\b(?:pour|afin|car|parce|puisque|raison|cause|grace|demande|but|lorsqu\w*)\b")


def quote(
    message: Message, refusal: Decision, context: Context, knowledge: Knowledge, thresholds: Thresholds
) -> Decision | None:
    """Return the decision to quote a sentence instead of refusing, or None where a refusal is right.

    It is right where the message asks for what is known to be unknown, leans on what was said before, or is a near-miss
    or off topic as surely as a fact would be answered; and where a fact states the sentence: its near-misses are known.

    Args:
        message: the message.
        refusal: what is said otherwise.
        context: the conversation before it.
        knowledge: what is known, and known to be unknown.
        thresholds: how sure it must be.
    """
    found, top = message.found, message.candidates[0]
    unknown = knowledge.unknowns.get(unknown_asked(message, refusal.subject, knowledge) or "")
    # « quand » alone names no unknown: the sentence may say when.
    named = (unknown and not unknown.said) or message.mentions.other_names
    leans = message.refers_back and context.subject  # without a subject before it, « elle » stands for its own words
    if found is None or found.passage.stated or named or leans or top.score >= thresholds.answer:
        return None
    if found.sure < thresholds.passage or found.words < thresholds.passage_words:
        return None
    if not has_what_is_asked(message.text, found.passage.text):
        return None
    quoted = Quoted(found.passage.source, found.passage.position, round(found.sure, 4), found.words)
    return replace(refusal, kind="passage", reason="no fact", facts=(), unknown=None, quoted=quoted)


def passage_of(decision: Decision, knowledge: Knowledge) -> Passage | None:
    """Return the sentence that a decision quotes, or None where it quotes none or the knowledge has changed since."""
    if decision.quoted is None or decision.knowledge != knowledge.version:
        return None
    return knowledge.passage(decision.quoted.source, decision.quoted.position)


def has_what_is_asked(question: str, passage: str) -> bool:
    """Return whether a sentence has a value of the kind that a question asks for, and that it does not name itself.

    « Quel est ... » asks for a value of any kind, so no sentence is known to have it.

    >>> has_what_is_asked("Quand le club a-t-il été fondé ?", "Le club a été fondé à Lyon.")
    False
    """
    asked = normalise(question)
    return next((has(question, passage) for words, has in _KINDS if words.search(asked)), True)


def _value(*kinds: str) -> Callable[[str, str], bool]:
    """Return what says whether a sentence has a value of one of these kinds that the question lacks."""

    def has(question: str, passage: str) -> bool:
        return any(kind in kinds for kind, _ in claims(passage).values - claims(question).values)

    return has


def _written(pattern: re.Pattern[str]) -> Callable[[str, str], bool]:
    """Return what says whether a sentence has a name that the question lacks."""

    def has(question: str, passage: str) -> bool:
        return any(fold(name) not in fold(question) for name in pattern.findall(passage))

    return has


def _date(question: str, passage: str) -> bool:
    return bool(_MONTH.search(fold(passage))) or _value("annee")(question, passage)


def _reason(question: str, passage: str) -> bool:
    return bool(_REASON.search(fold(passage)))


def _nothing(question: str, passage: str) -> bool:
    return False


#: What a question asks for, by its words (normalised), and what says whether a sentence has that. The first one counts.
_KINDS: tuple[tuple[re.Pattern[str], Callable[[str, str], bool]], ...] = (
    (re.compile(r"\b(?:quand|annee|date)\b|\bquel(?:le)? (?:jour|mois|epoque|heure)\b"), _date),
    (
        re.compile(r"\b(?:combien|nombre|pourcentage)\b|\bquel(?:le)? (?:part|proportion|montant|prix|duree|age)\b"),
        _value("nombre", "pourcentage"),
    ),
    (re.compile(r"\bpourquoi\b|\bquelles? raisons?\b"), _reason),
    (
        re.compile(
            r"^(?:\w+ )?qui\b|\b(?:par|a|de|pour|avec) qui\b|\bqui (?:est|a|sont|etait)\b|\bc est qui\b|"
            r"\bcomment s appel"
        ),
        _written(_NAME),
    ),
    (
        re.compile(
            r"^(?:\w+ )?ou\b|\bou (?:est|sont|se|s|a|la|le|l)\b|"
            r"\bquel(?:le)? (?:ville|pays|lieu|endroit|hotel|adresse)\b"
        ),
        _written(_PLACE),
    ),
    (re.compile(r"\bquel(?:le)?s? (?:est|sont|etai\w*|fu\w+)\b"), _nothing),
)
