"""The report: what is written, that a spreadsheet can read it, and that nothing of `sealed` but figures is in it."""

import csv
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.dialogue.records import Candidate, Thresholds
from assistant.french import fold
from assistant.knowledge.base import Knowledge
from evaluation.curve import GRID, Point, curve
from evaluation.misses import COLUMNS, row
from evaluation.pictures import confused
from evaluation.questions import HALVES, Conversation
from evaluation.report import Evaluation, by_fact, differences, registers, report, short_table, write_report
from evaluation.scoring import Scored, Share
from evaluation.understanding import Assistant
from tests.evaluation.made import CHOICES, PAYS, REFUSAL, SIGLE, asked, came

NOW = datetime(2026, 11, 23, 22, 5)
POINT = Point(Thresholds().answer, 0.9, 0.01, 0.05)


def made(scored: Sequence[Scored], rest: Sequence[Scored] | None = None) -> Evaluation:
    return Evaluation(scored, rest, None, {"dev": [POINT]}, {"Modèle": "abc"})


@pytest.fixture(scope="module")
def folder(scored: list[Scored], knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a report on the trained model, with all questions different over REST."""
    rest = [replace(one, outcomes=(*one.outcomes, REFUSAL)) for one in scored]
    evaluation = Evaluation(scored, rest, None, {half: [POINT] for half in HALVES}, {"Modèle": "abc"})
    return write_report(evaluation, knowledge, tmp_path_factory.mktemp("results"), NOW)


def test_the_folder_is_named_after_the_time_and_has_all_files(folder: Path) -> None:
    assert folder.name == "2026-11-23-22h05m00"
    assert {path.name for path in folder.iterdir()} == {"rapport.md", "courbe.png", "confusion.png", "ratees.csv"}
    for picture in ("courbe.png", "confusion.png"):
        assert (folder / picture).read_bytes().startswith(b"\x89PNG")


def test_no_question_of_sealed_is_in_any_file(
    folder: Path, conversations: list[Conversation], knowledge: Knowledge
) -> None:
    """Some stand in other texts too, such as « merci » or a fact's own question: those tell nothing."""
    texts = {half: set[str]() for half in HALVES}
    for question in (question for conversation in conversations for question in conversation):
        texts[question.half].add(fold(question.text))
    content = (folder / "rapport.md").read_text("utf-8") + (folder / "ratees.csv").read_text("utf-8")
    written = "\n".join(map(fold, re.split(r"\n|;| -> ", content)))
    others = " ".join([*texts["dev"], *(fold(fact.question) for fact in knowledge.facts.values())])
    sealed = {text for text in texts["sealed"] if text not in others and len(text) > 15}
    assert len(sealed) > 700
    assert sum(text in written for text in sealed) == 0  # a number: a failure shows none of them either
    assert sum(text in written for text in texts["dev"]) > 10


def test_the_misses_open_in_a_french_spreadsheet(folder: Path, scored: list[Scored]) -> None:
    content = (folder / "ratees.csv").read_bytes()
    assert content.startswith("\ufeff".encode())
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines(keepends=True), delimiter=";"))
    assert tuple(rows[0]) == COLUMNS
    assert [one["question"] for one in rows] == [
        one.question.text for one in scored if one.question.half == "dev" and one.verdict != "juste"
    ]


def test_a_miss_says_what_a_person_needs_to_act(knowledge: Knowledge) -> None:
    given = replace(PAYS, score=0.8, reason="réponse (le meilleur candidat)", candidates=(Candidate("contact", 0.8),))
    question = replace(asked("faits", ("oim.sigle", "oim.definition")), register="sms", before=("Bonjour",))
    cells = dict(zip(COLUMNS, row(came(question, given, CHOICES), knowledge), strict=True))
    assert cells == {
        "question": "Une question ?",
        "avant": "Bonjour",
        "registre": "sms",
        "genre": "faits",
        "attendu": "oim.sigle ou oim.definition",
        "questions attendues": "Que veut dire le sigle OIM ? / Qu'est-ce que l'OIM ?",
        "donné": "oim.pays puis choix : oim.sigle, oim.depuis",
        "score": "0.80",
        "candidats": "contact 0.80",
        "raison": "réponse (le meilleur candidat) puis ",
    }


