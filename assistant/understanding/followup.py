"""Follow-ups, which name what they are about by a pronoun or not at all: « et quand ? », « et son budget ? »."""

import re
from collections.abc import Collection

from assistant.french import fold, of, with_article
from assistant.knowledge.records import Asked
from assistant.understanding.normalise import normalise

#: Words of a question (normalised) and what they ask for; two words first.
_ASKED: dict[str, Asked] = {
    "quand": "quand",
    "annee": "quand",
    "date": "quand",
    "ou": "ou",
    "endroit": "ou",
    "ville": "ou",
    "lieu": "ou",
    "qui": "qui",
    "pourquoi": "pourquoi",
    "raison": "pourquoi",
    "but": "pourquoi",
    "comment": "comment",
    "combien": "combien",
    "sigle": "sigle",
    "lesquels": "lesquels",
    "lesquelles": "lesquels",
    "quoi": "quoi",
}
#: Words that add nothing to a short question.
_EMPTY = set(
    "et alors donc sinon mais a au aux en de du d des depuis par pour avec dans le la les l un une ce c ca cela cet "
    "cette est etait sont t il elle ils elles on y s se passe passait passee etre ete eu quel lui leur "
    "exactement precisement justement svp que qu bien pays fut date".split()
)


def asked_by(text: str) -> Asked | None:
    """Return what a message asks for when it is nothing but a question word, else None.

    >>> asked_by("et depuis quand ?"), asked_by("C'est où ?"), asked_by("quand l'OCAM a-t-elle été créée ?")
    ('quand', 'ou', None)
    """
    words = normalise(text).split()
    asked = [word for word in words if word in _ASKED]
    if not asked or len(words) > 7 or any(word not in _EMPTY and word not in _ASKED for word in words):
        return None
    return _ASKED[asked[0]]


#: Words that take up what was said before, and phrases in which the same words do not.
_BACK = re.compile(
    r"^(?:et|mais|alors)\b|\b(?:ils?|elles?|son|sa|ses|leurs?|lui|celui|celle|ca|cela|la dessus|la dedans|a ce titre|"
    r"l (?:a|ont|avait))\b"
)
_NOT_BACK = re.compile(
    r"\b(?:y a t il|il y a|il faut|faut il|fait il|s il|ca va|ca marche|ca veut dire|c est quoi ca|"
    r"est il (?:vrai|possible)|comment ca)\b|^(?:et|mais|alors) (?:bonjour|merci|salut|bonsoir)\b"
)
_INVERTED = re.compile(r"-(?:t-)?(?:elles?|ils?)(?!\w)", re.IGNORECASE)
_PRONOUN = re.compile(r"(?<![\w'])(?:elles?|ils?)(?!\w)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?<![\w'])(?:son|sa|ses|leurs?)\s+([\w'-]+)", re.IGNORECASE)


def refers_back(text: str) -> bool:
    """Return whether a message takes up what was said before it.

    >>> refers_back("et son budget ?"), refers_back("Elle existe depuis quand ?"), refers_back("Il y a une ville ?")
    (True, True, False)
    """
    return bool(_BACK.search(_NOT_BACK.sub(" ", fold(text)).strip()))


def complete(text: str, article: str, name: str) -> str:
    """Return a follow-up with what it is about in the place of its pronoun, or behind it: the classifier can read that.

    >>> complete("Elle a combien de membres ?", "l'", "OIM")
    "l'OIM a combien de membres ?"
    """
    named, of_name = with_article(article, name), of(article, name)
    if _POSSESSIVE.search(text):
        return _POSSESSIVE.sub(lambda found: f"le {found[1]} {of_name}", text, count=1)
    bare = text.rstrip(" ?!.")
    if _INVERTED.search(bare):
        return f"{_INVERTED.sub('', bare, count=1)} {named} ?"
    if _PRONOUN.search(bare):
        return _PRONOUN.sub(named, text, count=1)
    return f"{bare} {of_name} ?"


#: A message of so few words that names no subject takes up the one before: « dans quel pays ? », « c pr ki ».
_SHORT = 6


def read_as(text: str, names_subject: bool, about: tuple[str, str] | None) -> str:
    """Return what the classifier reads of a message: a follow-up completed, anything else as it is.

    Args:
        text: the message.
        names_subject: whether it names a subject itself.
        about: what the conversation is about, as article and name, if it is about something.
    """
    follows = refers_back(text) or len(fold(text).split()) <= _SHORT
    return complete(text, *about) if about and not names_subject and follows else text


#: Words around a subject's name that ask nothing themselves: « non, je voulais dire », « et pour ».
_AROUND = set(
    "et mais alors donc sinon non nan pardon desole desolee oups erreur je j me voulais veux voudrais dire parle "
    "parlais pensais pense demande demandais pas plutot justement enfin euh pour a au aux de du d des la le les l "
    "celui celle ceux celles en ce cette c est etait sur dans chez cas question meme chose pareil aussi nn tout toute "
    "revenons revenir retour svp merci ok bon suis trompe trompee concerne ca il s agit agissait".split()
)


def names_only_a_subject(text: str, named: Collection[int]) -> bool:
    """Return whether a message says nothing but a subject's name: what was asked before is asked of it.

    Args:
        text: the message.
        named: the places, among its folded words, of those that are names of subjects.

    >>> names_only_a_subject("non, je parlais de l'OCAM", {5}), names_only_a_subject("où est l'OCAM ?", {3})
    (True, False)
    """
    others = _besides(text, named)
    return bool(others) and all(word in _AROUND for word in others)


def _besides(text: str, named: Collection[int]) -> list[str]:
    return [word for place, word in enumerate(fold(text).split()) if place not in named]


#: How a correction begins: « non, ... », « je parlais de ... », « pas l'OCAM, ... ».
_CORRECTS = re.compile(
    r"^(?:(?:ah|euh|mais|pardon) )*(?:non|nn|nan|pas|plutot|je (?:parle|parlais|voulais|pensais|veux))\b"
)


def corrects_subject(text: str) -> bool:
    """Return whether a message begins as the correction of what was understood before."""
    return bool(_CORRECTS.search(fold(text)))
