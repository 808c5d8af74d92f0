"""`python -m evaluation.doubles`: what each piece of evidence for two questions counts, learnt and measured.

Each message of the training data that asks two questions, and single ones beside it, are read by a classifier that did
not learn them; a logistic regression gives each piece of evidence a curve of straight lines (a generalised additive
model, Hastie and Tibshirani 1986), which `--ecrire` writes where the assistant reads it. The questions of the
evaluation have no part in it.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields

import numpy as np
import yaml
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from tabulate import tabulate
from tqdm import tqdm

from assistant.knowledge.live import Current
from assistant.settings import ROOT
from assistant.understanding.classifier import kind_of
from assistant.understanding.evidence import CURVES, Evidence, likely_both
from assistant.understanding.learning import learnt
from assistant.understanding.reading import Reader
from evaluation.taught import current_knowledge, doubles, singles

FOLDS = 3
#: The share of single questions that are read: there are ten times as many as double ones.
READ = 0.4
#: At most so many points has a curve, each with as many messages to its left as between the others.
POINTS = 6
GRID = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
_HEAD = "# Ce que compte chaque indice de deux questions, écrit par python -m evaluation.doubles --ecrire\n"


def main() -> None:
    """Learn the curves, print how many messages of both kinds get two answers at each threshold, and write them."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.doubles", description=__doc__)
    parser.add_argument("--ecrire", action="store_true", help=f"écrire {CURVES.relative_to(ROOT)}")
    options = parser.parse_args()
    current = current_knowledge()
    two: list[Evidence] = []
    one: list[Evidence] = []
    for found, of_singles in tqdm(_folds(current), total=FOLDS):
        two += found
        one += of_singles
    print(f"{len(two)} double messages read as the pair that they are, {len(one)} single ones")
    curves = learnt_curves([*two, *one], [True] * len(two) + [False] * len(one))
    if options.ecrire:
        CURVES.write_text(_HEAD + yaml.safe_dump(curves, sort_keys=False, default_flow_style=None), "utf-8")
    likely = [np.array([likely_both(found, curves) for found in those]) for those in (two, one)]
    rows = [[f"{at:.0%}", *(f"{(those >= at).mean():.1%}" for those in likely)] for at in GRID]
    print("of those, what gets two answers at each threshold (the regression has seen them):")
    print(tabulate(rows, ["threshold", "double messages", "single ones"], "simple"))


def learnt_curves(found: Sequence[Evidence], both: Sequence[bool]) -> dict[str, dict[str, list[float]]]:
    """Learn what each piece of evidence counts.

    Args:
        found: the evidence of messages.
        both: whether each asks two questions.

    Returns:
        for each piece, the points where its curve bends (`at`) and what it counts there (`counts`), in log-odds.
    """
    values = dict(zip((field.name for field in fields(Evidence)), np.array(list(map(astuple, found))).T, strict=True))
    points = {name: np.unique(np.quantile(of, np.linspace(0, 1, POINTS)).round(3)) for name, of in values.items()}
    shares = {name: _shares(of, points[name]) for name, of in values.items()}
    learner = LogisticRegression(C=3.0, max_iter=5000).fit(np.hstack(list(shares.values())), both)
    ends = np.cumsum([len(at) for at in points.values()])[:-1]
    counted = dict(zip(points, np.split(learner.coef_[0], ends), strict=True))
    first = next(iter(counted))
    counted[first] = counted[first] + learner.intercept_[0]  # the shares of a message add up to 1
    return {name: {"at": at.tolist(), "counts": counted[name].round(3).tolist()} for name, at in points.items()}


def _shares(values: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how near values are to the points on both sides, shape (values, points); each row adds up to 1."""
    return np.stack([np.interp(values, points, peak) for peak in np.eye(len(points))], axis=1)


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
