"""Follow-ups: told from whole questions, and completed with their subject."""

import pytest

from assistant.knowledge.base import Knowledge
from assistant.understanding.followup import asked_by, complete, names_only_a_subject, read_as, refers_back


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("et quand ?", "quand"),
        ("et depuis quand ?", "quand"),
        ("kan ?", "quand"),
        ("en quelle année ?", "quand"),
        ("où ?", "ou"),
        ("C'est où ?", "ou"),
        ("dans quelle ville ?", "ou"),
        ("pk ?", "pourquoi"),
        ("et pourquoi donc ?", "pourquoi"),
        ("et qui ?", "qui"),
        ("combien ?", "combien"),
    ],
)
def test_a_bare_question_word_is_recognised(text: str, asked: str) -> None:
    assert asked_by(text) == asked


@pytest.mark.parametrize("text", ["Quand l'OCAM a-t-elle été créée ?", "Bonjour", "Qui est Pisani ?", "", "???"])
def test_a_whole_question_is_no_bare_question_word(text: str) -> None:
    assert asked_by(text) is None


@pytest.mark.parametrize("text", ["et son budget ?", "Elle existe depuis quand ?", "Qu'a-t-il dit ?"])
def test_what_takes_up_something_refers_back(text: str) -> None:
    assert refers_back(text)


@pytest.mark.parametrize("text", ["Il y a combien de pays ?", "Que faut-il faire ?", "Que veut dire OIM ?", "ça va ?"])
def test_what_stands_alone_does_not(text: str) -> None:
    assert not refers_back(text)


@pytest.mark.parametrize(
    ("text", "subject", "completed"),
    [
        ("et son budget ?", "ocam", "et le budget de l'OCAM ?"),
        ("Elle existe depuis quand ?", "oim", "l'OIM existe depuis quand ?"),
        ("Qu'a-t-il dit ?", "pisani", "Qu'a dit Marcelo Pisani ?"),
        ("et les membres ?", "sica", "et les membres du SICA ?"),
    ],
)
def test_a_follow_up_is_completed_in_french(knowledge: Knowledge, text: str, subject: str, completed: str) -> None:
    about = knowledge.taken_up(subject, None)
    assert about is not None
    assert complete(text, *about) == completed


@pytest.mark.parametrize(
    ("text", "names_subject", "about", "read"),
    [
        ("et son budget ?", False, ("l'", "OCAM"), "et le budget de l'OCAM ?"),
        ("et son budget pour l'OIM ?", True, ("l'", "OCAM"), "et son budget pour l'OIM ?"),
        ("dans quel pays ?", False, ("l'", "OCAM"), "dans quel pays de l'OCAM ?"),
        ("Que veut dire le sigle qui est en haut ?", False, ("l'", "OCAM"), "Que veut dire le sigle qui est en haut ?"),
        ("et son budget ?", False, None, "et son budget ?"),
    ],
)
def test_only_a_follow_up_without_a_subject_of_its_own_is_completed(
    text: str, names_subject: bool, about: tuple[str, str] | None, read: str
) -> None:
    assert read_as(text, names_subject, about) == read


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("et l'OIM ?", {2}),
        ("non, je parlais de l'OCAM", {5}),
        ("pas l'OCAM, l'OIM", {2, 4}),
        ("Pardon, je voulais dire le SICA, merci", {5}),
        ("et pour la politique régionale ?", {3, 4}),
        ("et M. Pisani alors ?", {1, 2}),
    ],
)
def test_what_says_nothing_but_a_subject_asks_what_was_asked_before(text: str, named: set[int]) -> None:
    assert names_only_a_subject(text, named)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("où est l'OCAM ?", {3}),
        ("et le budget de l'OIM ?", {5}),
        ("OCAM", {0}),  # a keyword, typed by itself, asks what it is
        ("Commission centraméricaine", {0, 1}),
        # The small words of a long name make no room for others.
        ("Quel est le budget de la Commission centraméricaine des directeurs de la migration ?", set(range(6, 13))),
        ("Quel budget pour l'organisation internationale pour les migrations ?", set(range(4, 9))),
        ("", set[int]()),
    ],
)
def test_what_asks_something_itself_does_not(text: str, named: set[int]) -> None:
    assert not names_only_a_subject(text, named)
