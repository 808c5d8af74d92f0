"""`python -m evaluation.ablation`: what each part of the understanding brings, measured side by side.

Each variant is trained on the same data and ranks the same questions. Its figure is the share of questions of the page
that get the right fact at the threshold where a fixed share of near-domain questions gets a fact: variants with scores
of different sharpness compare fairly that way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import LinearSVC

from assistant.dialogue.records import CONTACT
from assistant.french import fold
from assistant.knowledge.live import Current
from assistant.knowledge.loader import load_knowledge
from assistant.settings import ROOT, Settings
from assistant.understanding.classifier import LABEL_WEIGHT, kind_of
from assistant.understanding.mentions import MentionFinder
from assistant.understanding.normalise import normalise
from assistant.understanding.reading import training_texts
from assistant.understanding.stemming import stems
from evaluation.questions import HALVES, Question, read_questions

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
            parts.append(TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2))
        cleaned = [self.clean(text) for text in texts]
        for part in parts:
            part.fit(cleaned)
        return lambda asked: hstack([part.transform([self.clean(text) for text in asked]) for part in parts]).tocsr()


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
        fitted = estimator.fit(vectors(texts), labels)
        return list(fitted.classes_), lambda asked: np.asarray(fitted.predict_proba(vectors(asked)))

    return train


VARIANTS: dict[str, Variant] = {
    "the assistant: words, letters, kinds": machine(Features()),
    "without the machines for kinds": machine(Features(), kinds=False),
    "without near-miss classes (one off-topic class)": machine(Features(), near_misses=False),
    "words only": machine(Features(letters=False)),
    "letters only": machine(Features(words=False)),
    "words not stemmed": machine(Features(stemmed=False)),
    "accents folded only, no spellings": machine(Features(clean=fold)),
    "C = 0.3": machine(Features(), c=0.3),
    "C = 3": machine(Features(), c=3.0),
    "naive Bayes (complement)": probabilities(ComplementNB(alpha=0.1)),
    "15 nearest neighbours": probabilities(KNeighborsClassifier(15, weights="distance", metric="cosine")),
}


def main() -> None:
    """Train each variant and print its line."""
    texts, labels = training_data()
    print(f"{len(texts)} questions, {len(set(labels))} labels; right = share of questions of the page, dev / sealed")
    shares = "".join(f"  right at {near:.0%} near" for near in NEAR)
    print(f"{'':<50}{'best fact right':>18}{shares}")
    for name, variant in VARIANTS.items():
        found, scores = variant(texts, labels)
        print(f"{name:<50}{_line(found, scores)}", flush=True)


def training_data() -> tuple[list[str], list[str]]:
    """Return the texts and labels of the NLU data, as the component of Rasa learns them."""
    knowledge = load_knowledge(ROOT / "knowledge")
    current = Current(knowledge, MentionFinder(knowledge))
    texts: list[str] = []
    labels: list[str] = []
    for path in sorted((ROOT / "data" / "nlu").rglob("*.yml")):
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            before = block.get("metadata", {}).get(BEFORE)
            for row in filter(None, map(str.strip, block["examples"].splitlines())):
                read = training_texts(row[2:], before, current)
                texts += read
                labels += [block["intent"]] * len(read)
    return texts, labels


def _line(found: list[str], scores: Callable[[list[str]], Vectors]) -> str:
    cells: list[list[float]] = []
    knowledge = load_knowledge(Settings.read().knowledge)
    for half in HALVES:
        asked = [question for (question,) in read_questions(knowledge, half, ("faits",))]
        near = [question for (question,) in read_questions(knowledge, half, ("voisins",))]
        best, sure = _best_fact(found, scores([question.text for question in asked]))
        right = np.array([_is_right(label, question) for label, question in zip(best, asked, strict=True)])
        _, near_sure = _best_fact(found, scores([question.text for question in near]))
        at = [float((right & (sure > np.quantile(near_sure, 1 - share))).mean()) for share in NEAR]
        cells.append([float(right.mean()), *at])
    return "".join(f"{dev:>9.1%} /{sealed:>6.1%}" for dev, sealed in zip(*cells, strict=True))


def _best_fact(found: list[str], scores: Vectors) -> tuple[list[str], Vectors]:
    """Return the best fact of each question, and its share of what facts and refusals get."""
    facts = np.array([kind_of(label) == "fait" for label in found])
    against = scores[:, [kind_of(label) in {"inconnu", "hors_sujet"} for label in found]].sum(axis=1)
    of_facts = np.where(facts, scores, -1.0)
    best = of_facts.max(axis=1)
    return [found[number] for number in of_facts.argmax(axis=1)], best / (best + against + 1e-12)


def _is_right(label: str, question: Question) -> bool:
    return (label if label == CONTACT else label.partition("/")[2]) in question.facts


def _softmax(margins: Vectors) -> Vectors:
    powers = np.exp(margins - margins.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


if __name__ == "__main__":
    main()
