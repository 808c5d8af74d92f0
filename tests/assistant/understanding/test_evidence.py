"""What speaks for two questions in a message, and what it counts."""

from dataclasses import fields, replace

import pytest

from assistant.understanding.doubles import Pair, ReadCut, Seen
from assistant.understanding.evidence import Evidence, evidence, likely_both

WHEN, WHERE, WHO = "fait/ocam.date_creation", "fait/ocam.lieu_creation", "fait/ocam.demandeur"
CUT = ReadCut(((WHEN, 0.9), ("merci", 0.1)), ((WHERE, 0.8), (WHO, 0.1)), weak=False, one_asks=True, other_asks=True)
SAME = ReadCut(((WHEN, 0.7),), ((WHEN, 0.6),), weak=True, one_asks=False, other_asks=True)
SEEN = Seen("Quand ? Et où ?", [SAME, CUT], {WHEN: 0.5, WHERE: 0.1, WHO: -0.9}, 1.5)
#: A message that may ask one question or two.
IN_DOUBT = Evidence(
    shape=-0.3,
    whole=-0.5,
    third=-0.9,
    halves=0.6,
    better_half=0.9,
    same=0.1,
    strong=0.0,
    both_ask=0.0,
    marks=1,
    question_words=1,
    cuts=1,
    named=2,
    one=0.7,
    against=0.1,
)


def test_what_is_seen_of_a_message_speaks_for_its_pair() -> None:
    assert evidence(Pair((WHEN, WHERE), 1, 0.0), SEEN, 2, 0.6, 0.25) == Evidence(
        shape=1.5,
        whole=0.1,
        third=-0.9,
        halves=0.8,
        better_half=0.9,
        same=0.6,
        strong=1.0,
        both_ask=1.0,
        marks=2,
        question_words=2,
        cuts=2,
        named=2,
        one=0.6,
        against=0.25,
    )


def test_a_pair_that_the_whole_message_told_has_no_halves() -> None:
    of_whole = evidence(Pair((WHEN, WHERE), None, 0.0), SEEN, 2, 0.6, 0.25)
    assert (of_whole.halves, of_whole.better_half, of_whole.strong, of_whole.both_ask) == (0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("name", "more", "likelier"),
    [
        ("shape", 1.0, True),
        ("whole", 0.2, True),
        ("halves", 0.9, True),
        ("marks", 2, True),
        ("question_words", 2, True),
        ("same", 0.9, False),
        ("against", 0.9, False),
        ("third", 0.0, False),
    ],
)
def test_a_piece_of_evidence_speaks_for_or_against_two_questions(name: str, more: float, likelier: bool) -> None:
    assert 0 < likely_both(IN_DOUBT) < 1
    assert (likely_both(replace(IN_DOUBT, **{name: more})) > likely_both(IN_DOUBT)) is likelier


def test_between_two_points_of_a_curve_a_piece_of_evidence_counts_in_proportion() -> None:
    none = {field.name: {"at": [0.0], "counts": [0.0]} for field in fields(Evidence)}
    curves = {**none, "shape": {"at": [-1.0, 1.0], "counts": [-2.0, 2.0]}}
    at = [likely_both(replace(IN_DOUBT, shape=shape), curves) for shape in (-5.0, -1.0, 0.0, 0.5, 1.0, 5.0)]
    assert at == pytest.approx([0.1192, 0.1192, 0.5, 0.7311, 0.8808, 0.8808], abs=1e-4)
