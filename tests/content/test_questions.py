"""The questions to learn from and those to measure with: each under one label, and never the same."""

from collections import defaultdict

import numpy as np
import pytest

from assistant.french import fold
from tests.content.corpus import evaluation, training

#: From this ratio on, in percent, two questions are nearly the same.
NEARLY_THE_SAME = 95


def ratio(one: str, other: str) -> float:
    """Return how alike two texts are, in percent: twice the letters that they have in common, in order, by all letters.

    >>> ratio("ocam", "ocan")
    75.0
    """
    row = [0] * (len(other) + 1)
    for letter in one:
        before = 0
        for number, rival in enumerate(other, 1):
            before, row[number] = row[number], before + 1 if letter == rival else max(row[number], row[number - 1])
    return 200 * row[-1] / (len(one) + len(other))


def letters(texts: list[str]) -> "np.ndarray[tuple[int, int], np.dtype[np.int16]]":
    """Return how often each text has each letter, rare letters together."""
    counts = np.zeros((len(texts), 64), dtype=np.int16)
    for number, text in enumerate(texts):
        for letter in text:
            counts[number, ord(letter) % 64] += 1
    return counts


@pytest.mark.parametrize(("one", "other", "percent"), [("ocam", "ocan", 75), ("oim", "oim", 100), ("oim", "sca", 0)])
def test_the_ratio_measures_letters_in_common(one: str, other: str, percent: float) -> None:
    assert ratio(one, other) == percent


def test_no_training_question_is_empty() -> None:
    assert [example.file for example in training() if not example.text] == []


def test_no_question_has_two_labels() -> None:
    labels = defaultdict(set)
    for example in training():
        labels[fold(example.text)].add((example.label, example.file))
    assert {text: of for text, of in labels.items() if len({label for label, _ in of}) > 1} == {}


def test_no_question_of_the_evaluation_is_in_the_training_data() -> None:
    """Only places are shown: the sealed questions stay unread."""
    known = {fold(example.text): example.file for example in training()}
    found = {asked.place: known[fold(asked.text)] for asked in evaluation() if fold(asked.text) in known}
    assert found == {}


def test_no_question_of_the_evaluation_is_nearly_one_of_the_training_data() -> None:
    """The letters in common, in any order, bound the ratio: the few pairs that they leave are compared in full."""
    files = {fold(example.text): example.file for example in training()}
    known = sorted(files.keys() - {""})
    counts, lengths = letters(known), np.array([len(text) for text in known])
    found = {}
    for asked in evaluation():
        text = fold(asked.text)
        if not text or text in files:
            continue
        common = np.minimum(counts, letters([text])).sum(axis=1)
        for number in np.flatnonzero(200 * common >= NEARLY_THE_SAME * (lengths + len(text))):
            if ratio(text, known[number]) >= NEARLY_THE_SAME:
                found[asked.place] = files[known[number]]
    assert found == {}
