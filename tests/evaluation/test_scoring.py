"""What a reply counts as, and the figures with their intervals."""

from collections.abc import Sequence

import pytest

from evaluation.outcomes import PASSAGE, Outcome, Outcomes
from evaluation.questions import Question
from evaluation.scoring import FIGURES, Share, run
from tests.evaluation.made import CHOICES, CONTACT, DISTRESS, PAYS, REFUSAL, SHARED, SIGLE, THANKS, asked, came

FACT = asked("faits", ("oim.sigle", "oim.definition"))
NEAR = asked("voisins")
COVERED = asked("passages", ("oim.sigle",))
QUOTED = Outcome("passage", ("oim.sigle", "oim.pays"))
DOUBLE = asked("doubles", ("oim.sigle",), ("oim.pays",))
SIMPLE = asked("simples", ("oim.sigle",))
THANKED = asked("bavardage", topics=("merci",))
DISTRESSED = asked("detresse", topics=("detresse",))
VIOLENCE = asked("violence_info", ("projet.campagnes",))
TURN = asked("conversations", ("oim.sigle",))


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_that_of_wilson(count: int, total: int, low: float, high: float) -> None:
    assert Share(count, total).interval == pytest.approx((low, high), abs=0.00005)


def test_of_nothing_nothing_is_known() -> None:
    assert Share(0, 0).interval == (0, 1)
    assert Share(0, 0).value == 0


@pytest.mark.parametrize(
    ("outcomes", "right", "offered", "choices", "wrong"),
    [
        ((SIGLE,), True, True, False, False),
        ((PAYS,), False, False, False, True),
        ((CHOICES,), False, True, True, False),
        ((Outcome("choices", choices=("oim.pays",)),), False, False, True, False),
        ((REFUSAL,), False, False, False, False),
        ((SIGLE, PAYS), False, False, False, True),
        ((SIGLE, REFUSAL), True, True, False, False),
        ((CONTACT,), False, False, False, True),
        ((Outcome("contact"),), False, False, False, False),
    ],
)
def test_a_question_of_the_page(outcomes: Outcomes, right: bool, offered: bool, choices: bool, wrong: bool) -> None:
    scored = came(FACT, *outcomes)
    assert (scored.right, scored.offered, scored.choices, scored.wrong) == (right, offered, choices, wrong)


def test_either_of_two_facts_that_share_an_answer_is_right() -> None:
    assert came(asked("faits", ("ocam.oim_role",)), SHARED).right
    assert came(asked("faits", ("ocam.oim_depuis",)), SHARED).right


@pytest.mark.parametrize(
    ("question", "outcomes", "verdict"),
    [
        (FACT, (SIGLE,), "juste"),
        (FACT, (PAYS,), "faux"),
        (FACT, (CHOICES,), "manque"),
        (NEAR, (REFUSAL,), "juste"),
        (NEAR, (CHOICES,), "juste"),
        (NEAR, (SIGLE,), "faux"),
        (NEAR, (DISTRESS,), "manque"),
        (NEAR, (QUOTED,), "faux"),
        (COVERED, (QUOTED,), "juste"),
        (FACT, (Outcome("passage", (PASSAGE,)),), "faux"),
        (DOUBLE, (SIGLE, PAYS), "juste"),
        (DOUBLE, (PAYS, SIGLE), "manque"),
        (DOUBLE, (SIGLE,), "manque"),
        (DOUBLE, (SIGLE, CHOICES), "manque"),
        (DOUBLE, (SIGLE, CONTACT), "faux"),
        (SIMPLE, (SIGLE,), "juste"),
        (SIMPLE, (SIGLE, SIGLE), "manque"),
        (THANKED, (THANKS,), "juste"),
        (THANKED, (REFUSAL,), "manque"),
        (THANKED, (SIGLE,), "faux"),
        (DISTRESSED, (DISTRESS,), "juste"),
        (DISTRESSED, (REFUSAL,), "manque"),
        (VIOLENCE, (REFUSAL,), "juste"),
        (VIOLENCE, (DISTRESS,), "manque"),
        (VIOLENCE, (SIGLE,), "faux"),
        (TURN, (SIGLE,), "juste"),
        (asked("conversations"), (REFUSAL,), "juste"),
        (asked("conversations"), (SIGLE,), "faux"),
        (asked("conversations", topics=("detresse",)), (DISTRESS,), "juste"),
        (asked("conversations", topics=("au_revoir", "merci")), (THANKS,), "juste"),
    ],
)
def test_what_came_of_a_question_in_a_word(question: Question, outcomes: Outcomes, verdict: str) -> None:
    assert came(question, *outcomes).verdict == verdict


