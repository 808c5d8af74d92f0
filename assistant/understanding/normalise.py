"""Making the spellings of one question alike: accents, elisions, phone spelling, acronyms, politeness."""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import yaml

from assistant.french import fold

_SPELLINGS = Path(__file__).with_name("spellings.yml")
_ACRONYM_DOTS = re.compile(r"\b(?:[a-zA-Z]\.){2,}[a-zA-Z]?\b\.?")
_POLITE_START = re.compile(
    r"^(?:(?:bonjour|bonsoir|salut|coucou|hello|hey|bjr|slt|bsr|salam|madame|monsieur|mesdames|messieurs|a tous|a vous|"
    r"excusez moi|pardon|svp|stp|s il vous plait|s il te plait|dites moi|dis moi|alors|euh|ok|et|mais|"
    r"merci(?! beaucoup| bien| infiniment| pour| de| a| d ))\s+)+"
)
_POLITE_END = re.compile(
    r"(?:\s+(?:merci(?: (?:de|pour|a) (?:votre|vos|ton|tes|vous) \w+)?|merci d avance|merci beaucoup|d avance|svp|stp|"
    r"s il vous plait|s il te plait|cordialement|please|bien a vous|bonne journee))+$"
)
#: What the guard puts in the place of personal data says nothing about the question.
_MASKED = re.compile(r"\((?:adresse masquée|numéro masqué)\)")
#: « c » stands for « c'est » unless the verb is there.
_C_EST = re.compile(r"\bc est (?=est\b|etait\b|etaient\b|ete\b)")


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    """Return spellings and what they stand for, folded."""
    content = yaml.safe_load(_SPELLINGS.read_text("utf-8"))
    return {fold(spelling): standard for standard, row in content.items() for spelling in row}


def standard_spelling(word: str) -> str:
    """Return what a folded word stands for, which may be several words.

    >>> standard_spelling("kan"), standard_spelling("ocam")
    ('quand', 'ocam')
    """
    return _spellings().get(word, word)


def mostly_latin(text: str) -> bool:
    """Return whether at least half of the letters of a message are Latin ones.

    >>> mostly_latin("Où est l'OIM ?"), mostly_latin("ОИМ это что (OIM)"), mostly_latin("???")
    (True, False, True)
    """
    letters = [letter for letter in text if letter.isalpha()]
    return 2 * sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters) >= len(letters)


def without_masks(text: str) -> str:
    """Return a message without what the guard put in the place of personal data."""
    return _MASKED.sub(" ", text)


def normalise(text: str) -> str:
    """Return a message in the one spelling that features are taken from.

    >>> normalise("Bonjour, c koi l'O.I.M. svp ?")
    'c est quoi l oim'
    """
    joined = _ACRONYM_DOTS.sub(lambda found: found[0].replace(".", "") + " ", without_masks(text))
    words = " ".join(standard_spelling(word) for word in fold(joined).split())
    words = _C_EST.sub("c ", words)
    bare = _POLITE_END.sub("", _POLITE_START.sub("", words + " ").strip())
    return bare or words
