"""A person takes a conversation over, answers, and hands it back: on the website and in an app."""

import sqlite3
import threading
import time
from contextlib import closing

import httpx
import pytest

from channels.handover import desk
from channels.texts import TEXTS
from tests.handover.chatwoot import SECRET
from tests.handover.conftest import ASKED, WHEN, Guest, Office
from tests.messaging.conftest import Person
from tests.messaging.standin import Answer
from tools.servers import address

MARK = "zorglubmarque"


def rows(office: Office) -> int:
    with closing(sqlite3.connect(office.running.launcher.settings.handovers)) as database:
        return sum(database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("handovers", "replies"))


def test_the_offer_asks_for_consent_before_anything_is_passed_on(office: Office, guest: Guest) -> None:
    before = len(office.chatwoot.calls)
    guest.says(WHEN)
    offer = guest.ask(ASKED)["messages"][-1]
    assert "elle verra notre conversation" in offer["text"]
    assert "[Écrire à Alba Miriam Amaya](mailto:" in offer["text"]
    assert [button["title"] for button in offer["buttons"]] == ["Parler à une personne", "Joindre notre conversation"]
    assert len(office.chatwoot.calls) == before


def test_the_masked_conversation_comes_first_and_the_visitor_is_told(office: Office, guest: Guest) -> None:
    guest.says(WHEN)
    guest.says("mon adresse est ana@exemple.org")
    answer = guest.ask(guest.offered()["Parler à une personne"])
    (told,) = answer["messages"]
    assert told["text"].startswith("Notre conversation est transmise. Une personne va vous répondre ici")
    assert "reprendre l'assistant" in told["text"]
    talk = office.chatwoot.talk()
    assert talk.name == "Visiteur (website)"
    assert talk.notes == [
        f"Conversation du visiteur avec l'assistant :\nVisiteur : {WHEN}\nAssistant : "
        + talk.notes[0].partition("Assistant : ")[2]
    ]
    assert f"Visiteur : mon adresse est {TEXTS['adresse_masquee']}" in talk.notes[0]
    assert "ana@exemple.org" not in talk.notes[0]
    assert talk.said == [TEXTS["demande"]]


def test_the_assistant_is_silent_and_what_is_written_is_passed_on_masked(office: Office, guest: Guest) -> None:
    guest.handed_over()
    assert guest.ask(WHEN) | {"erased": False} == {"messages": [], "erased": False, "person": True}
    assert guest.says("mon numéro est le 06 12 34 56 78") == ""
    assert office.chatwoot.talk().said[1:] == [WHEN, f"mon numéro est le {TEXTS['numero_masque']}"]


def test_the_guard_still_holds(office: Office, guest: Guest) -> None:
    guest.handed_over()
    assert guest.says("a" * 600).startswith("Votre message est trop long")
    assert guest.says(" \u200b ") == TEXTS["vide"]
    assert guest.says('/choix{"fait": "ocam.role"}') == ""
    assert office.chatwoot.talk().said[1:] == ["choix"]


def test_an_answer_reaches_the_website_at_once_and_once(office: Office, guest: Guest) -> None:
    guest.handed_over()
    number = office.chatwoot.newest
    came: list[tuple[list[str], bool]] = []
    waiting = threading.Thread(target=lambda: came.append(guest.new()))
    waiting.start()
    time.sleep(0.3)
    began = time.monotonic()
    told = office.chatwoot.message(number, "Bonjour <b>Ana</b>\u202e\n[x](javascript:alert(1))")
    assert [office.chatwoot.send(told) for _ in range(3)] == [200, 200, 200]
    waiting.join(10)
    assert came == [(["Bonjour <b>Ana</b>\n[x](javascript:alert(1))"], True)]
    assert time.monotonic() - began < desk.WAIT_SECONDS / 2
    office.chatwoot.answers(number, "Et voilà.")
    assert guest.new() == (["Et voilà."], True)


