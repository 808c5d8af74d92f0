"""The running assistant answers what the page answers, and says what it does not."""

import pytest

from assistant.knowledge.base import Knowledge
from assistant.knowledge.loader import load_knowledge
from assistant.settings import ROOT
from tests.e2e.conftest import Conversation

FACTS = load_knowledge(ROOT / "knowledge").facts


@pytest.mark.parametrize("fact_id", FACTS)
def test_each_fact_is_answered_with_its_source(conversation: Conversation, fact_id: str) -> None:
    turn = conversation.say(FACTS[fact_id].question)
    assert turn.text.startswith(FACTS[fact_id].answer)
    assert turn.answered


@pytest.mark.parametrize("question", ["À qui écrire ?", "c'est quoi l'email d'Alba Amaya", "contact au Guatemala svp"])
def test_the_contact_is_given(conversation: Conversation, question: str) -> None:
    turn = conversation.say(question)
    assert "aamaya@iom.int" in turn.text
    assert turn.answered


def test_a_contact_elsewhere_opens_with_the_refusal(conversation: Conversation) -> None:
    turn = conversation.say("Je cherche un contact de l'OIM au Nicaragua")
    assert turn.text.startswith("Ma source ne donne pas de contact")
    assert "aamaya@iom.int" in turn.text


@pytest.mark.parametrize(
    ("question", "refusal"),
    [
        ("Quel est le budget de l'OIM ?", "Ma source ne donne pas le budget de l'OIM."),
        ("Combien de salariés travaillent pour l'OIM ?", "Ma source ne donne pas"),
        ("C'est quoi le HCR ?", "Ma source ne parle pas du HCR."),
        ("Quel est le salaire de la directrice générale ?", "Ma source ne donne pas"),
        ("Quel âge a Marcelo Pisani ?", "Ma source ne donne pas"),
        ("Qui gagnera la coupe du monde ?", "Ma source n'en parle pas."),
    ],
)
def test_what_the_page_does_not_say_is_refused_with_suggestions(
    conversation: Conversation, question: str, refusal: str
) -> None:
    turn = conversation.say(question)
    assert turn.text.startswith(refusal)
    assert "Source :" not in turn.text
    assert 1 <= len(turn.buttons) <= 3


def test_a_suggestion_works_when_its_payload_is_sent(conversation: Conversation, knowledge: Knowledge) -> None:
    button = conversation.say("Quel est le budget de l'OCAM ?").buttons[0]
    turn = conversation.say(button["payload"])
    assert turn.answered
    (fact,) = [fact for fact in knowledge.facts.values() if fact.question == button["title"]]
    assert turn.text.startswith(fact.answer)


def test_follow_ups_are_about_the_last_subject(conversation: Conversation) -> None:
    assert "1990" in conversation.say("Quand l'OCAM a-t-elle été créée ?").text
    assert "San Jose" in conversation.say("et où ?").text
    assert conversation.say("et son budget ?").text.startswith("Ma source ne donne pas le budget de l'OCAM.")
    assert "175" in conversation.say("L'OIM a combien d'États membres ?").text
    assert "1951" in conversation.say("et depuis quand ?").text


def test_conversations_do_not_mix(conversation: Conversation, running_conversation: Conversation) -> None:
    conversation.say("Quand l'OCAM a-t-elle été créée ?")
    running_conversation.say("De quoi parlait la réunion de l'OCAM ?")
    assert "San Jose" in conversation.say("et où ?").text
    assert "Panama" in running_conversation.say("et où ?").text


def test_a_greeting_with_a_question_answers_the_question(conversation: Conversation) -> None:
    assert conversation.say("Bonjour, que veut dire OIM s'il vous plaît ?").answered


def test_small_talk_is_no_answer(conversation: Conversation) -> None:
    for text in ("Bonjour", "merci beaucoup", "tu es un robot ?", "que sais-tu faire ?", "au revoir"):
        assert "Source :" not in conversation.say(text).text


def test_repeat_says_the_last_answer_again(conversation: Conversation) -> None:
    answer = conversation.say("Que veut dire SICA ?").text
    assert conversation.say("Pouvez-vous répéter ?").text == answer


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("Quand l'OCAM a-t-elle été créée et que veut dire OIM ?", ("ocam.date_creation", "oim.sigle")),
        ("C'est quoi le SICA ? Et qui est Marcelo Pisani ?", ("sica.definition", "pisani.fonction")),
        ("Quand l'OCAM a-t-elle été créée et où ?", ("ocam.date_creation", "ocam.lieu_creation")),
        ("le but du projet et le rôle de l'OCAM", ("projet.objectifs", "ocam.role")),
    ],
)
def test_two_questions_get_two_messages_in_their_order_each_with_its_source(
    conversation: Conversation, text: str, answers: tuple[str, str]
) -> None:
    turn = conversation.say(text)
    said = [message["text"].split("\nSource : ") for message in turn.messages]
    assert [lines[0] for lines in said] == [FACTS[fact_id].answer for fact_id in answers]
    assert [len(lines) for lines in said] == [2, 2]


