"""Linear support vector machines over the features of a text, one per class."""

import json
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, load_npz, save_npz, vstack
from sklearn.svm import LinearSVC

from assistant.understanding.features import TextFeaturizer

#: Weights below this share of the largest are dropped: a third of the size, the same ranking.
SMALLEST_WEIGHT = 0.004

#: The same where a text may be of several classes: their margins are compared with a border, not with each other.
SMALLEST_OF_EACH = 0.015

#: In how many parts the machines are trained: the same on each computer, so that the model is.
_PARTS = 4


class Machines:
    """One linear support vector machine per class, over the features of a text.

    Attributes:
        classes: the classes, in the order of the margins.
    """

    def __init__(
        self, featurizer: TextFeaturizer, classes: list[str], weights: csr_matrix, biases: NDArray[np.float32]
    ) -> None:
        self.classes = classes
        self._featurizer = featurizer
        self._weights = weights
        self._biases = biases

    @classmethod
    def train(cls, featurizer: TextFeaturizer, texts: Sequence[str], classes: Sequence[str]) -> "Machines":
        """Learn which one class each text is of."""
        found = sorted(set(classes))
        vectors = featurizer.transform(texts).astype(np.float64)
        vectors.sort_indices()  # as the threads would, on the same matrix
        parts = np.array_split(np.array(found), min(_PARTS, len(found)))
        with ThreadPoolExecutor() as pool:  # liblinear lets other threads work meanwhile
            trained = list(pool.map(partial(_train_part, vectors, np.array(classes)), parts))
        return cls._of(featurizer, found, trained, SMALLEST_WEIGHT)

    @classmethod
    def train_each(
        cls, featurizer: TextFeaturizer, texts: Sequence[str], of: Sequence[Collection[str]], more: Sequence[str] = ()
    ) -> "Machines":
        """Learn, for each class, which texts are of it: a text may be of several, or of none.

        Args:
            featurizer: what makes vectors; it has learnt the texts.
            texts: the texts that it has the vectors of.
            of: the classes of each text, those of `more` behind.
            more: further texts.
        """
        found = sorted(set().union(*of))
        learnt = [featurizer.transform(texts), *([featurizer.vectors(more)] if more else [])]
        vectors = vstack(learnt).tocsr().astype(np.float64)
        vectors.sort_indices()
        members = [np.array([name in classes for classes in of]) for name in found]
        with ThreadPoolExecutor() as pool:
            trained = list(pool.map(partial(_train_one, vectors), members))
        return cls._of(featurizer, found, trained, SMALLEST_OF_EACH)

    @classmethod
    def _of(
        cls,
        featurizer: TextFeaturizer,
        classes: list[str],
        trained: list[tuple[NDArray[np.float32], NDArray[np.float32]]],
        smallest: float,
    ) -> "Machines":
        weights, biases = (np.hstack(side) for side in zip(*trained, strict=True))
        weights[np.abs(weights) < smallest * np.abs(weights).max()] = 0
        return cls(featurizer, classes, csr_matrix(weights), biases)

    def margins(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the margin of each class for each text, shape (texts, classes)."""
        return np.asarray((self._featurizer.transform(texts) @ self._weights).todense() + self._biases)

    def save(self, folder: Path, name: str) -> None:
        """Write them into a folder, without pickle."""
        (folder / f"{name}.json").write_text(json.dumps(self.classes, ensure_ascii=False), "utf-8")
        save_npz(folder / f"{name}.npz", self._weights)
        np.save(folder / f"{name}.npy", self._biases, allow_pickle=False)

    @staticmethod
    def are_in(folder: Path, name: str) -> bool:
        """Return whether `save` wrote them into a folder."""
        return (folder / f"{name}.npz").is_file()

    @classmethod
    def load(cls, featurizer: TextFeaturizer, folder: Path, name: str) -> "Machines":
        """Read what `save` wrote."""
        classes = json.loads((folder / f"{name}.json").read_text("utf-8"))
        biases = np.load(folder / f"{name}.npy", allow_pickle=False)
        return cls(featurizer, classes, load_npz(folder / f"{name}.npz"), biases)


def _train_part(
    vectors: csr_matrix, classes: NDArray[np.str_], part: NDArray[np.str_]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the weights, shape (features, classes of the part), and biases of the machines of some classes."""
    others = "" if len(part) < len(set(classes)) else None
    mine = classes if others is None else np.where(np.isin(classes, part), classes, others)
    machine = LinearSVC(C=1.0, dual=True, random_state=0).fit(vectors, mine)
    weights, biases = machine.coef_.T.astype(np.float32), machine.intercept_.astype(np.float32)
    if len(machine.classes_) == 2:  # scikit-learn has one machine for two classes
        weights, biases = np.hstack([-weights, weights]), np.hstack([-biases, biases])
    kept = np.isin(machine.classes_, part)
    return weights[:, kept], biases[kept]


def _train_one(vectors: csr_matrix, members: NDArray[np.bool_]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the weights, shape (features, 1), and bias of the machine that tells members from others."""
    machine = LinearSVC(C=0.5, dual=True, random_state=0).fit(vectors, members)
    return machine.coef_.T.astype(np.float32), machine.intercept_.astype(np.float32)


def softmax(margins: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return probabilities of margins; each row adds up to 1."""
    powers = np.exp(margins - margins.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
