"""What a text claims: years, percentages, ordinals, numbers of things and places; and whether a fact says otherwise."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.french import fold
from assistant.understanding.normalise import normalise
from assistant.understanding.stemming import stems

_UNITS = "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split()
#: « un » and « une » are articles far more often than numbers.
_NUMBER_WORDS = {word: str(number) for number, word in enumerate(_UNITS) if number > 1} | {
    "vingt": "20",
    "trente": "30",
    "quarante": "40",
    "cinquante": "50",
    "soixante": "60",
    "cent": "100",
}
_YEAR = re.compile(r"1[89]\d\d|20\d\d")
_ORDINAL = re.compile(r"(\d+)(?:e|eme|er|ere)")
#: How many words behind a number may say what it counts: « trois directrices générales adjointes ».
_COUNTED = 3
#: Stems of words that nobody counts.
_NO_THINGS = set("de d des du la le les l en par pour dan et a qui que ne pas est sont".split())
_PER_CENT = re.compile(r"%|\bpour[ -]cent\b", re.IGNORECASE)

#: Tags that ask for a confirmation; a « pas » in them denies nothing.
_TAG = re.compile(
    r"\b(?:n est ce pas|est ce pas|pas vrai|(?:vrai|ca|juste|exact) ou (?:pas?|non)|si je ne me trompe(?: pas)?|"
    r"je (?:ne )?me trompe(?: pas)?|ou pas?)\b"
)
_DENIES = re.compile(r"\b(?:pas|jamais|aucune?)\b")
#: A question for the value itself takes none for true, nor does one that leaves the choice: « une ONG ou un État ? ».
_ASKS_FOR_VALUE = re.compile(r"\b(?:quand|combien|quel|quelle|ou)\b")
#: Who asks what something is takes it for nothing, nor does who leaves the choice.
_ASKS_WHAT = re.compile(r"\b(?:quoi|qu est|que (?:veut|veulent) dire|signifi\w*|definition|ou)\b")
#: What people say of themselves claims nothing: « Je suis dans une ONG, que fait l'OIM ? ».
_PARTS = re.compile(r"[,.;:!?\n]+|\s(?:et|mais)\s")
_OF_ONESELF = re.compile(
    r"\b(?:je|j|nous) (?:suis|sommes|travaille|travaillons|viens|venons|fais|faisons|etudie|habite|vis|represente|"
    r"bosse|dirige|preside|prepare)\b"
    r"(?! (?:sure?|certaine?|d accord|surprise?|etonnee?|choquee?|persuadee?|convaincue?|tombee?)\b)|"
    r"\b(?:dans|pour) (?:mon|ma|notre)\b"
)
#: How one says something and asks whether it is so (folded).
_CONFIRMS = re.compile(
    rf"{_TAG.pattern}|\b(?:(?:c|ce|est|cest|faut|fo|doi[st]|peu[tx]?) bien|si (?:j ai|je ne) |j imagine|"
    r"je (?:crois|pense|suppose)|il parait|on m a dit|donc|puisque|vu que)\b|"
    r"\b(?:non|nn|hein|ok|d accord|exact|correct|vrai)$"
)
_ASKS_WHOM_OR_HOW = re.compile(r"\b(?:qui|quel|comment|ou)\b")


@dataclass(frozen=True)
class Claims:
    """The values that a text states, and what its numbers count.

    Attributes:
        values: pairs of a kind (`annee`, `pourcentage`, `rang`, `nombre`, `lieu`) and a value.
        counted: for each number, the stems of the words behind it.
    """

    values: frozenset[tuple[str, str]]
    counted: frozenset[tuple[str, str]]

    def of_kind(self, kind: str) -> set[str]:
        """Return the values of a kind."""
        return {value for of, value in self.values if of == kind}


def claims(text: str, places: Iterable[str] = ()) -> Claims:
    """Return what a text claims.

    Args:
        text: a message or a fact's text.
        places: the places that it names, as keys that are compared.
    """
    words = normalise(_PER_CENT.sub(" pourcent ", text)).split()
    values = {("lieu", place) for place in places}
    counted = set()
    for position, word in enumerate(words):
        number = word if word.isdecimal() else _NUMBER_WORDS.get(word)
        behind = words[position + 1 : position + 1 + _COUNTED]
        ordinal = _ORDINAL.fullmatch(word)
        if ordinal:
            values.add(("rang", ordinal[1]))
        elif number and behind[:1] == ["pourcent"]:
            values.add(("pourcentage", number))
        elif number and _YEAR.fullmatch(number):
            values.add(("annee", number))
        elif number:
            values.add(("nombre", number))
            counted |= {(number, stem) for stem in stems(" ".join(behind)).split() if stem not in _NO_THINGS}
    return Claims(frozenset(values), frozenset(counted))


def without_oneself(text: str) -> str:
    """Return a message without the parts in which its writer says who they are.

    >>> without_oneself("Je suis président d'une ONG, que fait l'OIM ?")
    "que fait l'OIM"
    """
    return " ".join(not_of_oneself(text)).strip()


def not_of_oneself(text: str) -> list[str]:
    """Return the parts of a message in which its writer does not say who they are."""
    return [part.strip() for part in _PARTS.split(text) if not _OF_ONESELF.search(fold(part))]


def denies(text: str) -> bool:
    """Return whether a message denies something; a tag does not.

    >>> denies("Pourquoi n'y a-t-il pas de contact en France ?"), denies("C'est à Paris, pas vrai ?")
    (True, False)
    """
    return bool(_DENIES.search(_without_tags(text)))


def _without_tags(text: str) -> str:
    return _TAG.sub(" ", fold(text))


def takes_value_for_true(text: str) -> bool:
    """Return whether a message may take a value for true: it neither denies one nor asks for it.

    >>> takes_value_for_true("L'OCAM date de 1999, n'est-ce pas ?"), takes_value_for_true("En quelle année, 1999 ?")
    (True, False)
    """
    return not denies(text) and not _ASKS_FOR_VALUE.search(normalise(_without_tags(text)))


def takes_word_for_true(text: str) -> bool:
    """Return whether a message may take what a word says for true: it neither denies it nor asks what something is.

    >>> takes_word_for_true("Quand cette ONG est-elle née ?"), takes_word_for_true("Pour mon ONG : l'OIM, c'est quoi ?")
    (True, False)
    """
    return not denies(text) and not _ASKS_WHAT.search(normalise(_without_tags(text)))


def asks_to_confirm(text: str) -> bool:
    """Return whether a message says something and asks whether it is so, instead of asking for it.

    >>> asks_to_confirm("J'écris à Mexico, c'est bien ça ?"), asks_to_confirm("À qui écrire à Mexico ?")
    (True, False)
    """
    return bool(_CONFIRMS.search(fold(text))) and not _ASKS_WHOM_OR_HOW.search(normalise(_without_tags(text)))


def contradict(said: Claims, stated: Claims, known: Claims) -> bool:
    """Return whether a message claims a value where a fact states another of the same kind.

    Args:
        said: what the message claims.
        stated: what the fact's answer states.
        known: what the fact's answer and quotes state: none of it is denied.
    """
    for kind in {kind for kind, _ in said.values}:
        otherwise = stated.of_kind(kind) and not said.of_kind(kind) & known.of_kind(kind)
        if otherwise and (kind != "nombre" or _same_things(said, stated)):
            return True
    return False


def _same_things(said: Claims, stated: Claims) -> bool:
    """Return whether the numbers of both count the same: « 193 États membres » and « 175 États membres »."""
    return bool({stem for _, stem in said.counted} & {stem for _, stem in stated.counted})
