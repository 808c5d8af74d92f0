"""A message that may hold two questions, cut in two: « Quand l'OCAM a-t-elle été créée, et par qui ? »."""

import re
from typing import NamedTuple

from assistant.french import fold
from assistant.understanding.followup import asked_by
from assistant.understanding.normalise import normalise

#: How many places a message may be cut at: longer ones tell a story, their last places count.
MOST_CUTS = 6
#: A half with fewer words asks nothing, unless it is a bare question word (« où ? »); behind a « ? » one less will do.
_FEWEST_WORDS = 3
#: A message of so few words is a list of key words: « ocam signification + secrétariat technique ».
_KEY_WORDS = 10
#: A half that is not worded as a question asks by a few words only: « le but du projet »; a longer one tells something.
_MOST_BARE_WORDS = 10

_LINK = r"(?:et|and|puis|pis|pi|é|&|\+|plus|ainsi que|mais (?:aussi|également)|de même que|sans oublier|tout comme)"
_ADDS = r"(?:\s+(?:aussi|puis|ensuite|sinon|alors|également|surtout|en plus|par ailleurs|au passage))?"
#: Where a second question may begin: behind a mark, or behind a word that adds something.
_CUT = re.compile(
    rf"\s*(?:[?!;/]+|\.(?=\s)|:(?=\s)|\s[-–]\s)\s*(?:{_LINK}{_ADDS}\b\s*,?|(?:ensuite|sinon|aussi)\b\s*,?)?"
    rf"|(?:\s*,)?\s+{_LINK}{_ADDS}(?=[\s,])|(?:\s*,)?\s+(?:ensuite|sinon)(?=[\s,])|,(?=\s)",
    re.IGNORECASE,
)
_ASKING = (
    r"(?:(?:à la demande de|de|par|pour|depuis|en|dans|à|avec)\s+)?"
    r"(?:quand|où|ou|qui|quoi|pourquoi|pk|comment|combien|kan|ki|(?:quel|kel)(?:le)?s?\s+\w+)"
)
#: « Quand et où l'OCAM a-t-elle été créée ? »: both question words ask about the same words.
_TWO_ASKED = re.compile(
    rf"^(?P<one>{_ASKING})\s*(?:,|\s{_LINK})\s*(?P<other>{_ASKING})\s+(?P<rest>.+\s.+)$", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"(?<=[.?!…])\s+")
#: What a story ends with before its first question.
_CLAUSE_END = re.compile(r"(?<=[.?!…;:])\s+")
#: What says the same question again, or asks for a confirmation of it, is no second one.
_RESTATES = re.compile(
    r"^(?:enfin|je veux dire|je voulais dire|c est a dire|ou plutot|plutot|autrement dit|bref|en fait|"
    r"(?:et )?(?:c est|est ce) (?:bien )?(?:ca|vrai|exact|juste|correct)|je me trompe|n est ce pas|non|pas vrai)\b"
)
_ASKS = re.compile(
    r"^(?:que|qu)\b|\b(?:quoi|qui|quand|quel|quelle|combien|comment|pourquoi|lequel|laquelle|lesquels|lesquelles|"
    r"est ce|"
    r"qu (?:est|a|ont|en)|"
    r"savoir|connaitre|expliquer|demander|indiquer|preciser|rappeler)\b"
)
#: Requests, in the folded text: what is read of a message leaves « dis-moi » out.
_REQUESTS = re.compile(r"\b(?:dis|dites|donne|donnez|explique|expliquez|montre|montrez)(?: le| la)? (?:moi|nous)\b")
#: Words that ask, as people write them (folded).
_QUESTION_WORDS = re.compile(
    r"\b(?:qui|ki|quoi|koi|quand|kan|ou|pourquoi|pk|combien|comment|quel(?:le)?s?|kel(?:le)?s?|est ce|qu|que)\b"
)
_WHERE = re.compile(r"\boù\b|^ou\b|-(?:t-)?(?:ils?|elles?|on|ce)\b", re.IGNORECASE)


