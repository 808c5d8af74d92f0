"""What Messenger has of its own: every limit kept on all that can be said, and its kinds of events."""

import pytest

from assistant.dialogue.records import Button
from channels.messaging.rendering import Said
from channels.messenger import PAYLOAD_LIMIT, REPLIES_LIMIT, messages
from tests.messaging.all_said import choices, texts
from tests.messaging.conftest import Person, Server, fresh
from tests.messaging.messenger import Message, Messenger


@pytest.fixture
def app(server: Server) -> Messenger:
    app = next(app for app in server.apps if isinstance(app, Messenger))
    app.standin.refused.clear()
    return app


def rendered(said: Said) -> list[Message]:
    """Return the messages of what is said, as Messenger reads them."""
    return [Message.parse_obj(message) for message in messages(said)]


def test_every_text_of_messenger_is_whole_and_in_one_part() -> None:
    for text in texts():
        (message,) = rendered(Said(text))
        assert message.text == text.strip()
        assert message.quick_replies is None


@pytest.mark.parametrize("number", (1, 2, 3, 4, REPLIES_LIMIT))
def test_every_question_of_messenger_is_shown_whole_beside_its_short_title(number: int) -> None:
    for said in choices(number):
        *first, last = rendered(said)
        replies = last.quick_replies or []
        assert [reply.payload for reply in replies] == [choice.payload for choice in said.choices]
        assert len({reply.title for reply in replies}) == len(replies)
        assert all(message.quick_replies is None for message in first)
        shown = "\n".join(message.text for message in (*first, last))
        titles = {reply.title for reply in replies}
        assert all(choice.title in titles or f"- {choice.title}" in shown for choice in said.choices)
        assert said.text.strip() in shown
        assert "/choix" not in shown + "".join(titles)


def test_choices_that_messenger_does_not_take_are_a_numbered_list() -> None:
    many = choices(REPLIES_LIMIT + 1)[0]
    long = Said("Laquelle ?", (Button("Une", "/" + "a" * PAYLOAD_LIMIT), Button("Autre", "/b")))
    for said in (many, long):
        shown = "\n".join(message.text for message in rendered(said))
        assert f"\n{len(said.choices)}. {said.choices[-1].title}" in shown
        assert not any(message.quick_replies for message in rendered(said))


def test_a_long_text_of_messenger_comes_in_parts_with_the_choices_below_the_last() -> None:
    said = Said("Une phrase assez longue. " * 200, (Button("Oui", "/a"),))
    shown = rendered(said)
    assert len(shown) == 3
    assert [bool(message.quick_replies) for message in shown] == [False, False, True]
    assert " ".join(message.text for message in shown).split() == said.text.split()


@pytest.mark.parametrize("kind", ("image", "video", "audio", "file", "sticker", "reel", "fallback", "jamais_vu"))
def test_what_messenger_attaches_gets_a_polite_line(app: Messenger, person: Person, kind: str) -> None:
    assert app.attachment(person.id, kind, fresh("m")).status_code == 200
    (said,) = person.new(1)
    assert "texte" in said.text


def test_a_text_with_the_preview_of_its_address_is_read(app: Messenger, person: Person) -> None:
    event = app.written(person.id, "Quand l'OCAM a-t-elle été créée ?", fresh("m"))
    event["message"]["attachments"] = [{"type": "fallback", "payload": {"url": "https://exemple.org"}}]
    event["message"]["reply_to"] = {"mid": "m_a1", "is_self_reply": False}
    assert app.send(app.update(event)).status_code == 200
    assert "1990" in person.new(2)[1].text


def test_the_greeting_of_the_page_is_answered_once(app: Messenger, person: Person) -> None:
    again = fresh("m")
    assert app.postback(person.id, "bonjour", again).status_code == 200
    assert app.postback(person.id, "bonjour", again).status_code == 200
    assert "Bonjour" in person.new(2)[1].text
    assert len(person.ask("Quand l'OCAM a-t-elle été créée ?")) == 1


def test_a_payload_that_was_not_offered_chooses_nothing(app: Messenger, person: Person) -> None:
    person.greet()
    assert app.postback(person.id, '/choix{"fait": "ocam.date_creation"}', fresh("m")).status_code == 200
    assert "1990" not in person.new(1)[0].text


def test_messenger_is_answered_as_a_response_and_nothing_else_is_sent(app: Messenger, person: Person) -> None:
    before = len(app.standin.calls)
    person.greet()
    calls = app.standin.calls[before:]
    assert [call.path.partition("?")[0] for call in calls] == ["/v26.0/me/messages"] * 2