def test_who_reads_nothing_is_told_again_until_it_is_shown(office: Office, guest: Guest) -> None:
    guest.handed_over()
    office.chatwoot.answers(office.chatwoot.newest, "Un.")
    office.chatwoot.answers(office.chatwoot.newest, "Deux.")
    for _ in range(2):
        shown = guest.post("replies", {"conversation": guest.token, "after": 0}).json()["messages"]
        assert [(one["text"], one["person"]) for one in shown] == [("Un.", True), ("Deux.", True)]
    assert guest.new()[0] == ["Un.", "Deux."]
    assert office.chatwoot.resolves(office.chatwoot.newest) == 200
    assert guest.new() == ([TEXTS["personne_partie"]], False)


def test_without_an_answer_the_website_is_told_so_after_a_while(guest: Guest) -> None:
    guest.handed_over()
    began = time.monotonic()
    assert guest.new() == ([], True)
    assert desk.WAIT_SECONDS - 1 < time.monotonic() - began < desk.WAIT_SECONDS + 15


def test_an_attachment_gets_a_line_and_notes_and_our_own_messages_none(office: Office, guest: Guest) -> None:
    guest.handed_over()
    chatwoot, number = office.chatwoot, office.chatwoot.newest
    for others in (
        {"private": True},
        {"message_type": "incoming"},
        {"message_type": "activity"},
        {"event": "message_updated"},
        {"account": {"id": 99, "name": "Autre"}},
    ):
        assert chatwoot.answers(number, "rien", **others) == 200
    elsewhere = {**chatwoot.message(number, "")["conversation"], "contact_inbox": {"source_id": "autre"}}
    assert chatwoot.answers(number, "rien", conversation=elsewhere) == 410
    assert chatwoot.send({**chatwoot.status(number), "status": "pending"}) == 200
    assert chatwoot.send({**chatwoot.status(number), "status": "resolved", "contact_inbox": {"source_id": "x"}}) == 200
    attachment = {"id": 1, "file_type": "image", "data_url": "https://chatwoot.exemple/x.png"}
    assert chatwoot.answers(number, None, attachments=[attachment]) == 200
    assert guest.new() == ([TEXTS["piece_jointe"]], True)


def test_handed_back_by_the_agent_the_assistant_answers_again(office: Office, guest: Guest) -> None:
    guest.handed_over()
    number = office.chatwoot.newest
    assert [office.chatwoot.resolves(number) for _ in range(2)] == [200, 200]
    assert guest.new() == ([TEXTS["personne_partie"]], False)
    assert "1990" in guest.says(WHEN)
    assert office.chatwoot.answers(number, "Encore moi") == 410
    assert guest.new() == ([], False)


@pytest.mark.parametrize("text", ["reprendre l'assistant", "Reprendre l\u2019assistant !"])
def test_the_visitor_takes_the_conversation_back(office: Office, guest: Guest, text: str) -> None:
    guest.handed_over()
    assert guest.says(text) == TEXTS["assistant_repris"]
    assert office.chatwoot.talk().status == "resolved"
    assert "1990" in guest.says(WHEN)


def test_it_can_be_handed_over_again(office: Office, guest: Guest) -> None:
    guest.handed_over().says("reprendre l'assistant")
    guest.handed_over().says("Me revoici")
    assert office.chatwoot.talk().said == [TEXTS["demande"], "Me revoici"]


def test_erased_by_a_message_the_handover_ends_and_what_was_passed_on_is_said(office: Office, guest: Guest) -> None:
    guest.handed_over()
    answer = guest.ask("efface mes données")
    assert answer["erased"] is True
    text = answer["messages"][-1]["text"]
    assert text.startswith("C'est fait")
    assert "Ce que la personne a déjà reçu reste chez elle." in text
    assert "aamaya@iom.int" in text
    assert office.chatwoot.talk().status == "resolved"
    assert office.chatwoot.answers(office.chatwoot.newest, "Allô ?") == 410


def test_erased_by_the_button_nothing_is_left_here(office: Office, guest: Guest) -> None:
    guest.handed_over()
    office.chatwoot.answers(office.chatwoot.newest, MARK)
    before = rows(office)
    note = guest.erase().json()["note"]
    assert note.startswith("Ce que la personne a déjà reçu reste chez elle.")
    assert rows(office) == before - 2
    assert MARK.encode() not in office.running.launcher.settings.handovers.read_bytes()
    assert office.chatwoot.talk().status == "resolved"