@pytest.mark.parametrize(
    "text",
    [
        "L'OCAM a été créée en 1990, c'est bien ça ?",
        "Quand l'OCAM a-t-elle été créée, enfin, en quelle année ?",
        "Quel est le rôle de l'OIM et de l'OCAM ?",
        "Bonjour. Je prépare un exposé sur la migration en Amérique centrale et mon professeur est très exigeant. "
        "Quand l'OCAM a-t-elle été créée ?",
    ],
)
def test_one_question_gets_one_message(conversation: Conversation, text: str) -> None:
    """With a tag, said again, about two subjects, behind a story."""
    assert len(conversation.say(text).messages) == 1


def test_after_two_questions_a_follow_up_is_about_the_second(conversation: Conversation) -> None:
    conversation.say("Que veut dire OIM ? Et quand l'OCAM a-t-elle été créée ?")
    assert "San Jose" in conversation.say("et où ?").text


@pytest.mark.parametrize("text", ["et l'OIM ?", "pas l'OCAM, l'OIM", "et pour l'OIM ?"])
def test_what_was_asked_is_asked_of_another_subject(conversation: Conversation, text: str) -> None:
    assert "1990" in conversation.say("Quand l'OCAM a-t-elle été créée ?").text
    assert conversation.say(text).text.startswith(FACTS["oim.depuis"].answer)


def test_what_was_refused_is_refused_of_another_subject_by_its_name(conversation: Conversation) -> None:
    conversation.say("Quel est le budget de l'OCAM ?")
    assert conversation.say("et l'OIM ?").text.startswith("Ma source ne donne pas le budget de l'OIM.")


@pytest.mark.parametrize(
    ("text", "fact_id"),
    [
        ("L'OIM compte 193 États membres, n'est-ce pas ?", "oim.membres"),
        ("L'OCAM a été créée en 1985 ?", "ocam.date_creation"),
        ("L'OCAM a été fondée à Panama ?", "ocam.lieu_creation"),
        ("Les femmes représentent 60 % des migrants ?", "femmes.part"),
    ],
)
def test_a_false_premise_is_said_to_be_otherwise(conversation: Conversation, text: str, fact_id: str) -> None:
    turn = conversation.say(text)
    assert turn.text.startswith(f"Ma source dit autre chose :\n{FACTS[fact_id].answer}\nSource : ")


@pytest.mark.parametrize("text", ["L'OIM compte 175 États membres, n'est-ce pas ?", "L'OCAM a été créée en 1990 ?"])
def test_a_true_premise_is_answered_plainly(conversation: Conversation, text: str) -> None:
    turn = conversation.say(text)
    assert turn.answered
    assert "autre chose" not in turn.text


#: So few words that several facts may be meant.
UNSURE = "directeur OIM"


def test_choices_are_at_most_three_facts_and_other_than_that(conversation: Conversation) -> None:
    *facts, other = conversation.say(UNSURE).buttons
    assert 2 <= len(facts) <= 3
    assert {button["title"] for button in facts} <= {fact.question for fact in FACTS.values()}
    assert other["title"] == "Autre chose"
    turn = conversation.say(other["payload"])
    assert turn.text.startswith("D'accord.")
    assert "aamaya@iom.int" in turn.text
    assert turn.buttons == []


@pytest.mark.parametrize(("text", "place"), [("le deuxième", 1), ("2", 1), ("la première, merci", 0)])
def test_a_choice_may_be_told_by_its_place(conversation: Conversation, text: str, place: int) -> None:
    title = conversation.say(UNSURE).buttons[place]["title"]
    (fact,) = [fact for fact in FACTS.values() if fact.question == title]
    assert conversation.say(text).text.startswith(fact.answer)


def test_a_suggestion_of_a_refusal_may_be_told_by_its_place(conversation: Conversation) -> None:
    title = conversation.say("Quel est le budget de l'OCAM ?").buttons[1]["title"]
    (fact,) = [fact for fact in FACTS.values() if fact.question == title]
    assert conversation.say("le deuxième").text.startswith(fact.answer)


@pytest.mark.parametrize("first", [UNSURE, "et quand ?", "Quel est le budget de l'OCAM ?"])
@pytest.mark.parametrize("second", ["Combien de salariés travaillent pour l'OIM ?", "la directrice"])
def test_a_second_failure_in_a_row_says_whom_to_write_to_and_offers_nothing(
    conversation: Conversation, first: str, second: str
) -> None:
    turn = conversation.say(first)
    assert turn.buttons
    assert "aamaya@iom.int" not in turn.text
    again = conversation.say(second)
    assert "aamaya@iom.int" in again.text
    assert again.buttons == []
    assert "Source :" not in again.text


def test_after_an_answer_a_failure_is_a_first_one_again(conversation: Conversation) -> None:
    conversation.say(UNSURE)
    assert conversation.say("Que veut dire OIM ?").answered
    assert conversation.say(UNSURE).buttons
