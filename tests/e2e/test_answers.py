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
