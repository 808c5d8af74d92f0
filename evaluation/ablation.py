"""`python -m evaluation.ablation`: what each part of the understanding brings, measured side by side.

Each variant is trained on the same data and ranks the same questions. Its figure is the share of questions of the page
that get the right fact at the threshold where a fixed share of near-domain questions gets a fact: variants with scores
of different sharpness compare fairly that way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupShuffleSplit
from sklearn.naive_bayes import ComplementNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import LinearSVC

from assistant.french import fold
from assistant.knowledge.loader import load_knowledge
from assistant.names import CONTACT
from assistant.settings import Settings
from assistant.understanding.classifier import LABEL_WEIGHT, kind_of
from assistant.understanding.normalise import normalise
from assistant.understanding.phonetics import sounds
from assistant.understanding.stemming import stems
from evaluation.questions import HALVES, read_questions
from evaluation.taught import training_data

#: The shares of near-domain questions that get a fact, at which the right ones are counted.
NEAR = (0.05, 0.10)

Vectors = NDArray[np.float64]
#: Learns from texts and labels; returns the labels, and a function from texts to their scores.
Variant = Callable[[list[str], list[str]], tuple[list[str], Callable[[list[str]], Vectors]]]


@dataclass(frozen=True)
class Features:
    """Which terms are counted, in which spelling."""

    words: bool = True
    letters: bool = True
    heard: bool = True
    stemmed: bool = True
    clean: Callable[[str], str] = normalise

    def fit(self, texts: Sequence[str]) -> Callable[[Sequence[str]], csr_matrix]:
        """Learn the vocabulary and return what makes vectors."""
        parts = []
        if self.words:
            before = stems if self.stemmed else str
            parts.append(
                TfidfVectorizer(preprocessor=before, token_pattern=r"\S+", ngram_range=(1, 3), sublinear_tf=True)
            )
        if self.letters:
            parts.append(_letters((2, 5)))
        if self.heard:
            parts.append(
                TfidfVectorizer(
                    preprocessor=sounds, analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, min_df=2
                )
            )
        cleaned = [self.clean(text) for text in texts]
        for part in parts:
            part.fit(cleaned)
        return lambda asked: hstack([part.transform([self.clean(text) for text in asked]) for part in parts]).tocsr()


def _letters(lengths: tuple[int, int], before: Callable[[str], str] = str) -> TfidfVectorizer:
    return TfidfVectorizer(preprocessor=before, analyzer="char_wb", ngram_range=lengths, sublinear_tf=True, min_df=2)


def machine(features: Features, kinds: bool = True, near_misses: bool = True, c: float = 1.0) -> Variant:
    """Return the linear machines of the assistant, with or without the kinds and the near-miss classes."""

    def train(texts: list[str], labels: list[str]) -> tuple[list[str], Callable[[list[str]], Vectors]]:
        merged = labels if near_misses else ["hors_sujet" if kind_of(x) == "inconnu" else x for x in labels]
        vectors = features.fit(texts)
        learnt = vectors(texts)
        of_labels = LinearSVC(C=c, random_state=0).fit(learnt, merged)
        found = list(of_labels.classes_)
        if not kinds:
            return found, lambda asked: _softmax(of_labels.decision_function(vectors(asked)) * LABEL_WEIGHT)
        of_kinds = LinearSVC(C=c, random_state=0).fit(learnt, [kind_of(label) for label in merged])
        columns = [list(of_kinds.classes_).index(kind_of(label)) for label in found]

        def scores(asked: list[str]) -> Vectors:
            seen = vectors(asked)
            return _softmax(
                of_labels.decision_function(seen) * LABEL_WEIGHT + of_kinds.decision_function(seen)[:, columns]
            )

        return found, scores

    return train


def probabilities(estimator: LogisticRegression | ComplementNB | KNeighborsClassifier) -> Variant:
    """Return a classifier of scikit-learn that gives probabilities, on the assistant's features."""

    def train(texts: list[str], labels: list[str]) -> tuple[list[str], Callable[[list[str]], Vectors]]:
        vectors = Features().fit(texts)
        fitted = clone(estimator).fit(vectors(texts), labels)  # it is trained more than once
        return list(fitted.classes_), lambda asked: np.asarray(fitted.predict_proba(vectors(asked)))

    return train