class Cut(NamedTuple):
    """A way to cut a message in two.

    Attributes:
        one: the first half.
        other: the second half.
        weak: whether nothing but a comma parts them, which also parts the words of one question, or one of them is
            not worded as a question.
    """

    one: str
    other: str
    weak: bool


def halves(text: str) -> tuple[Cut, ...]:
    """Return the ways to cut a message into two questions; whether it holds two is for others to decide.

    >>> halves("Quand et où l'OCAM est-elle née ?")[0]
    Cut(one="Quand l'OCAM est-elle née ?", other="où l'OCAM est-elle née ?", weak=False)
    >>> halves("C'est quoi le SICA ? Et qui est M. Pisani ?")
    (Cut(one="C'est quoi le SICA ?", other='qui est M. Pisani ?', weak=False),)
    """
    found = []
    asked = _TWO_ASKED.match(text)
    if asked:
        found.append(Cut(f"{asked['one']} {asked['rest']}", f"{asked['other']} {asked['rest']}", weak=False))
    short = len(text.split()) <= _KEY_WORDS
    for cut in list(_CUT.finditer(text))[-MOST_CUTS:]:
        mark = "?" if "?" in cut[0] else ""
        first, second = f"{text[: cut.start()].strip()} {mark}".strip(), text[cut.end() :].strip(" ,")
        weak = cut[0] == ","
        fewest = _FEWEST_WORDS - (short and not weak)
        told = _CLAUSE_END.split(first)[-1]
        first = told if first != told and asks(told) and len(told.split()) >= _FEWEST_WORDS else first
        asking = _may_ask(first, fewest) and _may_ask(second, min(fewest, _FEWEST_WORDS - len(mark)))
        if fold(first) and fold(second) and not _RESTATES.match(fold(second)):
            found.append(Cut(first, second, weak or not asking))
    return tuple(found)


def _may_ask(half: str, fewest: int) -> bool:
    """Return whether a half is long enough to ask something and, not worded as a question, short enough."""
    words = len(fold(half).split())
    return asked_by(half) is not None or (words >= fewest and (asks(half) or words <= _MOST_BARE_WORDS))


def asks(text: str) -> bool:
    """Return whether a text is a question or a request, by its mark or its words.

    >>> asks("où se trouve l'OCAM"), asks("l'OCAM date de 1990")
    (True, False)
    """
    return text.endswith("?") or bool(
        _ASKS.search(normalise(text)) or _REQUESTS.search(fold(text)) or _WHERE.search(text)
    )


def question_words(text: str) -> int:
    """Return how many words of a text ask something.

    >>> question_words("Quand l'OCAM est-elle née, et où ?")
    2
    """
    return len(_QUESTION_WORDS.findall(fold(text)))


def last_sentence(text: str) -> str:
    """Return the last sentence of a text: of a story that ends with a question, that question."""
    return _SENTENCE_END.split(text)[-1]


_TRAILING_LINK = re.compile(
    rf"[\s,;:/&+?.!-]*(?:\s{_LINK}|\s(?:ensuite|sinon|aussi))?{_ADDS}[\s,;:/&+?.!-]*$", re.IGNORECASE
)


def without_link(text: str) -> str:
    """Return a first question without what joins it to the second.

    >>> without_link("Quand l'OCAM est-elle née, et"), without_link("OIM : date +"), without_link("Où ?")
    ("Quand l'OCAM est-elle née", 'OIM : date', 'Où')
    """
    return _TRAILING_LINK.sub("", text) or text


def middle(text: str) -> tuple[str, str]:
    """Return the first and the second half of the words of a text.

    >>> middle("ocam lieu qui a demandé")
    ('ocam lieu', 'qui a demandé')
    """
    words = text.split()
    return " ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])