#: For each figure: its name's beginning, what counts and what does not.
COUNTED = [
    ("Question de la page : le bon fait tout", came(FACT, SIGLE), came(FACT, CHOICES)),
    ("Question de la page : le bon fait, ou", came(FACT, CHOICES), came(FACT, REFUSAL)),
    ("Question de la page : des choix", came(FACT, CHOICES), came(FACT, SIGLE)),
    ("Question de la page : un fait faux", came(FACT, PAYS), came(FACT, SIGLE)),
    ("Question voisine", came(NEAR, SIGLE), came(NEAR, CHOICES)),
    ("Hors sujet", came(asked("hors_sujet"), CONTACT), came(asked("hors_sujet"), REFUSAL)),
    ("Autre langue", came(asked("langues"), SIGLE), came(asked("langues"), Outcome("other_language"))),
    ("Charabia", came(asked("charabia"), SIGLE), came(asked("charabia"), Outcome("off_topic"))),
    ("Détresse", came(DISTRESSED, DISTRESS), came(DISTRESSED, REFUSAL)),
    ("Question sur la violence", came(VIOLENCE, DISTRESS), came(VIOLENCE, REFUSAL)),
    ("Bavardage", came(THANKED, SIGLE), came(THANKED, REFUSAL)),
    ("Conversation", came(TURN, SIGLE), came(TURN, PAYS)),
    ("Deux questions", came(DOUBLE, SIGLE, PAYS), came(DOUBLE, PAYS, SIGLE)),
    ("Une seule question", came(SIMPLE, SIGLE, PAYS), came(SIMPLE, SIGLE)),
    ("Une seule question", came(NEAR, REFUSAL, REFUSAL), came(FACT, SIGLE)),
    ("Mots inhabituels", came(COVERED, QUOTED), came(COVERED, REFUSAL)),
    ("Sans réponse", came(NEAR, QUOTED), came(NEAR, SIGLE)),
    ("Prémisse", came(asked("premisses", ("oim.sigle",)), SIGLE), came(asked("premisses", ("oim.sigle",)), PAYS)),
]


@pytest.mark.parametrize(("name", "counts", "not_counted"), COUNTED)
def test_each_figure_counts_its_questions(name: str, counts: object, not_counted: object) -> None:
    (figure,) = [figure for figure in FIGURES if figure.name.startswith(name)]
    other = came(asked("un autre genre"), SIGLE, PAYS, DISTRESS)
    assert figure.of([counts, not_counted, other]) == Share(1, 2)  # type: ignore[list-item]


def test_every_figure_is_tried_above() -> None:
    assert all(any(figure.name.startswith(name) for name, *_ in COUNTED) for figure in FIGURES)


def test_a_target_is_met_from_its_own_side() -> None:
    right, near = FIGURES[0], FIGURES[4]
    assert right.met(Share(93, 100), 93) and not right.met(Share(92, 100), 93)
    assert near.met(Share(12, 100), 12) and not near.met(Share(13, 100), 12)


@pytest.mark.parametrize("workers", [1, 3])
def test_all_are_asked_in_order_and_of_a_conversation_the_later_turns_count(workers: int) -> None:
    def ask(messages: Sequence[str]) -> list[Outcomes]:
        return [(Outcome(text),) for text in messages]

    turns = tuple(Question(text, "dev", "conversations") for text in ("a", "b", "c"))
    scored = run([(Question("d", "dev", "faits"),), turns, (Question("e", "dev", "faits"),)], ask, "", workers)
    assert [one.question.text for one in scored] == ["d", "b", "c", "e"]
    assert [one.outcomes[0].kind for one in scored] == ["d", "b", "c", "e"]
