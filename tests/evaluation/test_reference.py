"""No figure falls: today's results against those of the reference, on the same questions."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from evaluation.outcomes import Outcome
from evaluation.reference import (
    MOST_UNKNOWN,
    UPDATE,
    fingerprint,
    losses,
    read_reference,
    reference_of,
    unknown,
    write_reference,
)
from evaluation.scoring import Scored
from tests.evaluation.made import CHOICES, PAYS, REFUSAL, SIGLE, asked, came


def test_no_figure_has_fallen_since_the_reference(scored: Sequence[Scored]) -> None:
    """A loss that is meant: `make eval-reference`, and say in the commit what it buys."""
    found = losses(read_reference(), scored)
    told = "\n".join(map(str, found))
    assert not found, f"\nUn recul significatif depuis la référence :\n{told}\nS'il est voulu : {UPDATE}"


def test_the_reference_knows_nearly_all_questions(scored: Sequence[Scored]) -> None:
    new = unknown(read_reference(), scored)
    assert new <= MOST_UNKNOWN, f"{new} questions n'ont pas de résultat de référence : {UPDATE}"


def some(results: Sequence[Outcome], half: str = "dev") -> list[Scored]:
    """Return as many questions of the page, each with its result."""
    question = asked("faits", ("oim.sigle",), half=half)
    return [came(replace(question, text=f"{half} {number} ?"), one) for number, one in enumerate(results)]


def test_five_questions_lost_and_none_won_is_a_loss() -> None:
    before, now = some([SIGLE] * 100), some([SIGLE] * 95 + [CHOICES] * 5)
    (loss,) = losses(reference_of(before), now)
    assert loss.name == "question de la page : le bon fait tout de suite"
    assert (len(loss.worse), loss.better, round(loss.p, 5)) == (5, 0, 0.03125)


def test_chance_is_no_loss() -> None:
    before = some([SIGLE] * 90 + [CHOICES] * 10)
    assert losses(reference_of(before), before) == []
    assert losses(reference_of(before), some([SIGLE] * 86 + [CHOICES] * 14)) == []
    assert losses(reference_of(before), some([CHOICES] * 8 + [SIGLE] * 92)) == []


def test_wrong_facts_in_the_place_of_choices_are_a_loss() -> None:
    (loss,) = losses(reference_of(some([CHOICES] * 10)), some([CHOICES] * 4 + [PAYS] * 6))
    assert loss.name == "question de la page : pas de fait faux"


def test_only_questions_that_both_have_are_compared() -> None:
    before = reference_of(some([SIGLE] * 10))
    new = some([CHOICES] * 30)[10:]
    assert losses(before, [*some([SIGLE] * 10), *new]) == []
    assert unknown(before, [*some([SIGLE] * 10), *new]) == 20
    assert unknown({}, [came(asked("passages", ("oim.sigle",)), SIGLE)]) == 0


def test_a_loss_shows_the_questions_of_dev_and_of_sealed_only_facts() -> None:
    before = some([SIGLE] * 3) + some([SIGLE] * 3, "sealed")
    (loss,) = losses(reference_of(before), some([CHOICES] * 3) + some([CHOICES] * 3, "sealed"))
    assert "oim.sigle (6)" in str(loss)
    assert "dev 2 ?" in str(loss)
    assert "sealed" not in str(loss)


def test_a_loss_where_no_fact_is_right_names_the_fact_that_came() -> None:
    near = [replace(asked("voisins"), text=f"{number} ?") for number in range(5)]
    (loss,) = losses(reference_of(came(one, REFUSAL) for one in near), [came(one, PAYS) for one in near])
    assert "oim.pays (5)" in str(loss)


def test_a_reference_is_read_as_it_was_written_a_line_for_each_question(tmp_path: Path) -> None:
    scored = some([SIGLE, CHOICES, PAYS])
    write_reference(scored, tmp_path / "reference.json")
    written = (tmp_path / "reference.json").read_text()
    assert read_reference(tmp_path / "reference.json") == reference_of(scored)
    assert len(written.splitlines()) == 2 + 3
    assert list(json.loads(written)) == sorted(json.loads(written))


def test_the_same_words_later_in_another_conversation_are_another_question() -> None:
    turn = asked("conversations", ("oim.sigle",))
    assert fingerprint(turn) != fingerprint(replace(turn, before=("Bonjour",)))
    assert fingerprint(turn) != fingerprint(replace(turn, half="sealed"))
