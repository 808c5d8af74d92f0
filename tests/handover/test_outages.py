"""Nothing that a visitor or an agent writes is lost in silence: Chatwoot away, hours over, a restart, a pause."""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from channels import pause as switch
from channels.pause import pause_file
from channels.texts import TEXTS
from tests.handover.conftest import ASKED, WHEN, Guest, Office
from tests.messaging.standin import Answer
from tests.waiting import eventually
from tools.pause import pause, resume

MARK = "budget zorglubmarque"
APOLOGY = "Je n'arrive pas à joindre une personne en ce moment, je le regrette."
DAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
Open = Callable[..., Office]


@pytest.fixture
def open_office(tmp_path: Path) -> Iterator[Open]:
    """Starts an office with variables of its own."""
    opened: list[Office] = []

    def start(**variables: str) -> Office:
        opened.append(Office(tmp_path, **variables))
        opened[-1].start()
        return opened[-1]

    yield start
    for office in opened:
        office.close()


def expect_apology(office: Office, guest: Guest) -> None:
    """Ask for a person, in vain: the visitor is told, has the e-mail, and the assistant still answers."""
    guest.says(f"Quel est le {MARK} ?")
    answer = guest.ask(guest.offered()["Parler à une personne"])
    assert answer["person"] is False
    text = answer["messages"][-1]["text"]
    assert text.startswith(APOLOGY)
    assert "aamaya@iom.int" in text
    assert "](mailto:aamaya@iom.int?subject=" in text
    assert "numéro d'urgence" in text
    assert "1990" in guest.says(WHEN)
    assert eventually(lambda: "ERROR channels.guarded" in office.log or "chatwoot, " in office.log)
    assert MARK not in office.log


@pytest.mark.parametrize(
    "broken",
    [
        Answer(401, {"error": "Invalid Access Token"}),
        Answer(404, {"error": "Not Found"}),
        Answer(200, "<html>bonjour</html>"),
        Answer(200, {"payload": []}),
        Answer(500, {"error": MARK}),
    ],
    ids=["401", "404", "no JSON", "other JSON", "500"],
)
def test_what_chatwoot_refuses_the_visitor_is_told(office: Office, guest: Guest, broken: Answer) -> None:
    office.chatwoot.broken = broken
    try:
        expect_apology(office, guest)
    finally:
        office.chatwoot.broken = None


def test_while_chatwoot_is_down_the_visitor_is_told(office: Office, guest: Guest) -> None:
    office.chatwoot.stop()
    try:
        expect_apology(office, guest)
    finally:
        office.chatwoot.again()
    assert guest.handed_over().says("Bonjour madame") == ""


def test_while_chatwoot_does_not_answer_the_visitor_does_not_wait_for_ever(office: Office, guest: Guest) -> None:
    office.chatwoot.slow = 6.0
    began = time.monotonic()
    try:
        expect_apology(office, guest)
    finally:
        office.chatwoot.slow = 0.0
    assert time.monotonic() - began < 20


def test_a_wrong_token_hands_nothing_over_and_leaves_no_open_conversation(open_office: Open) -> None:
    office = open_office(CHATWOOT_TOKEN="un-autre-jeton")
    expect_apology(office, Guest(office.running))
    assert office.chatwoot.refused == ["token"]
    assert [(talk.status, talk.said) for talk in office.chatwoot.talks.values()] == [("resolved", [])]
    assert office.logged("messages : HTTP 401")


def test_a_message_that_is_not_passed_on_is_not_lost_in_silence(office: Office, guest: Guest) -> None:
    guest.handed_over()
    office.chatwoot.stop()
    try:
        said = guest.says(MARK)
        assert said.startswith("Votre message n'est peut-être pas arrivé")
        assert "aamaya@iom.int" in said
        assert "numéro d'urgence" in guest.says("mon mari me frappe")
        assert guest.says("reprendre l'assistant") == TEXTS["assistant_repris"]
    finally:
        office.chatwoot.again()
    assert "1990" in guest.says(WHEN)
    assert MARK not in office.log


def test_erased_although_chatwoot_is_down(office: Office, guest: Guest) -> None:
    guest.handed_over()
    office.chatwoot.stop()
    try:
        assert guest.erase().status_code == 200
    finally:
        office.chatwoot.again()
    assert office.chatwoot.answers(office.chatwoot.newest, "Allô ?") == 410


def test_outside_the_hours_a_message_can_be_left(open_office: Open) -> None:
    day = DAYS[(datetime.now(timezone.utc) + timedelta(days=3)).weekday()]
    office = open_office(CHATWOOT_HORAIRES=f"{day} 9:00-10:30", CHATWOOT_FUSEAU="UTC")
    guest = Guest(office.running)
    offer = guest.ask(ASKED)["messages"][-1]
    assert offer["text"].startswith("Personne ne répond maintenant.")
    assert f"quelqu'un le lira {day}" in offer["text"]
    assert " à 9 h, avec notre conversation" in offer["text"]
    assert "](mailto:" in offer["text"]
    assert [button["title"] for button in offer["buttons"]] == ["Laisser un message", "Joindre notre conversation"]
    assert office.chatwoot.calls == []
    told = guest.ask(offer["buttons"][0]["payload"])
    assert told["person"] is True
    assert "Écrivez maintenant votre message" in told["messages"][0]["text"]
    assert " à 9 h au plus tôt." in told["messages"][0]["text"]
    guest.says("Rappelez-moi")
    assert office.chatwoot.talk().said == [TEXTS["demande"], "Rappelez-moi"]


def test_after_a_restart_the_person_still_has_the_conversation(open_office: Open) -> None:
    office = open_office()
    guest = Guest(office.running).handed_over()
    number = office.chatwoot.newest
    told = office.chatwoot.message(number, "Avant")
    office.chatwoot.send(told)
    office.stop()
    office.start()
    again = Guest(office.running, token=guest.token)
    assert again.post("conversations", {"conversation": guest.token}).json() == {"conversation": guest.token}
    assert again.says("Toujours là ?") == ""
    office.chatwoot.send(told)
    office.chatwoot.answers(number, "Après")
    assert again.new() == (["Avant", "Après"], True)
    office.chatwoot.resolves(number)
    assert again.new() == ([TEXTS["personne_partie"]], False)


def test_a_pause_silences_both_sides(office: Office, guest: Guest) -> None:
    guest.handed_over()
    file = pause_file(office.running.launcher.settings)
    pause(file, "Revenez demain.", datetime.now().astimezone())
    time.sleep(switch.INTERVAL)
    try:
        assert guest.says(WHEN).startswith("Revenez demain.")
        assert office.chatwoot.answers(office.chatwoot.newest, "Trop tôt") == 503
    finally:
        resume(file)
        time.sleep(switch.INTERVAL)
    assert guest.says("Et maintenant ?") == ""
    assert office.chatwoot.talk().said[1:] == ["Et maintenant ?"]


@pytest.mark.parametrize(
    "variable, value",
    [("CHATWOOT_HORAIRES", "toujours"), ("CHATWOOT_WEBHOOK_SECRET", "court"), ("CHATWOOT_URL", "http://exemple.org")],
)
def test_with_a_value_that_will_not_do_nobody_is_offered_and_the_log_says_why(
    open_office: Open, variable: str, value: str
) -> None:
    office = open_office(**{variable: value})
    assert list(Guest(office.running).offered()) == ["Joindre notre conversation"]
    assert office.logged(f"chatwoot : {variable} : ")
    assert office.chatwoot.send({}) == 404
    assert logging.getLevelName(logging.ERROR) in office.log
