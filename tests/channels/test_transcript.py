"""What was said, as it is put into an e-mail: whole messages, the newest, in a link that programs of e-mail open."""

from urllib.parse import unquote

import pytest
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.dialogue.mail import CONVERSATION, MOST_CHARACTERS, mailto
from channels.texts import TEXTS
from channels.transcript import lines_of, put_in

PAYLOAD = '/choix{"fait": "ocam.role"}'
WITH_LINK = f"Voici.\n[Écrire à Ana]({mailto('a@exemple.org', 'Question', CONVERSATION)})"
LONG = [f"Visiteur : {letter * 300}" for letter in "abcdefgh"]


def body_of(text: str) -> str:
    return unquote(text.partition("&body=")[2].removesuffix(")")).replace("\r\n", "\n")


def test_both_sides_are_told_in_order_a_button_by_its_title_and_the_offer_of_a_person_left_out() -> None:
    button = {"title": "À quoi sert l'OCAM ?", "payload": PAYLOAD}
    events = [
        SessionStarted(),
        UserUttered("création (numéro masqué)"),
        SlotSet("contexte", {}),
        BotUttered("Voulez-vous savoir :", {"buttons": [button]}),
        UserUttered(PAYLOAD),
        BotUttered("À échanger.\nSource : « Une page »", {}),
        UserUttered("parler à quelqu'un"),
        BotUttered("Je suis un programme.", {}, {"utter_action": "utter_humain"}),
        ActionExecuted("action_listen"),
    ]
    assert lines_of(DialogueStateTracker.from_events("a", events)) == [
        "Visiteur : création (numéro masqué)",
        "Assistant : Voulez-vous savoir :",
        "Visiteur : À quoi sert l'OCAM ?",
        "Assistant : À échanger.\nSource : « Une page »",
        "Visiteur : parler à quelqu'un",
    ]


def test_a_short_conversation_stands_whole_in_the_link() -> None:
    text = put_in(WITH_LINK, ["Visiteur : Où ?", "Assistant : À San Jose."])
    assert text.startswith("Voici.\n[Écrire à Ana](mailto:a@exemple.org?subject=Question&body=")
    assert body_of(text) == f"{TEXTS['conversation']}\nVisiteur : Où ?\nAssistant : À San Jose."


@pytest.mark.parametrize("lines", [LONG, ["Visiteur : " + "é" * 500] * 3, ["Visiteur : " + "أ" * 500]])
def test_a_link_is_never_too_long_and_holds_whole_messages_and_says_what_is_left_out(lines: list[str]) -> None:
    text = put_in(WITH_LINK, lines)
    link = text.partition("(")[2].removesuffix(")")
    assert len(link) <= MOST_CHARACTERS
    intro, left_out, *said = body_of(text).split("\n")
    assert (intro, left_out) == (TEXTS["conversation"], TEXTS["conversation_coupee"])
    assert said == lines[len(lines) - len(said) :]
    assert len(said) == (5 if lines is LONG else 0)


def test_without_a_link_the_conversation_is_text_to_copy() -> None:
    text = put_in(f"À copier :\n{CONVERSATION}", LONG)
    assert len(text) <= MOST_CHARACTERS + len("À copier :\n")
    assert text.startswith(f"À copier :\n{TEXTS['conversation']}\n{TEXTS['conversation_coupee']}\nVisiteur : ")
    assert text.endswith("h" * 300)


def test_a_text_that_wants_no_conversation_gets_none() -> None:
    assert put_in("Elle est dans votre téléphone.", LONG) == "Elle est dans votre téléphone."


def test_nothing_that_was_said_ends_the_link_or_is_read_as_the_mark() -> None:
    said = f"Visiteur : ) [x](javascript:alert(1)) {CONVERSATION} &subject=autre"
    text = put_in(WITH_LINK, [said])
    assert text.count(")") == 1
    assert body_of(text).endswith(said)
