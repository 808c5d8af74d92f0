"""`python -m evaluation.doubles`: the weights of what tells two questions from one, learnt and measured.

Each message of the training data that asks two questions, and single ones beside it, are read by a classifier that did
not learn them; a logistic regression of what speaks for two questions gives the weights that `WEIGHTS` and `START` of
`assistant/understanding/doubles.py` are set to. The questions of the evaluation have no part in it.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields

import numpy as np
from sklearn.linear_model import LogisticRegression
from tabulate import tabulate
from tqdm import tqdm

from assistant.knowledge.live import Current
from assistant.understanding.classifier import kind_of
from assistant.understanding.doubles import Evidence
from assistant.understanding.learning import learnt
from assistant.understanding.reading import Reader
from evaluation.taught import current_knowledge, doubles, singles

FOLDS = 3
#: The share of single questions that are read: there are ten times as many as double ones.
READ = 0.4
GRID = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7)


def main() -> None:
    """Print the weights, and how many messages of both kinds get two answers at each threshold."""
    current = current_knowledge()
    right, wrong = [], []
    for double, single in tqdm(_folds(current), total=FOLDS):
        right += double
        wrong += single
    values = np.array([astuple(one) for one in [*right, *wrong]])
    both = np.array([True] * len(right) + [False] * len(wrong))
    scale = np.maximum(values.std(axis=0), 1e-9)
    learner = LogisticRegression(max_iter=3000).fit(values / scale, both)
    weights = learner.coef_[0] / scale
    print(f"{len(right)} double messages read as the pair that they are, {len(wrong)} single ones")
    print(*(f"{field.name}={weight:.2f}" for field, weight in zip(fields(Evidence), weights, strict=True)), sep=", ")
    print(f"START = {learner.intercept_[0]:.2f}")
    likely = learner.predict_proba(values / scale)[:, 1]
    rows = [[f"{at:.0%}", *(f"{(likely[both == kind] >= at).mean():.1%}" for kind in (True, False))] for at in GRID]
    print("of those, what gets two answers at each threshold (the regression has seen them):")
    print(tabulate(rows, ["threshold", "double messages", "single ones"], "simple"))


def _folds(current: Current) -> Iterator[tuple[list[Evidence], list[Evidence]]]:
    """Yield, of each fold, what speaks for two questions in messages that ask them, and in others."""
    drawn = random.Random(0)
    of_doubles = [(double, drawn.randrange(FOLDS)) for double in doubles()]
    of_singles = [(single, drawn.randrange(FOLDS), drawn.random() < READ) for single in singles()]
    for fold in range(FOLDS):
        reader = Reader(
            learnt(
                [single for single, part, _ in of_singles if part != fold],
                [double for double, part in of_doubles if part != fold],
                current,
            )
        )
        found = [
            (reader.pair_and_evidence(double.text, current), double.labels)
            for double, part in of_doubles
            if part == fold
        ]
        asked = [
            single.text
            for single, part, read in of_singles
            if part == fold and read and single.before is None and kind_of(single.label) in {"fait", "inconnu"}
        ]
        yield [one[1] for one, labels in found if one and one[0].labels == labels], _of_singles(reader, asked, current)


def _of_singles(reader: Reader, asked: Sequence[str], current: Current) -> list[Evidence]:
    return [one[1] for one in (reader.pair_and_evidence(text, current) for text in asked) if one]


if __name__ == "__main__":
    main()
