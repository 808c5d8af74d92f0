"""Which facts of today a new text touches: says again, says otherwise, or comes near to."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.french import COUNTRIES, fold, straight_apostrophes
from assistant.knowledge.base import Knowledge
from assistant.knowledge.loader import same_passage
from assistant.knowledge.records import Fact
from assistant.understanding.claims import Claims, claims
from assistant.understanding.mentions import MentionFinder
from assistant.understanding.normalise import normalise
from assistant.understanding.stemming import stems
from tools.add_source.signs import Signs, signs_of

#: How a text touches a fact, what asks most for an editor first.
How = Literal["autre valeur", "autre fonction", "redit", "à relire"]
HOWS: tuple[How, ...] = ("autre valeur", "autre fonction", "redit", "à relire")

#: What share of the words of an answer a sentence has that speaks of the same.
_SAME_WORDS = 0.5
#: A quote of fewer words, such as a menu's, stands in a text by chance.
_FEWEST_QUOTED_WORDS = 4
_FEWEST_LETTERS = 4
_COMMON = set("dans pour avec cette sont leur leurs plus aussi etre elle page ainsi entre comme depuis".split())
_KINDS = {"annee": "", "pourcentage": " %", "lieu": ""}
_RANK = re.compile(r"\b(\d+)(?:e|eme|er|ere) (\w+)")

Pair = tuple[str, str]
_Counted = frozenset[Pair]


@dataclass(frozen=True)
class Touched:
    """A fact that a sentence of a new text touches.

    Attributes:
        values: for another value, pairs of today's and the new text's, as they are shown.
    """

    fact: Fact
    how: How
    sentence: str
    values: tuple[Pair, ...] = ()


def touched(sentences: Sequence[str], knowledge: Knowledge, finder: MentionFinder) -> list[Touched]:
    """Return the facts that a text touches, each once, what asks most for an editor first."""
    read = [_Sentence(sentence, finder) for sentence in sentences]
    found = []
    for fact in (_Known(fact, knowledge, finder) for fact in knowledge.facts.values()):
        each = [one for sentence in read if (one := _touches(fact, sentence))]
        if each:
            found.append(min(each, key=lambda one: HOWS.index(one.how)))
    return sorted(found, key=lambda one: HOWS.index(one.how))


def names_no_longer_unknown(sentences: Sequence[str], knowledge: Knowledge, finder: MentionFinder) -> list[str]:
    """Return the names that no source spoke of before, and that a new text does."""
    keys = {mention.key for sentence in sentences for mention in finder.find(sentence).other_names}
    return [other.name for key, other in knowledge.other_names.items() if key in keys]


class _Sentence:
    """A sentence with what is compared."""

    def __init__(self, text: str, finder: MentionFinder) -> None:
        self.text = text
        self.subjects = {mention.key for mention in finder.find(text).subjects}
        self.claims = _claims(text, finder)
        self.ranks = _ranks(text)
        self.words = _words(text)
        self.passage = _comparable(text)
        self.signs = signs_of(text)


class _Known:
    """A fact of today with what is compared.

    Attributes:
        stated: what its answer claims.
        claims: what its answer, question and quotes claim: none of it is another value.
        words: the stems of its answer, those of its subject's names left out.
    """

    def __init__(self, fact: Fact, knowledge: Knowledge, finder: MentionFinder) -> None:
        subject = knowledge.subjects[fact.subject]
        self.fact = fact
        self.quotes = [_comparable(quote) for quote in fact.quotes if len(quote.split()) >= _FEWEST_QUOTED_WORDS]
        self.stated = _claims(fact.answer, finder)
        self.claims = _claims(" . ".join((fact.question, fact.answer, *fact.quotes)), finder)
        self.ranks = _ranks(fact.answer)
        self.words = _words(fact.answer) - _words(" ".join((subject.name, *subject.names)))
        self.signs = signs_of(fact.answer)


def _touches(known: _Known, sentence: _Sentence) -> Touched | None:
    """Return how a sentence touches a fact, if it does."""
    fact = known.fact
    if any(quote in sentence.passage for quote in known.quotes):
        return Touched(fact, "redit", sentence.text)
    if _other_role(known.signs, sentence.signs):
        return Touched(fact, "autre fonction", sentence.text)
    if fact.subject not in sentence.subjects:
        return None
    alike = bool(known.words) and len(known.words & sentence.words) / len(known.words) >= _SAME_WORDS
    values = tuple(_other_values(known, sentence, alike))
    if values:
        return Touched(fact, "autre valeur", sentence.text, values)
    if not alike:
        return None
    again = known.stated.values and known.stated.values <= sentence.claims.values
    return Touched(fact, "redit" if again else "à relire", sentence.text)


def _other_values(known: _Known, sentence: _Sentence, alike: bool) -> Iterator[Pair]:
    """Yield the values that a fact states and a sentence says otherwise: a number of the same things, a date, ..."""
    stated, said = known.stated, sentence.claims
    for today, new, unit in ((stated.counted, said.counted, ""), (known.ranks, sentence.ranks, "e")):
        same = {number for number, _ in today} & {number for number, _ in new}
        pairs = {(one, other) for one, thing in today for other, counted in new if counted == thing}
        yield from ((one + unit, other + unit) for one, other in sorted(pairs) if not {one, other} & same)
    for kind, unit in _KINDS.items() if alike else ():
        before = stated.of_kind(kind) - said.of_kind(kind)
        after = said.of_kind(kind) - known.claims.of_kind(kind)
        if before and after:
            yield _shown(before, unit), _shown(after, unit)


def _ranks(text: str) -> _Counted:
    """Return the ranks of a text, each with the stem of what it ranks: « 43ème réunion »."""
    return frozenset((rank, stems(thing)) for rank, thing in _RANK.findall(fold(text)))


def _other_role(today: Signs, new: Signs) -> bool:
    """Return whether a sentence gives a person of a fact another role."""
    persons = {name for name in today.names if " " in name} & set(new.names)
    before, after = set(map(_role, today.roles)), set(map(_role, new.roles))
    return bool(persons and before and after) and not before & after


def _role(role: str) -> str:
    return stems(fold(role))


def _claims(text: str, finder: MentionFinder) -> Claims:
    found = finder.find(text)
    return claims(text, {mention.key for mention in (*found.countries, *found.places)})


def _words(text: str) -> frozenset[str]:
    """Return the stems of the words that carry what a text says."""
    words = [word for word in normalise(text).split() if len(word) >= _FEWEST_LETTERS and word not in _COMMON]
    return frozenset(stems(" ".join(word for word in words if not word[0].isdecimal())).split())


def _comparable(text: str) -> str:
    return re.sub(r"[.\s]+$", "", same_passage(straight_apostrophes(text)).lower())


def _shown(values: set[str], unit: str) -> str:
    return ", ".join(COUNTRIES.get(value, value) + unit for value in sorted(values))
