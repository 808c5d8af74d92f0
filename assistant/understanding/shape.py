"""The shape of a message: its small words and its marks, with what it is about left out.

« Que veut dire OIM, et qui dirige l'OCAM ? » and « Que veut dire SICA, et qui préside la réunion ? » have the same one.
"""

import re
from functools import lru_cache
from pathlib import Path

import yaml
from sklearn.feature_extraction.text import TfidfVectorizer

from assistant.french import fold, straight_apostrophes
from assistant.understanding.features import TextFeaturizer
from assistant.understanding.normalise import standard_spelling, without_masks

_FUNCTION_WORDS = Path(__file__).with_name("function_words.yml")
_TOKEN = re.compile(r"\w+|[?!.,;:+/&()=-]")
#: « ou » leaves a choice, « où » asks for a place: the one word that keeps its accent.
_WHERE = "où"
#: What stands for a word that is no small one, and for a number. What is there twice in a row is there once.
_WORDS, _NUMBER = "x", "0"


@lru_cache(maxsize=1)
def _function_words() -> frozenset[str]:
    content = yaml.safe_load(_FUNCTION_WORDS.read_text("utf-8"))
    return frozenset(word for words in content.values() for word in words.split())


def shape(text: str) -> str:
    """Return the shape of a message, its parts between spaces.

    >>> shape("C'est quoi l'OCAM ? Et l'OIM, elle date de 1951 ?")
    '^ c est quoi l x ? et l x , elle date de 0 ? $'
    """
    parts = ["^"]
    for token in _TOKEN.findall(straight_apostrophes(without_masks(text)).lower()):
        words = [token] if token == _WHERE or not token[0].isalnum() else standard_spelling(fold(token)).split()
        for word in words:
            part = word if word in _function_words() or not word[0].isalnum() else _WORDS
            part = _NUMBER if word[0].isdigit() else part
            if part != parts[-1]:
                parts.append(part)
    return " ".join([*parts, "$"])


class ShapeFeaturizer(TextFeaturizer):
    """TF-IDF vectors of the parts of a shape, alone, two and three in a row."""

    @staticmethod
    def _vectorizers() -> list[TfidfVectorizer]:
        return [TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, 3), sublinear_tf=True, min_df=2)]

    @staticmethod
    def clean(text: str) -> str:
        """Return the shape of a message."""
        return shape(text)
