"""From a message to a sparse vector: stems of words and their pairs, and the letters inside words."""

import json
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from math import log, sqrt
from pathlib import Path

import numpy as np
import snowballstemmer
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from assistant.understanding.normalise import normalise

_STEMMER = snowballstemmer.stemmer("french")


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    return str(_STEMMER.stemWord(word))


def stems(text: str) -> str:
    """Return a normalised text with each word cut to its French stem."""
    return " ".join(_stem(word) for word in text.split())


def _word_vectorizer() -> TfidfVectorizer:
    return TfidfVectorizer(
        preprocessor=stems, token_pattern=r"\S+", ngram_range=(1, 3), sublinear_tf=True, min_df=1, dtype=np.float32
    )


def _letter_vectorizer() -> TfidfVectorizer:
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2, dtype=np.float32)


class Featurizer:
    """TF-IDF of word stems (one to three) and of letters inside words (two to five), side by side."""

    def __init__(self) -> None:
        self._parts = (_word_vectorizer(), _letter_vectorizer())
        self._analysers = tuple(part.build_analyzer() for part in self._parts)

    def fit_transform(self, texts: Sequence[str]) -> csr_matrix:
        """Learn the vocabulary of some messages and return their vectors, shape (messages, features)."""
        clean = [normalise(text) for text in texts]
        for part in self._parts:
            part.fit(clean)
        return self._join(clean)

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Return the vectors of some messages, shape (messages, features)."""
        return self._join([normalise(text) for text in texts])

    def _join(self, clean: list[str]) -> csr_matrix:
        """Return what both vectorizers' `transform` would, side by side; for one message in a tenth of the time."""
        starts, columns, values = [0], list[int](), list[float]()
        for text in clean:
            offset = 0
            for part, analyse in zip(self._parts, self._analysers, strict=True):
                counts = Counter(number for term in analyse(text) if (number := part.vocabulary_.get(term)) is not None)
                weights = {number: (1 + log(count)) * part.idf_[number] for number, count in counts.items()}
                norm = sqrt(sum(weight * weight for weight in weights.values()))
                columns += [number + offset for number in weights]
                values += [weight / norm for weight in weights.values()]
                offset += len(part.vocabulary_)
            starts.append(len(columns))
        return csr_matrix((np.array(values, np.float32), columns, starts), (len(clean), offset))

    def save(self, folder: Path) -> None:
        """Write the vocabulary (JSON) and its weights (NumPy, no pickle) into a folder."""
        for name, part in zip(("words", "letters"), self._parts, strict=True):
            terms = sorted(part.vocabulary_, key=part.vocabulary_.__getitem__)
            (folder / f"{name}.json").write_text(json.dumps(terms, ensure_ascii=False), "utf-8")
            np.save(folder / f"{name}.npy", part.idf_, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> "Featurizer":
        """Read what `save` wrote."""
        featurizer = cls()
        for name, part in zip(("words", "letters"), featurizer._parts, strict=True):
            terms = json.loads((folder / f"{name}.json").read_text("utf-8"))
            part.vocabulary_ = {term: number for number, term in enumerate(terms)}
            part.idf_ = np.load(folder / f"{name}.npy", allow_pickle=False)
        return featurizer


