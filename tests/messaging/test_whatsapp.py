"""What WhatsApp's Cloud API has of its own: every limit kept on all that can be said, and its kinds of messages."""

import re
from typing import Any

import pytest

from assistant.dialogue.records import Button
from channels.messaging.people import conversation_of
from channels.messaging.rendering import Said
from channels.whatsapp import BODY_LIMIT, ID_LIMIT, messages
from tests.messaging.all_said import choices, texts
from tests.messaging.conftest import Person, Server, fresh
from tests.messaging.meta import error
from tests.messaging.standin import Answer
from tests.messaging.test_contract import WHEN
from tests.messaging.whatsapp import Body, Whatsapp

HEAD = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": "33611111111"}


@pytest.fixture
def app(server: Server) -> Whatsapp:
    app = next(app for app in server.apps if isinstance(app, Whatsapp))
    app.standin.refused.clear()
    return app


def rendered(said: Said) -> list[Body]:
    """Return the messages of what is said, as WhatsApp reads them."""
    return [Body.parse_obj({**HEAD, **message}) for message in messages(said)]


def text_of(body: Body) -> str:
    return body.interactive.body.text if body.interactive else body.text.body if body.text else ""


def test_every_text_of_whatsapp_is_whole_and_in_one_part() -> None:
    for text in texts():
        (body,) = rendered(Said(text))
        assert body.type == "text" and text_of(body) == text.strip()
        assert body.text and not body.text.preview_url


def test_no_text_has_marks_that_whatsapp_would_take_for_bold_or_italics() -> None:
    assert [text for text in texts() if re.search(r"(?<!\w)([*_~])\S(.*\S)?\1(?!\w)|`", text)] == []


@pytest.mark.parametrize("number", (1, 2, 3))
def test_every_question_of_whatsapp_is_shown_whole_above_its_button(number: int) -> None:
    for said in choices(number):
        *first, last = rendered(said)
        assert last.interactive
        replies = [button.reply for button in last.interactive.action.buttons]
        assert [reply.id for reply in replies] == [choice.payload for choice in said.choices]
        shown = "\n".join(map(text_of, (*first, last)))
        titles = {reply.title for reply in replies}
        assert all(choice.title in titles or f"- {choice.title}" in shown for choice in said.choices)
        assert said.text.strip() in shown
        assert "/choix" not in shown + "".join(titles)


@pytest.mark.parametrize("number", (4, 10))
def test_more_choices_of_whatsapp_are_a_numbered_list(number: int) -> None:
    for said in choices(number):
        shown = "\n".join(map(text_of, rendered(said)))
        for place, choice in enumerate(said.choices, start=1):
            assert f"\n{place}. {choice.title}" in shown
        assert "/choix" not in shown
        assert all(body.type == "text" for body in rendered(said))


def test_an_id_that_whatsapp_does_not_take_makes_a_numbered_list() -> None:
    (body,) = rendered(Said("Laquelle ?", (Button("Une", "/" + "a" * ID_LIMIT),)))
    assert text_of(body) == "Laquelle ?\n1. Une"


def test_a_long_text_of_whatsapp_comes_before_its_buttons() -> None:
    said = Said("Une phrase assez longue. " * 200, (Button("Oui", "/a"),))
    *first, last = rendered(said)
    assert last.interactive and all(body.type == "text" for body in first)
    assert len(text_of(last)) <= BODY_LIMIT
    assert " ".join(map(text_of, (*first, last))).split() == said.text.split()


def test_up_to_three_choices_are_buttons_and_pressing_one_answers(app: Whatsapp, person: Person) -> None:
    (offered,) = person.greet().ask("aide")
    assert len(offered.buttons) == 3
    assert all(len(title) <= 20 for title, _ in offered.buttons)
    assert "/choix" not in offered.text
    (answer,) = person.press(offered, 1)
    assert "Source : " in answer.text


def test_the_number_of_a_button_answers_too(person: Person) -> None:
    person.greet().ask("aide")
    assert "Source : " in person.ask("le deuxième")[0].text


def test_who_hides_the_telephone_number_is_answered(app: Whatsapp, person: Person) -> None:
    hidden = app.hidden(person.id)
    event = app.message(person.id, fresh("m"), "text", {"body": WHEN}, hide=True)
    assert app.send(app.update(event)).status_code == 200
    assert "1990" in app.standin.wait(hidden, 2)[1].text
    assert app.standin.seen_by(person.id) == []