VARIANTS: dict[str, Variant] = {
    "the assistant: words, letters, sounds, kinds": machine(Features()),
    "without the machines for kinds": machine(Features(), kinds=False),
    "without near-miss classes (one off-topic class)": machine(Features(), near_misses=False),
    "without sounds": machine(Features(heard=False)),
    "words only": machine(Features(letters=False, heard=False)),
    "letters only": machine(Features(words=False, heard=False)),
    "words not stemmed": machine(Features(stemmed=False)),
    "accents folded only, no spellings": machine(Features(clean=fold)),
    "C = 0.3": machine(Features(), c=0.3),
    "C = 3": machine(Features(), c=3.0),
    "naive Bayes (complement)": probabilities(ComplementNB(alpha=0.1)),
    "15 nearest neighbours": probabilities(KNeighborsClassifier(15, weights="distance", metric="cosine")),
}


def main() -> None:
    """Train each variant twice, without the held-out questions and with them, and print its line."""
    texts, labels = training_data()
    learnt, held = _held_out(texts)
    sets = [_held_out_set([texts[place] for place in held], [labels[place] for place in held])]
    sets += [_evaluation_set(half) for half in HALVES]
    print(f"{len(texts)} questions, {len(set(labels))} labels; held out / dev / sealed")
    shares = "".join(f"{f'right at {near:.0%} near':>26}" for near in NEAR)
    print(f"{'':<50}{'best fact right':>26}{shares}")
    for name, variant in VARIANTS.items():
        crossed = variant([texts[place] for place in learnt], [labels[place] for place in learnt])
        whole = variant(texts, labels)
        cells = [_cells(*trained, one) for trained, one in zip((crossed, whole, whole), sets, strict=True)]
        columns = (" /".join(f"{cell:>7.1%}" for cell in column) for column in zip(*cells, strict=True))
        print(f"{name:<50}{''.join(f'{column:>26}' for column in columns)}", flush=True)


def _held_out(texts: list[str]) -> tuple[list[int], list[int]]:
    """Return the places of four fifths of the questions, and of the rest; variants of one question stay together.

    Variants have the same words, whatever their order, endings, accents and spelling.
    """
    groups = [" ".join(sorted(set(stems(normalise(text)).split()))) for text in texts]
    (split,) = GroupShuffleSplit(n_splits=1, test_size=0.2, random_state=0).split(texts, groups=groups)
    return split[0].tolist(), split[1].tolist()


@dataclass(frozen=True)
class Asked:
    """Questions of the page with the facts that they accept, and near-domain questions."""

    questions: list[str]
    accepted: list[tuple[str, ...]]
    near: list[str]


def _held_out_set(texts: list[str], labels: list[str]) -> Asked:
    pairs = [(text, label) for text, label in zip(texts, labels, strict=True) if kind_of(label) == "fait"]
    near = [text for text, label in zip(texts, labels, strict=True) if kind_of(label) == "inconnu"]
    return Asked([text for text, _ in pairs], [(_fact(label),) for _, label in pairs], near)


def _evaluation_set(half: str) -> Asked:
    knowledge = load_knowledge(Settings.read().knowledge)
    asked = [question for (question,) in read_questions(knowledge, half, ("faits",))]
    near = [question.text for (question,) in read_questions(knowledge, half, ("voisins",))]
    return Asked([question.text for question in asked], [tuple(question.facts) for question in asked], near)


def _cells(found: list[str], scores: Callable[[list[str]], Vectors], asked: Asked) -> list[float]:
    best, sure = _best_fact(found, scores(asked.questions))
    right = np.array([_fact(label) in facts for label, facts in zip(best, asked.accepted, strict=True)])
    _, near_sure = _best_fact(found, scores(asked.near))
    return [float(right.mean())] + [
        float((right & (sure > np.quantile(near_sure, 1 - share))).mean()) for share in NEAR
    ]


def _fact(label: str) -> str:
    return label if label == CONTACT else label.partition("/")[2]


def _best_fact(found: list[str], scores: Vectors) -> tuple[list[str], Vectors]:
    """Return the best fact of each question, and its share of what facts and refusals get."""
    facts = np.array([kind_of(label) == "fait" for label in found])
    against = scores[:, [kind_of(label) in {"inconnu", "hors_sujet"} for label in found]].sum(axis=1)
    of_facts = np.where(facts, scores, -1.0)
    best = of_facts.max(axis=1)
    return [found[number] for number in of_facts.argmax(axis=1)], best / (best + against + 1e-12)


def _softmax(margins: Vectors) -> Vectors:
    powers = np.exp(margins - margins.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


if __name__ == "__main__":
    main()
