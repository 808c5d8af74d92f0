"""The classifier: linear support vector machines for labels, for kinds of labels and for languages.

Two opinions are added up: which of some 150 labels a message is, and of which kind (a fact, something that the sources
do not say, distress, ...). The second sees all facts against all near-misses and so tells better whether a message is
answered at all: docs/adr/0004-understanding.md has what each brought.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

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
#: The one class of messages that take for true what a fact puts right, or confirms.
_PREMISE = "premisse"
#: What the files of those machines are called.
_PREMISES = "premises"
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


class _Machines(NamedTuple):
    """What tells labels, their kinds and languages apart, and messages that take something for true from others."""

    labels: Machines
    kinds: Machines
    languages: Machines
    premises: Machines | None


class Classifier:
    """Ranks the labels of a message, and tells its language.

    Attributes:
        labels: all labels, in the order of the scores.
        doubles: tells what asks two questions; None if no such message was learnt.
    """

    def __init__(
        self,
        featurizers: tuple[Featurizer, LanguageFeaturizer],
        machines: _Machines,
        doubles: Doubles | None = None,
    ) -> None:
        self.labels = machines.labels.classes
        self.doubles = doubles
        self._featurizers = featurizers
        self._of = machines
        self._kind_columns = [machines.kinds.classes.index(kind_of(label)) for label in self.labels]

    @classmethod
    def train(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        doubles: TaughtDoubles | None = None,
        premises: Sequence[bool] = (),
    ) -> "Classifier":
        """Learn from messages.

        Args:
            texts: the messages.
            labels: their labels, one each.
            doubles: messages that ask two questions.
            premises: whether they take for true what a fact puts right, each; none does, if empty.

        Raises:
            ValueError: there are not two different labels, kinds and languages.
        """
        features, of_language = Featurizer().fit(texts), LanguageFeaturizer().fit(texts)
        classes = [[_PREMISE] if premise else [] for premise in premises]
        return cls(
            (features, of_language),
            _Machines(
                Machines.train(features, texts, labels),
                Machines.train(features, texts, [kind_of(label) for label in labels]),
                Machines.train(of_language, texts, [language_of(label) for label in labels]),
                Machines.train_each(features, texts, classes) if any(premises) else None,
            ),
            Doubles.train(features, texts, labels, doubles) if doubles else None,
        )

    def scores(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the probability of each label for each message, shape (messages, labels); each row adds up to 1."""
        of_kinds = self._of.kinds.margins(texts)[:, self._kind_columns]
        return softmax(self._of.labels.margins(texts) * LABEL_WEIGHT + of_kinds)

    def rank(self, text: str, most: int) -> list[tuple[str, float]]:
        """Return the likeliest labels of a message with their probabilities, best first."""
        return self.best(self.scores([text])[0], most)

    def best(self, scores: NDArray[np.float32], most: int) -> list[tuple[str, float]]:
        """Return the likeliest labels of one row of scores, best first."""
        return [(self.labels[number], float(scores[number])) for number in np.argsort(-scores)[:most]]

    def language(self, text: str) -> tuple[str, float]:
        """Return the likeliest language of a message (two letters, or `autre`) and its probability."""
        scores = softmax(self._of.languages.margins([text]) * LANGUAGE_WEIGHT)[0]
        best = int(scores.argmax())
        language = self._of.languages.classes[best]
        if language == FRENCH and not mostly_latin(text):
            return OTHER, 1.0  # a script that was never learnt says nothing against French
        return language, float(scores[best])

    def premise(self, text: str) -> float:
        """Return by which margin a message takes for true what a fact puts right, or confirms; -1 if none was learnt.

        « Pourquoi l'OCAM a-t-elle été créée au Guatemala ? »
        """
        return float(self._of.premises.margins([text])[0, 0]) if self._of.premises else -1.0

    def gibberish(self, text: str) -> bool:
        """Return whether at least half of the words of a text are in nothing that was learnt: of two, both."""
        learnt = [self._featurizers[0].knows(stem) for stem in stems(normalise(text)).split()]
        return len(learnt) >= _FEWEST_WORDS and 2 * sum(learnt) <= len(learnt) - (len(learnt) == _FEWEST_WORDS)

    def save(self, folder: Path) -> None:
        """Write the model into a folder, without pickle."""
        for featurizer, name in zip(self._featurizers, ("features", "language_features"), strict=True):
            featurizer.save(folder, name)
        self._of.labels.save(folder, "labels")
        self._of.kinds.save(folder, "kinds")
        self._of.languages.save(folder, "languages")
        if self._of.premises:
            self._of.premises.save(folder, _PREMISES)
        if self.doubles:
            self.doubles.save(folder)

    @classmethod
    def load(cls, folder: Path) -> "Classifier":
        """Read what `save` wrote."""
        features = Featurizer.load(folder, "features")
        of_language = LanguageFeaturizer.load(folder, "language_features")
        return cls(
            (features, of_language),
            _Machines(
                Machines.load(features, folder, "labels"),
                Machines.load(features, folder, "kinds"),
                Machines.load(of_language, folder, "languages"),
                Machines.load(features, folder, _PREMISES) if Machines.are_in(folder, _PREMISES) else None,
            ),
            Doubles.load(features, folder) if Doubles.is_in(folder) else None,
        )
