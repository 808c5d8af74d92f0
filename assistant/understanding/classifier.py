"""The classifier: linear support vector machines for labels, for kinds of labels and for languages.

Two opinions are added up: which of some 150 labels a message is, and of which kind (a fact, something that the sources
do not say, distress, ...). The second sees all facts against all near-misses and so tells better whether a message is
answered at all: docs/adr/0004-understanding.md has what each brought.
"""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, load_npz, save_npz
from sklearn.svm import LinearSVC

from assistant.understanding.features import Featurizer, LanguageFeaturizer, TextFeaturizer

#: How much the margin of a label counts against the margin of its kind (1) before the softmax.
LABEL_WEIGHT = 4.0
#: How sharp the probabilities of languages are.
LANGUAGE_WEIGHT = 4.0
#: Weights below this share of the largest are dropped: a third of the size, the same ranking.
SMALLEST_WEIGHT = 0.004

#: In how many parts the machines are trained: the same on each computer, so that the model is.
_PARTS = 4

FRENCH = "fr"
_KINDS = {"fait": "fait", "contact": "fait"}
_OWN_KIND = {"inconnu", "hors_sujet", "detresse", "autre_langue"}
_IN_A_LANGUAGE = {"detresse", "autre_langue"}


def kind_of(label: str) -> str:
    """Return the kind of a label: `fait`, `inconnu`, `hors_sujet`, `detresse`, `autre_langue` or `conversation`."""
    intent = label.split("/", maxsplit=1)[0]
    return intent if intent in _OWN_KIND else _KINDS.get(intent, "conversation")


def language_of(label: str) -> str:
    """Return the language that a label's messages are in: `fr` unless the label says another."""
    intent, _, key = label.partition("/")
    return key if intent in _IN_A_LANGUAGE else FRENCH


class _Machines:
    """One linear support vector machine per class, over the features of a text."""

    def __init__(
        self, featurizer: TextFeaturizer, classes: list[str], weights: csr_matrix, biases: NDArray[np.float32]
    ) -> None:
        self.classes = classes
        self._featurizer = featurizer
        self._weights = weights
        self._biases = biases

    @classmethod
    def train(cls, featurizer: TextFeaturizer, texts: Sequence[str], classes: Sequence[str]) -> "_Machines":
        found = sorted(set(classes))
        vectors = featurizer.transform(texts).astype(np.float64)
        vectors.sort_indices()  # as the threads would, on the same matrix
        parts = np.array_split(np.array(found), min(_PARTS, len(found)))
        with ThreadPoolExecutor() as pool:  # liblinear lets other threads work meanwhile
            trained = list(pool.map(partial(_train_part, vectors, np.array(classes)), parts))
        weights, biases = (np.hstack(side) for side in zip(*trained, strict=True))
        weights[np.abs(weights) < SMALLEST_WEIGHT * np.abs(weights).max()] = 0
        return cls(featurizer, found, csr_matrix(weights), biases)

    def margins(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the margin of each class for each text, shape (texts, classes)."""
        return np.asarray((self._featurizer.transform(texts) @ self._weights).todense() + self._biases)

    def save(self, folder: Path, name: str) -> None:
        (folder / f"{name}.json").write_text(json.dumps(self.classes, ensure_ascii=False), "utf-8")
        save_npz(folder / f"{name}.npz", self._weights)
        np.save(folder / f"{name}.npy", self._biases, allow_pickle=False)

    @classmethod
    def load(cls, featurizer: TextFeaturizer, folder: Path, name: str) -> "_Machines":
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


class Classifier:
    """Ranks the labels of a message, and tells its language.

    Attributes:
        labels: all labels, in the order of the scores.
    """

    def __init__(
        self,
        featurizers: tuple[TextFeaturizer, TextFeaturizer],
        of_labels: _Machines,
        of_kinds: _Machines,
        of_languages: _Machines,
    ) -> None:
        self.labels = of_labels.classes
        self._featurizers = featurizers
        self._of_labels = of_labels
        self._of_kinds = of_kinds
        self._of_languages = of_languages
        self._kind_columns = [of_kinds.classes.index(kind_of(label)) for label in self.labels]

    @classmethod
    def train(cls, texts: Sequence[str], labels: Sequence[str]) -> "Classifier":
        """Learn from messages and their labels, one each.

        Raises:
            ValueError: there are not two different labels, kinds and languages.
        """
        features, of_language = Featurizer().fit(texts), LanguageFeaturizer().fit(texts)
        return cls(
            (features, of_language),
            _Machines.train(features, texts, labels),
            _Machines.train(features, texts, [kind_of(label) for label in labels]),
            _Machines.train(of_language, texts, [language_of(label) for label in labels]),
        )

    def scores(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the probability of each label for each message, shape (messages, labels); each row adds up to 1."""
        of_kinds = self._of_kinds.margins(texts)[:, self._kind_columns]
        return _softmax(self._of_labels.margins(texts) * LABEL_WEIGHT + of_kinds)

    def rank(self, text: str, most: int) -> list[tuple[str, float]]:
        """Return the likeliest labels of a message with their probabilities, best first."""
        return self.best(self.scores([text])[0], most)

    def best(self, scores: NDArray[np.float32], most: int) -> list[tuple[str, float]]:
        """Return the likeliest labels of one row of scores, best first."""
        return [(self.labels[number], float(scores[number])) for number in np.argsort(-scores)[:most]]

    def language(self, text: str) -> tuple[str, float]:
        """Return the likeliest language of a message (two letters, or `autre`) and its probability."""
        scores = _softmax(self._of_languages.margins([text]) * LANGUAGE_WEIGHT)[0]
        best = int(scores.argmax())
        return self._of_languages.classes[best], float(scores[best])

    def save(self, folder: Path) -> None:
        """Write the model into a folder, without pickle."""
        for featurizer, name in zip(self._featurizers, ("features", "language_features"), strict=True):
            featurizer.save(folder, name)
        self._of_labels.save(folder, "labels")
        self._of_kinds.save(folder, "kinds")
        self._of_languages.save(folder, "languages")

    @classmethod
    def load(cls, folder: Path) -> "Classifier":
        """Read what `save` wrote."""
        features = Featurizer.load(folder, "features")
        of_language = LanguageFeaturizer.load(folder, "language_features")
        return cls(
            (features, of_language),
            _Machines.load(features, folder, "labels"),
            _Machines.load(features, folder, "kinds"),
            _Machines.load(of_language, folder, "languages"),
        )


def _softmax(margins: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(margins - margins.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