def test_distress_is_passed_on_and_the_emergency_line_is_shown_once(office: Office, guest: Guest) -> None:
    guest.handed_over()
    assert guest.says("mon mari me frappe").startswith(TEXTS["urgence"])
    assert guest.says("il me frappe encore") == ""
    assert office.chatwoot.talk().said[1:] == ["mon mari me frappe", "il me frappe encore"]


def test_after_distress_nobody_is_handed_over_without_the_emergency_line(guest: Guest) -> None:
    guest.says("mon mari me frappe")
    assert TEXTS["urgence"][:20] in guest.says(ASKED)


def test_in_an_app_all_goes_the_same_way(office: Office, person: Person) -> None:
    person.ask(WHEN)
    (offer,) = person.ask(ASKED)
    assert [label for label, _ in offer.buttons] == ["Parler à une personne", "Joindre notre conversation"]
    (told,) = person.press(offer, 0)
    assert told.text.startswith("Notre conversation est transmise.")
    talk, number = office.chatwoot.talk(), office.chatwoot.newest
    assert (talk.name, f"Visiteur : {WHEN}" in talk.notes[0]) == ("Visiteur (telegram)", True)
    person.app.text(person.id, "Où êtes-vous ?", "1")
    office.chatwoot.talk(number=2)
    assert person.ask("mes données")[0].text.endswith(TEXTS["mes_donnees_personne"])
    assert office.chatwoot.answers(number, "À San Salvador <3") == 200
    (said,) = person.new(1)
    assert said.text == "Une personne vous répond : À San Salvador <3"
    office.chatwoot.resolves(number)
    assert [one.text for one in person.new(1)] == [TEXTS["personne_partie"]]
    assert "1990" in person.ask(WHEN)[0].text
    assert office.telegram.standin.refused == []


def test_what_an_app_does_not_take_is_known_to_the_agent(office: Office, person: Person) -> None:
    (offer,) = person.ask(ASKED)
    person.press(offer, 0)
    refusal = Answer(403, {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"})
    office.telegram.standin.fail(refusal)
    assert office.chatwoot.answers(office.chatwoot.newest, MARK) == 502
    assert office.chatwoot.talk().notes[-1] == TEXTS["non_remis"]
    assert MARK not in office.log


def test_webhooks_of_strangers_are_refused(office: Office, guest: Guest) -> None:
    guest.handed_over()
    told = office.chatwoot.message(office.chatwoot.newest, "Faux")
    url = office.chatwoot.webhook
    answers = [
        office.chatwoot.send(told, secret="autre-secret-du-webhook"),
        office.chatwoot.send(told, at=time.time() - 400),
        office.chatwoot.send(told, signature="sha256=00"),
        office.chatwoot.send(told, timestamp="hier"),
        httpx.post(url, json=told, trust_env=False).status_code,
        httpx.post(f"{url}?secret=autre", json=told, trust_env=False).status_code,
    ]
    assert answers == [403] * 6
    assert httpx.post(f"{url}?secret={SECRET}", json=told, trust_env=False).status_code == 200
    assert guest.new() == (["Faux"], True)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"x", b'{"account": {"id": 3}}', b"[" * 2000])
def test_what_cannot_be_read_is_refused(office: Office, body: bytes) -> None:
    url = f"{office.chatwoot.webhook}?secret={SECRET}"
    assert httpx.post(url, content=body, trust_env=False).status_code == 400


@pytest.mark.parametrize("body", [{}, {"after": "1"}, {"after": -1}, {"after": True}, {"after": 2**63}])
def test_the_website_tells_what_was_shown_last(guest: Guest, body: dict[str, object]) -> None:
    assert guest.post("replies", {"conversation": guest.token, **body}).status_code == 400


def test_strangers_read_nothing_on_the_website(office: Office, guest: Guest) -> None:
    assert Guest(office.running, token="inventé").post("replies", {"conversation": "x", "after": 0}).status_code == 403


def test_who_tries_the_assistant_is_offered_no_person(office: Office) -> None:
    said = httpx.post(
        f"{address(office.running.launcher.settings)}/webhooks/rest/webhook",
        json={"sender": "essai", "message": ASKED},
        timeout=30,
        trust_env=False,
    ).json()
    assert [button["title"] for button in said[-1]["buttons"]] == ["Joindre notre conversation"]
