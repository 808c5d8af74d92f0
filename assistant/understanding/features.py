"""From a message to a sparse vector: stems of words in a row, the letters inside words, and how they sound."""

import json
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
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
        vectors = hstack([part.fit_transform(cleaned) for part in self._parts]).tocsr()
        self._last = (list(texts), vectors.astype(np.float32))
        return self

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Return the vectors of some messages, shape (messages, features).

        They are those of the vectorizers' own `transform`, computed for one message in a tenth of its time; the last
        ones are kept, since several machines look at the same message.
        """
        if self._last is None or self._last[0] != list(texts):
            self._last = (list(texts), self._vectors(texts))
        return self._last[1]

    def _vectors(self, texts: Sequence[str]) -> csr_matrix:
        width = sum(len(part.vocabulary_) for part in self._parts)
        starts, columns, values = [0], list[int](), list[NDArray[np.float32]]()
        for text in map(self.clean, texts):
            offset = 0
            for part, analyse in zip(self._parts, self._analysers, strict=True):
                known = (part.vocabulary_.get(term) for term in analyse(text))
                counts = Counter(number for number in known if number is not None)
                numbers = list(counts)
                weights = (1 + np.log(list(counts.values()))) * part.idf_[numbers]
                columns += [number + offset for number in numbers]
                values.append(weights / (np.linalg.norm(weights) or 1.0))
                offset += len(part.vocabulary_)
            starts.append(len(columns))
        return csr_matrix((np.concatenate(values).astype(np.float32), columns, starts), (len(starts) - 1, width))

    def save(self, folder: Path, name: str) -> None:
        """Write the vocabularies (JSON) and their weights (NumPy, no pickle) into a folder."""
        for number, part in enumerate(self._parts):
            terms = sorted(part.vocabulary_, key=part.vocabulary_.__getitem__)
            (folder / f"{name}-{number}.json").write_text(json.dumps(terms, ensure_ascii=False), "utf-8")
            np.save(folder / f"{name}-{number}.npy", part.idf_, allow_pickle=False)

    @classmethod
    def load(cls: type[_T], folder: Path, name: str) -> _T:
        """Read what `save` wrote."""
        featurizer = cls()
        for number, part in enumerate(featurizer._parts):
            terms = json.loads((folder / f"{name}-{number}.json").read_text("utf-8"))
            part.vocabulary_ = {term: position for position, term in enumerate(terms)}
            part.idf_ = np.load(folder / f"{name}-{number}.npy", allow_pickle=False)
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
