"""The classifier: one linear support vector machine per label, its margins read as probabilities."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, load_npz, save_npz
from sklearn.svm import LinearSVC

from assistant.understanding.features import Featurizer

#: How sharp the probabilities are: margins are multiplied by it before the softmax (docs/adr/0004-comprehension.md).
SHARPNESS = 4.0
#: Weights below this share of the largest are dropped: a third of the size, the same ranking.
SMALLEST_WEIGHT = 0.004


class Classifier:
    """Ranks the labels of a message.

    Attributes:
        labels: all labels, in the order of the scores.
    """

    def __init__(
        self, featurizer: Featurizer, labels: list[str], weights: csr_matrix, biases: NDArray[np.float32]
    ) -> None:
        self.labels = labels
        self._featurizer = featurizer
        self._weights = weights
        self._biases = biases

    @classmethod
    def train(cls, texts: Sequence[str], labels: Sequence[str]) -> "Classifier":
        """Learn from messages and their labels, one each.

        Raises:
            ValueError: there are not two different labels.
        """
        featurizer = Featurizer()
        vectors = featurizer.fit_transform(texts)
        machine = LinearSVC(C=1.0, dual=True, random_state=0).fit(vectors, labels)
        weights = machine.coef_.T.astype(np.float32)
        weights[np.abs(weights) < SMALLEST_WEIGHT * np.abs(weights).max()] = 0
        return cls(featurizer, list(machine.classes_), csr_matrix(weights), machine.intercept_.astype(np.float32))

    def margins(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the margin of each label for each message, shape (messages, labels)."""
        return np.asarray((self._featurizer.transform(texts) @ self._weights).todense() + self._biases)

    def scores(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the probability of each label for each message, shape (messages, labels); each row adds up to 1."""
        sharp = self.margins(texts) * SHARPNESS
        powers = np.exp(sharp - sharp.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))

    def rank(self, text: str, most: int) -> list[tuple[str, float]]:
        """Return the likeliest labels of a message with their probabilities, best first."""
        scores = self.scores([text])[0]
        return [(self.labels[number], float(scores[number])) for number in np.argsort(-scores)[:most]]

    def save(self, folder: Path) -> None:
        """Write the model into a folder, without pickle."""
        self._featurizer.save(folder)
        (folder / "labels.json").write_text(json.dumps(self.labels, ensure_ascii=False), "utf-8")
        save_npz(folder / "weights.npz", self._weights)
        np.save(folder / "biases.npy", self._biases, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> "Classifier":
        """Read what `save` wrote."""
        labels = json.loads((folder / "labels.json").read_text("utf-8"))
        biases = np.load(folder / "biases.npy", allow_pickle=False)
        return cls(Featurizer.load(folder), labels, load_npz(folder / "weights.npz"), biases)
