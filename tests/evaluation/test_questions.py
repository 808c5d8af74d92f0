"""The question sets are read strictly: a slip stops the reading with its file, its line and what to do."""

from pathlib import Path

import pytest

from assistant.knowledge.base import Knowledge
from assistant.knowledge.errors import KnowledgeError
from evaluation.questions import Question, read_questions


def read(folder: Path, knowledge: Knowledge, kind: str, text: str) -> list[tuple[Question, ...]]:
    (folder / "dev").mkdir(exist_ok=True)
    (folder / "dev" / f"{kind}.yml").write_text(text, encoding="utf-8")
    return read_questions(knowledge, "dev", folder=folder)


def questions(row: str) -> str:
    return f"questions:\n- question: Une première ?\n  attendu: []\n- {row}\n"


def test_a_question_has_what_its_row_says(tmp_path: Path, knowledge: Knowledge) -> None:
    text = 'questions:\n- question: "L\'OIM ?"\n  registre: courant\n  attendu: [oim.definition, oim.sigle]\n'
    expected = Question(
        "L'OIM ?", "dev", "faits", accepted=(("oim.definition", "oim.sigle"),), topics=(), register="courant"
    )
    assert read(tmp_path, knowledge, "faits", text) == [(expected,)]


@pytest.mark.parametrize(
    ("kind", "expected", "accepted", "topics"),
    [
        ("faits", "[contact]", (("contact",),), ()),
        ("voisins", "[]", (), ()),
        ("simples", "[]", (), ()),
        ("simples", "[oim.sigle]", (("oim.sigle",),), ()),
        ("bavardage", "merci", (), ("merci",)),
        ("detresse", "[]", (), ("detresse",)),
        ("doubles", "[[oim.sigle], [contact, oim.pays]]", (("oim.sigle",), ("contact", "oim.pays")), ()),
    ],
)
def test_each_kind_says_in_its_way_what_it_expects(  # noqa: PLR0913, PLR0917
    tmp_path: Path,
    knowledge: Knowledge,
    kind: str,
    expected: str,
    accepted: tuple[tuple[str, ...], ...],
    topics: tuple[str, ...],
) -> None:
    ((question,),) = read(tmp_path, knowledge, kind, f"questions:\n- question: Quoi ?\n  attendu: {expected}\n")
    assert (question.accepted, question.topics) == (accepted, topics)


def test_the_turns_of_a_conversation_know_what_was_said_before(tmp_path: Path, knowledge: Knowledge) -> None:
    rows = ["[oim.definition]", "[]", "merci", "[au_revoir, merci]", "detresse"]
    turns = "".join(f"  - question: Message {number}\n    attendu: {row}\n" for number, row in enumerate(rows))
    (turns_read,) = read(tmp_path, knowledge, "conversations", f"conversations:\n- tours:\n{turns}")
    assert [turn.topics for turn in turns_read] == [(), (), ("merci",), ("au_revoir", "merci"), ("detresse",)]
    assert turns_read[2].before == ("Message 0", "Message 1")


def test_who_asks_to_hear_a_fact_again_accepts_that_fact(tmp_path: Path, knowledge: Knowledge) -> None:
    rows = ["[oim.definition, oim.nature]", "repeter", "[]", "[repeter]"]
    turns = "".join(f"  - question: Message {number}\n    attendu: {row}\n" for number, row in enumerate(rows))
    (turns_read,) = read(tmp_path, knowledge, "conversations", f"conversations:\n- tours:\n{turns}")
    said_again, nothing_to_repeat = turns_read[1], turns_read[3]
    assert (said_again.accepted, said_again.topics) == ((("oim.definition", "oim.nature"),), ())
    assert (nothing_to_repeat.accepted, nothing_to_repeat.topics) == ((), ("repeter",))


@pytest.mark.parametrize(
    ("kind", "row", "line", "said"),
    [
        ("simples", "question: ''\n  attendu: []", 4, "écrivez la question"),
        ("simples", "question: 1951\n  attendu: []", 4, "écrivez la question"),
        ("simples", "attendu: []", 4, "écrivez la question"),
        ("simples", "question: Quoi ?\n  registre: poétique\n  attendu: []", 5, "prenez l'un de : formel"),
        ("simples", "question: Quoi ?\n  attendu: [oim.budget]", 5, "« oim.budget » n'existe pas"),
        ("simples", "question: Quoi ?\n  attendu: oim.sigle", 5, "la liste des faits"),
        ("simples", "question: Quoi ?", 4, "la liste des faits"),
        ("simples", "question: Quoi ?\n  attendus: []", 5, "clés permises"),
        ("simples", "question: Une première ?\n  attendu: []", 4, "écrite deux fois"),
        ("simples", "Quoi ?", 4, "des clés et leurs valeurs"),
        ("voisins", "question: Quoi ?\n  attendu: [oim.sigle]", 5, "attendu: []"),
    ],
)
def test_a_wrong_row_is_told_with_its_line(  # noqa: PLR0913, PLR0917
    tmp_path: Path, knowledge: Knowledge, kind: str, row: str, line: int, said: str
) -> None:
    with pytest.raises(KnowledgeError) as caught:
        read(tmp_path, knowledge, kind, questions(row))
    assert (caught.value.path.name, caught.value.line) == (f"{kind}.yml", line)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "expected", "said"),
    [
        ("faits", "[]", "la liste des faits"),
        ("doubles", "[oim.sigle]", "deux listes"),
        ("doubles", "[[oim.sigle], []]", "la liste des faits"),
        ("bavardage", "bla", "il faut ici un mot : aide"),
        ("bavardage", "[]", "il faut ici un mot"),
    ],
)
def test_what_a_kind_cannot_expect_is_told(
    tmp_path: Path, knowledge: Knowledge, kind: str, expected: str, said: str
) -> None:
    with pytest.raises(KnowledgeError, match="ligne 3") as caught:
        read(tmp_path, knowledge, kind, f"questions:\n- question: Quoi ?\n  attendu: {expected}\n")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("faits", "question:\n- question: Quoi ?\n", "clés permises : questions"),
        ("faits", "questions:\n", "il faut ici une liste"),
        ("faits", "questions: [", "YAML"),
        ("conversations", "conversations:\n- tour: []\n", "clés permises : tours"),
        ("conversations", "conversations:\n- tours: []\n", "il faut ici une liste"),
        ("fait", "questions: []\n", "renommez-le"),
    ],
)
def test_a_wrong_file_is_told(tmp_path: Path, knowledge: Knowledge, kind: str, text: str, said: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        read(tmp_path, knowledge, kind, text)
    assert caught.value.path.name == f"{kind}.yml"
    assert said in str(caught.value)
