"""French words cut to their stems."""

from functools import lru_cache

import snowballstemmer

_STEMMER = snowballstemmer.stemmer("french")


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    return str(_STEMMER.stemWord(word))


def stems(text: str) -> str:
    """Return a normalised text with each word cut to its French stem."""
    return " ".join(_stem(word) for word in text.split())