def test_the_table_has_each_half_both_and_the_targets() -> None:
    fact = asked("faits", ("oim.sigle",))
    scored = [came(fact, SIGLE), came(fact, PAYS), came(replace(fact, half="sealed"), SIGLE)]
    first = short_table(made(scored)).splitlines()[2]
    assert first.split("tout de suite")[1].split("  ") != []
    assert " ".join(first.split("tout de suite")[1].split()) == "50,0 % 100,0 % 66,7 % (2/3) ≥ 93 % ≥ 97 % non"


def test_what_was_not_asked_is_no_figure() -> None:
    assert " ".join(short_table(made([])).splitlines()[2].split()).endswith("tout de suite - ≥ 93 % ≥ 97 % -")


def test_registers_are_compared_with_the_mean() -> None:
    fact = asked("faits", ("oim.sigle",))
    scored = [came(replace(fact, register="sms"), one) for one in (SIGLE, PAYS)]
    scored += [came(replace(fact, register="formel"), SIGLE)] * 2
    assert registers(scored) == [("formel", Share(2, 2), 25.0), ("sms", Share(1, 2), -25.0)]
    assert "| sms        | 50,0 % (1/2) [9,5 ; 90,5]    | -25,0   | non    |" in report(made(scored), NOW)


def test_facts_are_listed_the_worst_first() -> None:
    scored = [came(asked("faits", ("oim.sigle",)), one) for one in (SIGLE, SIGLE, CHOICES)]
    scored += [came(asked("faits", ("oim.pays", "oim.sigle")), one) for one in (REFUSAL, PAYS, PAYS, SIGLE, REFUSAL)]
    (first, total, came_of), (second, *_) = by_fact(scored)
    assert (first, total, came_of) == ("oim.pays", 5, {"juste": 3, "autre": 2})
    assert second == "oim.sigle"


def test_what_differs_over_rest_is_shown_of_dev_and_counted_of_sealed() -> None:
    fact, hidden = asked("faits", ("oim.sigle",)), replace(asked("faits", half="sealed"), text="Un secret ?")
    direct = [came(fact, SIGLE), came(hidden, SIGLE)]
    assert "Rien" in differences(made(direct))
    assert "la même chose aux 2 questions" in differences(made(direct, [came(fact, SIGLE), came(hidden, SIGLE)]))
    said = differences(made(direct, [came(fact, PAYS), came(hidden, PAYS)]))
    assert "2 questions, dont 1 de dev" in said
    assert "- Une question ? -> oim.pays" in said
    assert "secret" not in said


@pytest.mark.parametrize(
    ("scored", "pair"),
    [
        (came(asked("faits", ("oim.sigle",)), SIGLE), None),
        (came(asked("faits", ("oim.sigle",)), PAYS), ("oim.sigle", "oim.pays")),
        (came(asked("faits", ("oim.sigle",)), CHOICES), ("oim.sigle", "[choix]")),
        (came(asked("faits", ("oim.sigle",)), REFUSAL), ("oim.sigle", "[refus ou autre]")),
        (came(asked("voisins"), SIGLE), ("(voisine, sans réponse)", "oim.sigle")),
        (came(asked("voisins"), REFUSAL), None),
    ],
)
def test_what_was_confused(scored: Scored, pair: tuple[str, str] | None) -> None:
    assert confused(scored) == pair


def test_on_the_curve_a_higher_threshold_gives_fewer_facts(
    assistant: Assistant, conversations: list[Conversation], scored: list[Scored]
) -> None:
    some = [one for one in conversations if one[0].kind in {"faits", "voisins"}][::5]
    points = curve(some, assistant.at)
    assert [point.threshold for point in points] == sorted({*GRID, Thresholds().answer})
    assert all(one.right >= next_.right and one.near >= next_.near for one, next_ in pairwise(points))
    assert points[0].near > points[-1].near
    (used,) = [point for point in points if point.threshold == Thresholds().answer]
    asked_of = {one[0] for one in some if one[0].kind == "faits"}
    right = [one.right for one in scored if one.question in asked_of]
    assert used.right == pytest.approx(sum(right) / len(right))
