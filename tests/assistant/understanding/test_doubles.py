"""Which two facts a message would ask for, and what is learnt of messages that ask two."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.understanding.doubles import (
    Doubles,
    Pair,
    ReadCut,
    Seen,
    TaughtDoubles,
    in_order,
    likeliest_pair,
)
from assistant.understanding.features import Featurizer
from assistant.understanding.two_questions import TwoQuestions

WHEN, WHERE, WHO = "fait/ocam.date_creation", "fait/ocam.lieu_creation", "fait/ocam.demandeur"
ANSWERS = {WHEN: "1990", WHERE: "San Jose", WHO: "les présidents"}
CUT = ReadCut(((WHEN, 0.9), ("merci", 0.1)), ((WHERE, 0.8), (WHO, 0.1)), weak=False, one_asks=True, other_asks=True)
NOT_ASKED = {WHEN: -1.5, WHERE: -1.5, WHO: -1.5}


def test_the_facts_of_both_halves_are_the_pair_in_their_order() -> None:
    pair = likeliest_pair(Seen("", [CUT], NOT_ASKED, 0.0), ANSWERS)
    assert pair
    assert (pair.labels, pair.cut) == ((WHEN, WHERE), 0)


def test_of_two_facts_that_a_half_may_ask_for_the_whole_message_tells() -> None:
    doubtful = replace(CUT, other=((WHERE, 0.45), (WHO, 0.4)))
    pair = likeliest_pair(Seen("", [doubtful], {**NOT_ASKED, WHO: 0.5}, 0.0), ANSWERS)
    assert pair
    assert pair.labels == (WHEN, WHO)


def test_of_several_cuts_the_surest_counts() -> None:
    other = ReadCut(((WHO, 0.3),), ((WHEN, 0.3),), weak=False, one_asks=True, other_asks=True)
    pair = likeliest_pair(Seen("", [other, CUT], NOT_ASKED, 0.0), ANSWERS)
    assert pair
    assert (pair.labels, pair.cut) == ((WHEN, WHERE), 1)


def test_without_a_cut_the_two_that_the_whole_message_asks_for_are_the_pair() -> None:
    pair = likeliest_pair(Seen("", [], {WHEN: 0.2, WHERE: -1.0, WHO: 0.6}, 0.0), ANSWERS)
    assert pair
    assert (pair.labels, pair.cut) == ((WHO, WHEN), None)


def test_two_that_the_whole_message_asks_for_stand_in_the_order_of_its_beginning_and_end() -> None:
    pair = Pair((WHO, WHEN), None, 0.0)
    assert in_order(pair, {WHO: -0.5, WHEN: 0.2}, {WHO: 0.4, WHEN: -0.9}).labels == (WHEN, WHO)
    assert in_order(pair, {WHO: 0.4, WHEN: -0.9}, {WHO: -0.5, WHEN: 0.2}).labels == (WHO, WHEN)


def test_two_facts_with_one_answer_and_one_fact_alone_are_no_pair() -> None:
    alike = {**ANSWERS, WHERE: "1990"}
    pair = likeliest_pair(Seen("", [CUT], NOT_ASKED, 0.0), alike)
    assert pair
    assert set(pair.labels) != {WHEN, WHERE}
    assert likeliest_pair(Seen("", [], {WHEN: 1.0}, 0.0), ANSWERS) is None
    assert likeliest_pair(Seen("", [], {}, 0.0), {}) is None


@pytest.fixture(scope="module")
def features() -> Featurizer:
    return Featurizer().fit([text for text, _ in SINGLES])


SINGLES = [
    ("Quand est née l'OCAM ?", WHEN),
    ("date de l'OCAM", WHEN),
    ("Où est née l'OCAM ?", WHERE),
    ("ville de l'OCAM", WHERE),
    ("Qui a voulu l'OCAM ?", WHO),
    ("bonjour", "salutation"),
]
TAUGHT = [
    TwoQuestions("Quand est née l'OCAM, et", "où ?", ("ocam.date_creation", "ocam.lieu_creation")),
    TwoQuestions("Qui a voulu l'OCAM, et", "quand ?", ("ocam.demandeur", "ocam.date_creation")),
]


def test_a_message_that_asks_two_is_on_the_side_of_both_facts_and_of_the_shape(features: Featurizer) -> None:
    texts, labels = zip(*SINGLES, strict=True)
    doubles = Doubles.train(features, texts, labels, TaughtDoubles(TAUGHT, (), texts))
    asked = doubles.asked("Quand est née l'OCAM, et où ?")
    assert set(asked) == {WHEN, WHERE, WHO}
    assert min(asked[WHEN], asked[WHERE]) > asked[WHO]
    assert doubles.shape("Qui a fait l'OIM, et quand ?") > doubles.shape("Qui a fait l'OIM ?")


def test_what_was_saved_says_the_same_and_holds_no_pickle(features: Featurizer, tmp_path: Path) -> None:
    texts, labels = zip(*SINGLES, strict=True)
    doubles = Doubles.train(features, texts, labels, TaughtDoubles(TAUGHT, (), texts))
    assert not Doubles.is_in(tmp_path)
    doubles.save(tmp_path)
    kept = Doubles.load(features, tmp_path)
    text = "Qui a voulu l'OCAM ? Où ?"
    assert Doubles.is_in(tmp_path)
    assert np.allclose(list(kept.asked(text).values()), list(doubles.asked(text).values()))
    assert kept.shape(text) == pytest.approx(doubles.shape(text))
    assert {path.suffix for path in tmp_path.iterdir()} <= {".json", ".marisa", ".npy", ".npz"}
