"""Which questions of visitors may be shown to become training data: none that says something of a person."""

import re
from functools import lru_cache

from assistant.french import COUNTRIES, fold
from assistant.knowledge.base import Knowledge
from assistant.understanding.normalise import without_masks

#: Somebody speaks of themselves, or of people close to them.
_OWN = re.compile(
    r"\b(?:je m appelle|je suis (?:ne|nee|enceinte|malade|mariee?|seule?|sans|en|au|a)|j habite|je vis|nee? (?:le|en|a)"
    r"|j ai (?:\d+|un|une|deux)|agee? de"
    r"|m(?:on|a|es) (?:\w+ )?(?:nom|prenom|age|adresse|numero|telephone|mail|dossier|passeport|visa|avocate?|patronn?e?"
    r"|employeur|mari|femme|epoux|epouse|conjointe?|copine?|copain|ex|fils|fille|enfants?|bebe|frere|soeur|pere|mere|parents?"
    r"|famille|oncle|tante|cousine?|neveu|niece|amie?s?|voisine?s?|village|quartier|rue))\b"
)
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE = re.compile(r"[.?!:«(]\s*$")


def is_personal(text: str, known: frozenset[str]) -> bool:
    """Return whether a question has a mask, says something of whoever asks, or has a name that is not known.

    Args:
        text: the question, as the guard let it pass.
        known: words that are no private name, folded (`known_words`).
    """
    if without_masks(text) != text or _OWN.search(fold(text)) or re.search(r"\d{5}", text):
        return True
    words = list(_WORD.finditer(text))
    shouted = text.upper() == text
    inside = (word for word in words if word.start() and not _SENTENCE.search(text[: word.start()]))
    return not shouted and any(word[0][0].isupper() and fold(word[0]) not in known for word in inside)


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    return frozenset(word for name in COUNTRIES.values() for word in fold(name).split())


def known_words(knowledge: Knowledge) -> frozenset[str]:
    """Return the words that stand in the knowledge and in names of countries, folded."""
    names = [name for subject in knowledge.subjects.values() for name in subject.names]
    own = [quote for fact in knowledge.facts.values() for quote in (*fact.quotes, fact.question, fact.answer)]
    others = [*knowledge.other_names, *knowledge.places, *names, *own]
    return _countries() | {word for text in others for word in fold(text).split()}
