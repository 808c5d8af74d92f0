"""What every messaging app does, with a running assistant and the app's stand-in."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.messaging.app import App
from tests.messaging.conftest import Person, Server, fresh
from tests.messaging.standin import Answer

WHEN = "Quand l'OCAM a-t-elle été créée ?"


def test_a_new_person_is_told_that_it_is_a_program_and_how_to_erase(person: Person) -> None:
    first, answer = person.ask(WHEN, 2)
    assert "programme" in first.text and "efface mes données" in first.text
    assert "1990" in answer.text and "Source : " in answer.text
    assert "programme" not in person.ask("et où ?")[0].text


def test_a_follow_up_is_understood(person: Person) -> None:
    person.greet().ask(WHEN)
    assert "San Jose" in person.ask("et où ?")[0].text


def test_choices_are_shown_without_payloads_and_answered(person: Person) -> None:
    (choices,) = person.greet().ask("nombre")
    shown = choices.text + "".join(label for label, _ in choices.buttons)
    assert "/choix" not in shown and "{" not in shown
    if person.app.buttons:
        assert len(choices.buttons) == 4
    else:
        assert "\n1. " in choices.text
    (answer,) = person.press(choices, 0)
    assert "Source : " in answer.text


@pytest.mark.parametrize("written", ["2", "2.", "le deuxième"])
def test_a_choice_is_answered_by_its_number_and_by_its_place(person: Person, written: str) -> None:
    person.greet().ask("nombre")
    assert "Source : " in person.ask(written)[0].text


def test_erasing_is_confirmed_and_forgets(person: Person) -> None:
    person.greet().ask(WHEN)
    assert "effacée" in person.ask("efface mes données")[0].text
    first, answer = person.ask("et où ?", 2)
    assert "programme" in first.text
    assert "San Jose" not in answer.text


def test_my_data_says_what_is_kept_and_how_long(person: Person) -> None:
    (said,) = person.greet().ask("Mes données")
    assert "24 heures" in said.text


def test_what_does_not_come_from_the_app_is_refused(app: App, person: Person) -> None:
    answers = app.forged(person.id, WHEN, fresh("m"))
    assert len(answers) >= 3
    assert {answer.status_code for answer in answers} == {403}
    assert app.standin.seen_by(person.id) == []


def test_the_same_message_again_is_answered_once(app: App, person: Person) -> None:
    person.greet()
    again = fresh("m")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: app.text(person.id, WHEN, again), range(4)))
    assert {answer.status_code for answer in answers} == {200}
    person.new(1)
    assert app.text(person.id, WHEN, again).status_code == 200
    assert [shown.text for shown in person.ask("et où ?")] == [app.standin.seen_by(person.id)[-1].text]


def test_what_apps_tell_without_a_message_gets_silence(app: App, person: Person) -> None:
    for answer in app.ignored(person.id, fresh("m")):
        assert answer.status_code == 200
    assert app.standin.seen_by(person.id) == []


def test_a_picture_gets_a_polite_line(app: App, person: Person) -> None:
    assert app.media(person.id, fresh("m")).status_code == 200
    assert "texte" in person.new(1)[-1].text


def test_a_text_of_10_kB_gets_a_line_and_no_error(person: Person) -> None:
    assert "trop long" in person.greet().ask("migration " * 1024)[-1].text


def test_people_who_write_at_once_get_their_own_answers_in_order(app: App) -> None:
    people = [Person(app, app.person(fresh("p"))).greet() for _ in range(4)]

    def talk(person: Person) -> list[str]:
        return [person.ask(text)[0].text for text in (WHEN, "et où ?", "et qui l'a demandée ?")]

    with ThreadPoolExecutor(4) as pool:
        talks = list(pool.map(talk, people))
    assert all(said == talks[0] for said in talks)
    assert "1990" in talks[0][0] and "San Jose" in talks[0][1]


def test_an_app_that_is_busy_is_called_again(app: App, person: Person) -> None:
    person.greet()
    app.standin.fail(Answer(429, {}, {"retry-after": "1"}), Answer(503, {}))
    assert "1990" in person.ask(WHEN)[-1].text


def test_an_app_that_refuses_leaves_a_line_without_a_text(app: App, person: Person, server: Server) -> None:
    person.greet()
    app.standin.fail(Answer(400, {"error": {"message": "no", "code": 100}}))
    assert app.text(person.id, "Que veut dire le sigle OCAM exactement ?", fresh("m")).status_code == 200
    person.ask("bonjour")
    assert server.logged("HTTP 400")
    assert "sigle OCAM" not in server.log
    assert person.id not in server.log


def test_after_a_restart_choices_count_and_what_was_answered_is_not_answered_again(server: Server) -> None:
    """All apps at once, since a start takes its time."""
    people = [Person(app, app.person(fresh("p"))).greet() for app in server.apps]
    again = [fresh("m") for _ in people]  # two apps may share a webhook, and with it the ids of messages
    offered = []
    for person, id in zip(people, again, strict=True):
        person.app.text(person.id, WHEN, id)
        person.new(1)
        offered += person.ask("directeur OIM")  # in doubt whatever was said before
    server.stop()
    server.start()
    for person, id, choices in zip(people, again, offered, strict=True):
        assert person.app.text(person.id, WHEN, id).status_code == 200
        (answer,) = person.press(choices, 1)
        assert "Source : " in answer.text, person.app.name


def test_the_stand_in_is_strict(app: App) -> None:
    before = len(app.standin.shown)
    answers = app.malformed()
    assert len(answers) >= 5
    assert all(answer.status_code >= 400 or '"ok": false' in answer.text for answer in answers)
    assert len(app.standin.shown) == before


def test_the_app_had_nothing_to_refuse(app: App, person: Person) -> None:
    """A whole talk: text, choice, button, picture, erasure."""
    (choices,) = person.greet().ask("nombre")
    person.press(choices, 0)
    app.media(person.id, fresh("m"))
    person.new(1)
    person.ask("efface mes données")
    assert app.standin.refused == []