def test_who_begins_to_hide_the_number_goes_on_with_the_same_conversation(app: Whatsapp, person: Person) -> None:
    person.greet().ask(WHEN)
    event = app.message(person.id, fresh("m"), "text", {"body": "et où ?"}, hide=True)
    assert app.send(app.update(event)).status_code == 200
    assert "San Jose" in app.standin.wait(app.hidden(person.id), 1)[0].text


def test_who_has_a_number_only_is_answered(app: Whatsapp, person: Person) -> None:
    event = app.written(person.id, WHEN, fresh("m"))
    del event["from_user_id"]
    assert app.send(app.update(event)).status_code == 200
    assert "1990" in person.new(2)[1].text


def test_nothing_that_is_kept_or_logged_has_the_number_or_the_id(app: Whatsapp, person: Person, server: Server) -> None:
    person.greet()
    app.standin.fail(Answer(400, error(131026)))
    assert app.text(person.id, WHEN, fresh("m")).status_code == 200
    person.ask("bonjour")
    kept = [path for path in server._folder.iterdir() if path.is_file()]
    assert any(conversation_name(path.read_bytes()) for path in kept)
    for secret in (person.id, app.hidden(person.id)):
        assert [path.name for path in kept if secret.encode() in path.read_bytes()] == []


def conversation_name(content: bytes) -> bool:
    name = conversation_of("whatsapp", "x").partition("-")[0]
    return re.search(rb"%s-[0-9a-f]{32}" % name.encode(), content) is not None


@pytest.mark.parametrize(
    ("kind", "content"),
    (
        ("audio", {"id": "1", "mime_type": "audio/ogg", "voice": True}),
        ("video", {"id": "1", "mime_type": "video/mp4"}),
        ("document", {"id": "1", "filename": "a.pdf"}),
        ("sticker", {"id": "1", "animated": False}),
        ("location", {"latitude": 9.9, "longitude": -84.1, "name": "San Jose"}),
        ("contacts", [{"name": {"formatted_name": "Ana"}}]),
        ("unsupported", None),
    ),
)
def test_what_whatsapp_sends_without_a_text_gets_a_polite_line(
    app: Whatsapp, person: Person, kind: str, content: Any
) -> None:
    errors = [{"code": 131051, "title": "Unsupported message type"}] if kind == "unsupported" else []
    event = app.message(person.id, fresh("m"), kind, content, **({"errors": errors} if errors else {}))
    assert app.send(app.update(event)).status_code == 200
    (said,) = person.new(1)
    assert "texte" in said.text


def test_what_stands_below_a_picture_is_read(app: Whatsapp, person: Person) -> None:
    picture = {"id": "77", "mime_type": "image/jpeg", "caption": WHEN}
    assert app.send(app.update(app.message(person.id, fresh("m"), "image", picture))).status_code == 200
    assert "1990" in person.new(2)[1].text


def test_the_button_of_a_template_and_the_row_of_a_list_are_read(app: Whatsapp, person: Person) -> None:
    person.greet()
    pressed = app.message(person.id, fresh("m"), "button", {"payload": WHEN, "text": "Quand ?"})
    assert app.send(app.update(pressed)).status_code == 200
    assert "1990" in person.new(1)[0].text
    row = {"type": "list_reply", "list_reply": {"id": "et où ?", "title": "Où ?", "description": "Où ?"}}
    assert app.send(app.update(app.message(person.id, fresh("m"), "interactive", row))).status_code == 200
    assert "San Jose" in person.new(1)[0].text


def test_a_message_that_did_not_arrive_is_logged_by_its_code(app: Whatsapp, person: Person, server: Server) -> None:
    failed = {"code": 131049, "title": "texte-d-erreur", "error_data": {"details": person.id}}
    status = {"id": "wamid.B1", "status": "failed", "timestamp": "1760000001", "recipient_id": person.id}
    assert app.send(app.told({"statuses": [{**status, "errors": [failed]}]})).status_code == 200
    assert server.logged("code 131049")
    assert person.id not in server.log
    assert "texte-d-erreur" not in server.log
    assert app.standin.seen_by(person.id) == []
