"""From a message to a sparse vector: stems of words in a row, the letters inside words, and how they sound."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from marisa_trie import Trie
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from assistant.french import fold
from assistant.understanding.normalise import normalise, without_masks
from assistant.understanding.phonetics import sounds
from assistant.understanding.stemming import stems

_T = TypeVar("_T", bound="TextFeaturizer")


class TextFeaturizer(ABC):
    """TF-IDF vectors of several kinds of terms, side by side, each kind of length 1."""

    def __init__(self) -> None:
        self._parts = self._vectorizers()
        self._analysers = [part.build_analyzer() for part in self._parts]
        # The terms of each part, numbered, and their inverse document frequencies. A trie holds them in a twentieth of
        # the memory that a dictionary takes.
        self._terms: list[Trie] = []
        self._frequencies: list[NDArray[np.float32]] = []
        self._last: tuple[list[str], csr_matrix] | None = None

    @staticmethod
    @abstractmethod
    def _vectorizers() -> list[TfidfVectorizer]:
        """Return the vectorizers, not yet fitted."""

    @staticmethod
    @abstractmethod
    def clean(text: str) -> str:
        """Return a message in the spelling that its features are taken from."""

    def fit(self: _T, texts: Sequence[str]) -> _T:
        """Learn the vocabulary of some messages; their vectors are kept, since they are wanted next."""
        cleaned = [self.clean(text) for text in texts]
        self._terms, self._frequencies, vectors = [], [], []
        for part in self._parts:
            learnt = part.fit_transform(cleaned)
            terms = Trie(part.vocabulary_)
            columns = [part.vocabulary_[terms.restore_key(number)] for number in range(len(terms))]
            self._terms.append(terms)
            self._frequencies.append(part.idf_[columns])
            vectors.append(learnt[:, columns])
        self._last = (list(texts), hstack(vectors).tocsr().astype(np.float32))
        return self

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Return the vectors of some messages, shape (messages, features).

        They are those of the vectorizers' own `transform`, computed for one message in a tenth of its time; the last
        ones are kept, since several machines look at the same message.
        """
        last = self._last
        if last is None or last[0] != list(texts):
            self._last = last = (list(texts), self.vectors(texts))
        return last[1]

    def vectors(self, texts: Sequence[str]) -> csr_matrix:
        """Return the vectors of some messages as `transform` does, which keeps the last ones; here, they stay."""
        width = sum(map(len, self._terms))
        starts, columns, values = [0], list[int](), list[NDArray[np.float32]]()
        for text in map(self.clean, texts):
            offset = 0
            for analyse, terms, frequencies in zip(self._analysers, self._terms, self._frequencies, strict=True):
                known = map(terms.get, analyse(text))
                counts = Counter(number for number in known if number is not None)
                numbers = list(counts)
                weights = (1 + np.log(list(counts.values()))) * frequencies[numbers]
                columns += [number + offset for number in numbers]
                values.append(weights / (np.linalg.norm(weights) or 1.0))
                offset += len(terms)
            starts.append(len(columns))
        return csr_matrix((np.concatenate(values).astype(np.float32), columns, starts), (len(starts) - 1, width))

    def save(self, folder: Path, name: str) -> None:
        """Write the terms (tries) and their frequencies (NumPy, no pickle) into a folder."""
        for number, (terms, frequencies) in enumerate(zip(self._terms, self._frequencies, strict=True)):
            terms.save(str(folder / f"{name}-{number}.marisa"))
            np.save(folder / f"{name}-{number}.npy", frequencies, allow_pickle=False)

    @classmethod
    def load(cls: type[_T], folder: Path, name: str) -> _T:
        """Read what `save` wrote."""
        featurizer = cls()
        for number in range(len(featurizer._parts)):
            featurizer._terms.append(Trie().load(str(folder / f"{name}-{number}.marisa")))
            featurizer._frequencies.append(np.load(folder / f"{name}-{number}.npy", allow_pickle=False))
        return featurizer


class Featurizer(TextFeaturizer):
    """What a message says: stems of words (one to three in a row), letters inside words (two to five), and sounds."""

    @staticmethod
    def _vectorizers() -> list[TfidfVectorizer]:
        words = TfidfVectorizer(
            preprocessor=stems, token_pattern=r"\S+", ngram_range=(1, 3), sublinear_tf=True, dtype=np.float32
        )
        letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2, dtype=np.float32)
        heard = TfidfVectorizer(
            preprocessor=sounds, analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, min_df=2, dtype=np.float32
        )
        return [words, letters, heard]

    @staticmethod
    def clean(text: str) -> str:
        """Return a message in one spelling."""
        return normalise(text)

    def knows(self, stem: str) -> bool:
        """Return whether a stem is of a word of the messages that were learnt."""
        return stem in self._terms[0]


class LanguageFeaturizer(TextFeaturizer):
    """In which language a message is: letters inside words (one to four) and whole words, accents kept."""

    @staticmethod
    def _vectorizers() -> list[TfidfVectorizer]:
        letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True, min_df=2, dtype=np.float32)
        words = TfidfVectorizer(token_pattern=r"\S+", sublinear_tf=True, min_df=2, dtype=np.float32)
        return [letters, words]

    @staticmethod
    def clean(text: str) -> str:
        """Return a message in lower case, followed by its letters without accents when it has any."""
        lower = " ".join(without_masks(text).lower().split())
        bare = fold(lower)
        return lower if bare == lower else f"{lower} {bare}"
