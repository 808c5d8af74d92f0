"""Messages that ask two questions: read from files, and made out of single ones."""

from pathlib import Path

import pytest

from assistant.knowledge.errors import KnowledgeError
from assistant.understanding.learning import taught_doubles
from assistant.understanding.two_questions import (
    Taught,
    TwoQuestions,
    fact_of,
    joined,
    label_of,
    read_two_questions,
)

SINGLES = [
    Taught("Quand l'OCAM est-elle née ?", "fait/ocam.date_creation"),
    Taught("Où l'OCAM est-elle née ?", "fait/ocam.lieu_creation"),
    Taught("et où ?", "fait/ocam.lieu_creation", "ocam.date_creation"),
    Taught("À qui écrire ?", "contact"),
    Taught("Quel est son budget ?", "inconnu/ocam.definition"),
    Taught("bonjour", "salutation"),
]


def written(folder: Path, content: str) -> Path:
    path = folder / "doubles.yml"
    path.write_text(content, "utf-8")
    return path


def test_a_message_is_read_with_both_its_questions_and_its_line(tmp_path: Path) -> None:
    row = '  - question: "Quand est née l\'OCAM, et ¦ à qui écrire ?"\n    faits: [ocam.date_creation, contact]\n'
    (double,) = taught_doubles(written(tmp_path, f"# Deux.\ndeux_questions:\n{row}").parent)
    assert double == TwoQuestions("Quand est née l'OCAM, et", "à qui écrire ?", ("ocam.date_creation", "contact"), 3)
    assert double.text == "Quand est née l'OCAM, et à qui écrire ?"
    assert double.labels == ("fait/ocam.date_creation", "contact")


def test_its_halves_are_taught_as_questions_the_second_as_a_follow_up() -> None:
    double = TwoQuestions("OIM : date, et aussi", "lieu ?", ("oim.depuis", "site.lieux"))
    assert double.taught == (
        Taught("OIM : date", "fait/oim.depuis"),
        Taught("lieu ?", "fait/site.lieux", "oim.depuis"),
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("questions: []", "ligne 1 : il faut ici « deux_questions: »"),
        ("deux_questions: oui", "ligne 1 : il faut ici « deux_questions: »"),
        ("deux_questions:\n  - oui", "ligne 2 : il faut ici « question » et « faits », rien d'autre."),
        (
            'deux_questions:\n  - {question: "a ¦ b", faits: [a.b, c.d], registre: sms}',
            "ligne 2 : il faut ici « question »",
        ),
        ('deux_questions:\n  - {question: "a et b", faits: [a.b, c.d]}', "« question » : il faut un seul « ¦ »"),
        ('deux_questions:\n  - {question: "a ¦ b ¦ c", faits: [a.b, c.d]}', "« question » : il faut un seul « ¦ »"),
        ('deux_questions:\n  - {question: "a ¦ ", faits: [a.b, c.d]}', "« question » : il faut un seul « ¦ »"),
        ('deux_questions:\n  - {question: "a ¦ b", faits: [a.b]}', "« faits » : il faut ici les deux faits"),
        ('deux_questions:\n  - {question: "a ¦ b", faits: [a.b, a.b]}', "« faits » : il faut ici les deux faits"),
        ('deux_questions:\n  - {question: "a ¦ b", faits: a.b}', "« faits » : il faut ici les deux faits"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_place(tmp_path: Path, content: str, problem: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(KnowledgeError) as told:
        read_two_questions(path)
    assert str(told.value).startswith(str(path))
    assert problem in str(told.value)


def test_a_folder_without_files_has_no_messages_and_one_that_is_missing_is_told(tmp_path: Path) -> None:
    assert taught_doubles(tmp_path) == ()
    with pytest.raises(KnowledgeError, match="nowhere : ce dossier manque"):
        taught_doubles(tmp_path / "nowhere")


def test_messages_are_made_out_of_questions_of_two_facts_and_follow_ups_of_the_first() -> None:
    made = joined(SINGLES, 200)
    assert len(made) == 200
    assert {double.facts for double in made} >= {
        ("ocam.date_creation", "ocam.lieu_creation"),
        ("ocam.lieu_creation", "ocam.date_creation"),
        ("contact", "ocam.date_creation"),
    }
    assert all(first != second for first, second in (double.facts for double in made))
    told = {double.text for double in made}
    assert any(text.startswith("Quand l'OCAM est-elle née et") and text.endswith("et où ?") for text in told)
    assert not any("budget" in text or "bonjour" in text for text in told)
    assert all(
        double.facts == ("ocam.date_creation", "ocam.lieu_creation") for double in made if double.other == "et où ?"
    )


def test_the_same_data_makes_the_same_messages_and_another_seed_others() -> None:
    assert joined(SINGLES, 20) == joined(SINGLES, 20)
    assert joined(SINGLES, 20) != joined(SINGLES, 20, seed=1)


def test_a_long_story_is_not_joined() -> None:
    story = " ".join(["voilà"] * 50)
    made = joined([Taught(story, "fait/a.b"), Taught("où ?", "fait/a.c"), Taught("quand ?", "fait/a.d")], 20)
    assert made
    assert not any("voilà" in double.text for double in made)


@pytest.mark.parametrize("singles", [[], SINGLES[:1], SINGLES[4:]])
def test_nothing_is_made_of_fewer_than_two_facts(singles: list[Taught]) -> None:
    assert joined(singles, 5) == []


def test_labels_and_facts() -> None:
    assert [label_of("oim.pays"), label_of("contact")] == ["fait/oim.pays", "contact"]
    assert [fact_of("fait/oim.pays"), fact_of("contact"), fact_of("inconnu/oim.pays")] == ["oim.pays", "contact", None]
