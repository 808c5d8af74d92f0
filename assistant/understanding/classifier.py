"""The classifier: linear support vector machines for labels, for kinds of labels and for languages.

Two opinions are added up: which of some 150 labels a message is, and of which kind (a fact, something that the sources
do not say, distress, ...). The second sees all facts against all near-misses and so tells better whether a message is
answered at all: docs/adr/0004-understanding.md has what each brought.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.doubles import Doubles, TaughtDoubles
from assistant.understanding.features import Featurizer, LanguageFeaturizer
from assistant.understanding.machines import Machines, softmax
from assistant.understanding.normalise import mostly_latin, normalise
from assistant.understanding.stemming import stems

#: How much the margin of a label counts against the margin of its kind (1) before the softmax.
LABEL_WEIGHT = 4.0
#: How sharp the probabilities of languages are.
LANGUAGE_WEIGHT = 4.0
FRENCH = "fr"
#: Stands for every language that has no text of its own.
OTHER = "autre"
#: One word may be a name or a typing error.
_FEWEST_WORDS = 2
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


class Classifier:
    """Ranks the labels of a message, and tells its language.

    Attributes:
        labels: all labels, in the order of the scores.
        doubles: tells what asks two questions; None if no such message was learnt.
    """

    def __init__(
        self,
        featurizers: tuple[Featurizer, LanguageFeaturizer],
        of_labels: Machines,
        of_kinds: Machines,
        of_languages: Machines,
        doubles: Doubles | None = None,
    ) -> None:
        self.labels = of_labels.classes
        self.doubles = doubles
        self._featurizers = featurizers
        self._of_labels = of_labels
        self._of_kinds = of_kinds
        self._of_languages = of_languages
        self._kind_columns = [of_kinds.classes.index(kind_of(label)) for label in self.labels]

    @classmethod
    def train(cls, texts: Sequence[str], labels: Sequence[str], doubles: TaughtDoubles | None = None) -> "Classifier":
        """Learn from messages and their labels, one each, and from messages that ask two questions.

        Raises:
            ValueError: there are not two different labels, kinds and languages.
        """
        features, of_language = Featurizer().fit(texts), LanguageFeaturizer().fit(texts)
        return cls(
            (features, of_language),
            Machines.train(features, texts, labels),
            Machines.train(features, texts, [kind_of(label) for label in labels]),
            Machines.train(of_language, texts, [language_of(label) for label in labels]),
            Doubles.train(features, texts, labels, doubles) if doubles else None,
        )

    def scores(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the probability of each label for each message, shape (messages, labels); each row adds up to 1."""
        of_kinds = self._of_kinds.margins(texts)[:, self._kind_columns]
        return softmax(self._of_labels.margins(texts) * LABEL_WEIGHT + of_kinds)

    def rank(self, text: str, most: int) -> list[tuple[str, float]]:
        """Return the likeliest labels of a message with their probabilities, best first."""
        return self.best(self.scores([text])[0], most)

    def best(self, scores: NDArray[np.float32], most: int) -> list[tuple[str, float]]:
        """Return the likeliest labels of one row of scores, best first."""
        return [(self.labels[number], float(scores[number])) for number in np.argsort(-scores)[:most]]

    def language(self, text: str) -> tuple[str, float]:
        """Return the likeliest language of a message (two letters, or `autre`) and its probability."""
        scores = softmax(self._of_languages.margins([text]) * LANGUAGE_WEIGHT)[0]
        best = int(scores.argmax())
        language = self._of_languages.classes[best]
        if language == FRENCH and not mostly_latin(text):
            return OTHER, 1.0  # a script that was never learnt says nothing against French
        return language, float(scores[best])

    def gibberish(self, text: str) -> bool:
        """Return whether at least half of the words of a text are in nothing that was learnt: of two, both."""
        learnt = [self._featurizers[0].knows(stem) for stem in stems(normalise(text)).split()]
        return len(learnt) >= _FEWEST_WORDS and 2 * sum(learnt) <= len(learnt) - (len(learnt) == _FEWEST_WORDS)

    def save(self, folder: Path) -> None:
        """Write the model into a folder, without pickle."""
        for featurizer, name in zip(self._featurizers, ("features", "language_features"), strict=True):
            featurizer.save(folder, name)
        self._of_labels.save(folder, "labels")
        self._of_kinds.save(folder, "kinds")
        self._of_languages.save(folder, "languages")
        if self.doubles:
            self.doubles.save(folder)

    @classmethod
    def load(cls, folder: Path) -> "Classifier":
        """Read what `save` wrote."""
        features = Featurizer.load(folder, "features")
        of_language = LanguageFeaturizer.load(folder, "language_features")
        return cls(
            (features, of_language),
            Machines.load(features, folder, "labels"),
            Machines.load(features, folder, "kinds"),
            Machines.load(of_language, folder, "languages"),
            Doubles.load(features, folder) if Doubles.is_in(folder) else None,
        )
