"""Follow-ups that name nothing: « et quand ? », « pourquoi ? », « et leur mail ? »."""

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
    "quoi": "quoi",
}
#: Words that add nothing to a short question.
_EMPTY = set(
    "et alors donc sinon mais a au aux en de du d des depuis par pour avec dans le la les l un une ce c ca cela cet "
    "cette est etait sont a t il elle ils elles on y s se passe passait passee fait etre ete eu quel lui leur "
    "exactement precisement justement en fait svp dit que qu bien pays fut date".split()
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
