"""Who asks for a person gets somebody to write to, and the conversation only if the button was pressed."""

from urllib.parse import unquote

import pytest

from channels.texts import TEXTS
from tests.e2e.conftest import Conversation, Running
from tests.e2e.test_website import Visitor

ASKED = "Je veux parler à quelqu'un"
WHEN = "Quand l'OCAM a-t-elle été créée ?"
JOIN = "Joindre notre conversation"


def pressed(buttons: list[dict[str, str]], title: str) -> str:
    return next(button["payload"] for button in buttons if button["title"] == title)


def test_on_the_website_a_link_has_the_subject_and_only_when_asked_the_masked_conversation(running: Running) -> None:
    visitor = Visitor(running)
    visitor.text(WHEN)
    visitor.text("mon adresse est ana@exemple.org")
    (offer,) = visitor.ask(ASKED)["messages"]
    assert offer["text"].endswith(
        "\n[Écrire à Alba Miriam Amaya](mailto:aamaya@iom.int?subject="
        "Question%20pos%C3%A9e%20%C3%A0%20l%27assistant%20automatique)"
    )
    assert "body=" not in offer["text"]
    (joined,) = visitor.ask(pressed(offer["buttons"], JOIN))["messages"]
    assert joined["buttons"] == []
    body = unquote(joined["text"].partition("&body=")[2])
    assert f"Visiteur : {WHEN}\r\nAssistant : L'OCAM a été créée en 1990." in body
    assert f"Visiteur : mon adresse est {TEXTS['adresse_masquee']}" in body
    assert "ana@exemple.org" not in body


def test_where_no_link_can_be_shown_it_is_said_in_words(conversation: Conversation) -> None:
    conversation.say(WHEN)
    offer = conversation.say(ASKED)
    assert "aamaya@iom.int" in offer.text
    assert "mailto:" not in offer.text
    assert "« Question posée à l'assistant automatique »" in offer.text
    assert not offer.answered
    joined = conversation.say(pressed(offer.buttons, JOIN))
    assert f"Visiteur : {WHEN}\nAssistant : L'OCAM a été créée en 1990." in joined.text
    assert "mailto:" not in joined.text


def test_the_offer_can_be_taken_up_by_its_number(conversation: Conversation) -> None:
    conversation.say(WHEN)
    conversation.say(ASKED)
    assert f"Visiteur : {WHEN}" in conversation.say("1").text


def test_a_button_that_was_not_offered_joins_nothing(running: Running) -> None:
    visitor = Visitor(running)
    visitor.text(WHEN)
    assert "body=" not in visitor.text('/choix{"fait": "joindre_conversation"}')


@pytest.mark.parametrize(
    "text", ["Il me frappe, je veux parler à quelqu'un", "Aidez-moi, je suis en danger, passez-moi une personne"]
)
def test_who_is_in_danger_and_asks_for_a_person_is_told_whom_to_call(conversation: Conversation, text: str) -> None:
    reply = conversation.say(text)
    assert "numéro d'urgence" in reply.text
    assert reply.buttons == []


def test_after_distress_a_person_asked_for_is_the_emergency_line(conversation: Conversation) -> None:
    conversation.say("mon mari me frappe")
    assert "numéro d'urgence" in conversation.say(ASKED).text
