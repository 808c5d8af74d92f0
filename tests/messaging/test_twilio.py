"""What SMS and WhatsApp through Twilio have of their own."""

import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
import yaml
from twilio.base.version import Version  # type: ignore[import-untyped]
from twilio.rest.api.v2010.account.message import MessageInstance  # type: ignore[import-untyped]

from assistant.dialogue.wording import MAIL_SUBJECT, PAGE_INVITES, PRIVACY_PAGE, buttons_for, contact_text, source_line
from assistant.french import fold
from assistant.knowledge.base import Knowledge
from assistant.knowledge.records import Fact
from assistant.settings import ROOT
from channels.handover.store import Handover
from channels.messaging.rendering import Said, numbered, parts
from channels.messaging.sending import NotSent
from channels.messaging.sms import brief, segments
from channels.messaging.stops import Stops
from channels.texts import TEXTS
from channels.twilio_sms import TEXT_LIMIT, Twilio
from tests.as_it_comes import as_it_comes
from tests.messaging.app import App
from tests.messaging.conftest import Person, Server, fresh
from tests.messaging.standin import Answer, Call
from tests.messaging.test_contract import WHEN
from tests.messaging.twilio import (
    ACCOUNT,
    MEDIA,
    OTHER_SMS,
    SMS,
    TOKEN,
    WHATSAPP,
    Messages,
    TwilioApp,
    TwilioSms,
    TwilioWhatsApp,
    error,
    sid,
    sign,
)
from tests.waiting import eventually

KNOWLEDGE: Knowledge = as_it_comes()
SOURCES = tuple(KNOWLEDGE.sources.values())
#: The answers that no three segments hold, whatever is left out around them.
LONG = {"pisani.citation"}


@pytest.fixture(params=(TwilioSms, TwilioWhatsApp), ids=("sms", "whatsapp"))
def app(request: pytest.FixtureRequest, server: Server) -> App:
    app = next(app for app in server.apps if type(app) is request.param)
    app.standin.refused.clear()
    return app


@pytest.fixture
def twilio(app: App) -> TwilioApp:
    assert isinstance(app, TwilioApp)
    return app


def _sms(server: Server) -> TwilioSms:
    return next(app for app in server.apps if isinstance(app, TwilioSms))


def _whatsapp(server: Server) -> TwilioWhatsApp:
    return next(app for app in server.apps if isinstance(app, TwilioWhatsApp))


def _silent(person: Person, text: str) -> bool:
    """Write, and return whether nothing was sent: the answer to the webhook waits for what is sent."""
    before = len(person.app.standin.calls)
    assert person.app.text(person.id, text, fresh("m")).status_code == 200
    return len(person.app.standin.calls) == before


# What is shown, for every fact and every response


@pytest.mark.parametrize("fact", KNOWLEDGE.facts.values(), ids=lambda fact: fact.id)
def test_every_fact_is_a_short_sms_with_every_word(fact: Fact) -> None:
    whole = f"{fact.answer}\n{source_line(KNOWLEDGE.sources[fact.source])}"
    text = brief(whole, SOURCES)
    said, line = text.rsplit("\n", 1)
    assert fold(said) == fold(fact.answer)
    assert fold(line) == "source site en francais de l oim"
    assert segments(text) <= (4 if fact.id in LONG else 3)
    assert segments(text) < segments(whole)
    assert parts(whole, TEXT_LIMIT) == [whole]


def test_most_facts_are_one_segment_or_two() -> None:
    texts = [f"{fact.answer}\n{source_line(KNOWLEDGE.sources[fact.source])}" for fact in KNOWLEDGE.facts.values()]
    short = [segments(brief(text, SOURCES)) for text in texts]
    assert sum(number <= 2 for number in short) >= 0.9 * len(short)
    assert sum(short) < 0.4 * sum(map(segments, texts))


def _responses() -> list[tuple[str, Said]]:
    """Return every response with the longest words and the longest choices that it can have."""
    longest = sorted(KNOWLEDGE.facts.values(), key=lambda fact: len(fact.question))[-3:]
    choices = buttons_for((*(fact.id for fact in longest), "autre"), KNOWLEDGE)
    contact = KNOWLEDGE.contacts[0]
    words = {
        "nom": contact.name,
        "courriel": contact.email,
        "titre": SOURCES[0].title,
        "services": "\nSecours (El Salvador) : 911",
        "libelle": max((unknown.label for unknown in KNOWLEDGE.unknowns.values()), key=len),
        "mot": max((unknown.said for unknown in KNOWLEDGE.unknowns.values() if unknown.said), key=len),
        "du_nom": "du Haut-Commissariat des Nations unies pour les réfugiés",
        "suite": f"Vous pouvez poser votre question à {contact_text(contact)}.",
        "a_qui_ecrire": f"{PAGE_INVITES} {contact_text(contact)}.",
        "objet": MAIL_SUBJECT,
        "horaires": " Une personne répond du lundi au vendredi, de 9 h à 12 h 30 et de 13 h 30 à 17 h.",
        "retour": "mercredi prochain à 13 h 30",
        "confidentialite": f"\n{PRIVACY_PAGE} https://www.exemple.org/donnees-personnelles",
    }
    found = []
    for path in sorted((ROOT / "data" / "responses").glob("*.yml")):
        for name, variants in yaml.safe_load(path.read_text("utf-8"))["responses"].items():
            own_words = [one for one in variants if one.get("channel") == "twilio"]
            for_all = [one for one in variants if "channel" not in one]
            found += [(name, Said(one["text"].format(**words), choices)) for one in own_words or for_all]
    own = "vide trop_long excuse presentation sans_texte mes_donnees".split()
    return found + [(name, Said(TEXTS[name].format(heures=24, maximum=500))) for name in own]


@pytest.mark.parametrize(("name", "said"), _responses(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_response_is_whole_and_within_the_limit(name: str, said: Said) -> None:
    whole = numbered(said)
    assert "/choix" not in whole and "{" not in whole
    for text in (whole, brief(whole, SOURCES)):
        assert parts(text, TEXT_LIMIT) == [text]
        assert re.sub(r"\W", "", fold(text)) == re.sub(r"\W", "", fold(whole))
        assert re.findall(r"\S+@\S+", text) == re.findall(r"\S+@\S+", whole)
    # What WhatsApp takes for bold, italics, struck out or code would change what is read.
    assert not re.search(r"[*_~`]", re.sub(r"\S+@\S+", "", whole))
    alphabet = "arabic" if name.endswith("_ar") else "latin"
    assert segments(brief(whole, SOURCES)) <= {"arabic": 8, "latin": 4}[alphabet]


def test_no_fact_has_what_whatsapp_takes_for_formatting() -> None:
    assert not [fact.id for fact in KNOWLEDGE.facts.values() if re.search(r"[*_~`]", fact.answer + fact.question)]


def test_a_source_keeps_its_address_in_an_sms() -> None:
    changes = {"publisher": "Éditeur français", "date": "2020", "address": "https://a.org/b"}
    source = SOURCES[0].copy(update=changes)
    text = brief(f"Réponse{' longue' * 10}.\n{source_line(source)}", [source])
    assert text.endswith("\nSource : Éditeur francais, 2020, https://a.org/b")
    # An address with a letter that costs more is sent as it is.
    odd = source.copy(update={"address": "https://a.org/reçus"})
    assert brief(f"Réponse{' longue' * 10}.\n{source_line(odd)}", [odd]).endswith("https://a.org/reçus")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ç" * 70, 1),
        ("ç" * 71, 2),
        ("ç" * 134, 2),
        ("ç" * 135, 3),
        ("🙂" * 35, 1),
        ("🙂" * 36, 2),
    ],
)
def test_segments_are_counted_as_the_network_does(text: str, number: int) -> None:
    assert segments(text) == number


def test_accents_stay_where_they_cost_nothing() -> None:
    assert brief("Ça a été créé à Genève : reçu.", ()) == "Ça a été créé à Genève : reçu."
    assert brief("« Reçu » là, où l'œuvre naît…" + " a" * 30, ()).startswith('"Recu" là, où l\'oeuvre nait...')
    assert brief("يؤسفني ما تقوله" * 9, ()) == "يؤسفني ما تقوله" * 9


# Signature


def test_signatures_are_those_of_twilio_s_documentation() -> None:
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert sign(fields, "12345", url) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_the_webhook_answers_twiml_and_takes_no_get(twilio: TwilioApp, person: Person) -> None:
    answer = twilio.text(person.id, "bonjour", fresh("m"))
    assert answer.headers["content-type"].startswith("text/xml")
    assert answer.text == '<?xml version="1.0" encoding="UTF-8"?><Response/>'
    assert twilio.client is not None
    fields = {**twilio.head(person.id, fresh("m")), "Body": "bonjour"}
    shown = {"x-twilio-signature": sign(fields)}
    assert twilio.client.get("/webhooks/twilio/webhook", params=fields, headers=shown).status_code == 403


def test_fields_that_twilio_adds_and_empty_ones_are_signed_too(twilio: TwilioApp, person: Person) -> None:
    fields = {**twilio.head(person.id, fresh("m")), "Body": WHEN, "NewField": "", "ChannelMetadata": '{"é": "œ"}'}
    assert twilio.send(fields).status_code == 200
    person.new(2)


def test_a_signed_request_without_a_sender_is_unreadable(twilio: TwilioApp) -> None:
    assert twilio.send({"MessageSid": sid(fresh("m")), "To": twilio.to, "Body": "a"}).status_code == 400


# Who is answered, from which number


def test_the_number_that_was_written_to_answers(server: Server) -> None:
    sms, whatsapp = _sms(server), _whatsapp(server)
    for app, to, expected in (
        (sms, SMS, SMS),
        (sms, OTHER_SMS, OTHER_SMS),
        (sms, "+33755555555", OTHER_SMS),  # none of ours: the first one
        (whatsapp, WHATSAPP, WHATSAPP),
        (whatsapp, "whatsapp:+33755555555", WHATSAPP),
    ):
        person = Person(app, app.person(fresh("p")))
        app.standin.senders.clear()
        assert app.send({**app.head(person.id, fresh("m")), "To": to, "Body": "bonjour"}).status_code == 200
        person.new(2)
        assert set(app.standin.senders) == {expected}


def test_machines_are_not_answered(server: Server) -> None:
    app = _sms(server)
    before = len(app.standin.calls)
    for sender in ("36180", "BANQUE", SMS, OTHER_SMS, WHATSAPP):
        assert app.text(sender, "bonjour", fresh("m")).status_code == 200
    assert len(app.standin.calls) == before


def test_voice_notes_and_places_get_a_polite_line_and_a_caption_its_answer(twilio: TwilioApp, person: Person) -> None:
    person.greet()
    voice = {**MEDIA, "MediaContentType0": "audio/ogg"}
    place = {"Latitude": "48.85", "Longitude": "2.35", "Address": "Paris", "Label": "", "Body": "Paris"}
    for fields in ({**voice, "Body": ""}, place, {"Body": "  "}):
        assert twilio.send({**twilio.head(person.id, fresh("m")), **fields}).status_code == 200
        assert "texte" in person.new(1)[-1].text
    assert twilio.send({**twilio.head(person.id, fresh("m")), **MEDIA, "Body": WHEN}).status_code == 200
    assert "1990" in person.new(1)[-1].text


def test_a_title_typed_is_its_answer(person: Person) -> None:
    (choices,) = person.greet().ask("création")
    title = choices.text.split("\n1. ")[1].splitlines()[0]
    assert "Source : " in person.ask(title)[0].text


def test_an_sms_is_short_and_whatsapp_names_the_whole_source(twilio: TwilioApp, person: Person) -> None:
    (answer,) = person.greet().ask(WHEN)
    assert ("« L'OIM lance" in answer.text) == (twilio.to == WHATSAPP)
    if twilio.to == SMS:
        assert segments(answer.text) == 1


# STOP


@pytest.mark.parametrize("word", ["STOP", "stop.", "ARRET", "ARRÊT", " Arrêt ! ", "STOPALL", "Unsubscribe"])
def test_nothing_is_sent_after_stop_until_start(person: Person, word: str) -> None:
    person.greet()
    assert _silent(person, word)
    assert _silent(person, WHEN)
    assert person.app.media(person.id, fresh("m")).status_code == 200
    assert _silent(person, "YES") and _silent(person, "oui")
    assert "Bonjour" in person.ask("start")[0].text
    assert "1990" in person.ask(WHEN)[0].text


def test_stop_in_a_sentence_is_no_stop(person: Person) -> None:
    person.greet().ask("il faut dire stop à la violence")
    assert "1990" in person.ask(WHEN)[0].text


def test_words_of_a_messaging_service_are_known_by_what_they_mean(twilio: TwilioApp, person: Person) -> None:
    person.greet()
    twilio.send({**twilio.head(person.id, fresh("m")), "Body": "Désabonner", "OptOutType": "STOP"})
    assert _silent(person, WHEN)
    twilio.send({**twilio.head(person.id, fresh("m")), "Body": "Réabonner", "OptOutType": "START"})
    person.new(1)


def test_stop_holds_after_a_restart_and_keeps_no_number(person: Person, server: Server) -> None:
    person.greet()
    assert _silent(person, "STOP")
    server.stop()
    server.start()
    assert _silent(person, WHEN)
    folder = Path(server.launcher.settings.database).parent if server.launcher else Path()
    with sqlite3.connect(folder / "stops.db") as connection:
        rows = [row[0] for row in connection.execute("SELECT * FROM stops")]
    assert rows and all(re.fullmatch(r"twilio-[0-9a-f]{32}", row) for row in rows)
    number = person.id.removeprefix("whatsapp:").removeprefix("+").encode()
    assert [path.name for path in folder.glob("*.db*") if number in path.read_bytes()] == []
    assert number.decode() not in server.log and TOKEN not in server.log


def test_stop_holds_for_sms_and_whatsapp(server: Server) -> None:
    sms, whatsapp = _sms(server), _whatsapp(server)
    number = sms.person(fresh("p"))
    written, called = Person(sms, number).greet(), Person(whatsapp, f"whatsapp:{number}").greet()
    assert _silent(written, "STOP")
    assert _silent(called, WHEN)
    called.ask("START")
    assert "1990" in written.ask(WHEN)[-1].text


def test_an_old_stop_or_start_that_comes_again_undoes_nothing(twilio: TwilioApp, person: Person) -> None:
    person.greet()
    stop, start = fresh("m"), fresh("m")
    twilio.text(person.id, "STOP", stop)
    twilio.text(person.id, "START", start)
    person.new(1)
    twilio.text(person.id, "STOP", stop)
    assert "1990" in person.ask(WHEN)[0].text
    assert _silent(person, "STOP")
    before = len(twilio.standin.calls)
    twilio.text(person.id, "START", start)
    assert len(twilio.standin.calls) == before
    assert _silent(person, WHEN)


def test_who_stopped_can_still_erase(person: Person) -> None:
    person.greet().ask(WHEN)
    assert _silent(person, "STOP")
    assert _silent(person, "efface mes données")
    assert "programme" in person.ask("START", 2)[0].text
    assert "San Jose" not in person.ask("et où ?")[0].text


def test_who_stopped_at_twilio_is_not_called_again(twilio: TwilioApp, person: Person, server: Server) -> None:
    person.greet()
    twilio.standin.stopped.add(person.id)
    before = len(twilio.standin.calls)
    assert twilio.text(person.id, WHEN, fresh("m")).status_code == 200
    assert len(twilio.standin.calls) == before + 1
    assert server.logged("HTTP 400, erreur 21610 de Twilio")
    twilio.standin.stopped.clear()
    assert _silent(person, WHEN)
    person.ask("START")
    assert "1990" in person.ask(WHEN)[0].text


# Sending


def test_too_many_requests_are_sent_again_and_other_errors_are_not(twilio: TwilioApp, person: Person) -> None:
    person.greet()
    twilio.standin.fail(Answer(429, error(429, 20429, "Too Many Requests")))
    assert "1990" in person.ask(WHEN)[0].text
    for status, code in ((400, 21211), (401, 20003), (404, 20404), (400, 63016)):
        twilio.standin.fail(Answer(status, error(status, code)))
        before = len(twilio.standin.calls)
        assert twilio.text(person.id, WHEN, fresh("m")).status_code == 200
        assert len(twilio.standin.calls) == before + 1


def test_stop_counts_while_an_answer_waits_to_be_sent_again(twilio: TwilioApp, person: Person) -> None:
    person.greet()
    twilio.standin.fail(Answer(429, error(429, 20429), {"retry-after": "2"}))
    before = len(twilio.standin.calls)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(twilio.text, person.id, WHEN, fresh("m"))
        assert eventually(lambda: len(twilio.standin.calls) > before)
        twilio.text(person.id, "STOP", fresh("m"))
        assert asked.result().status_code == 200
    assert len(twilio.standin.calls) == before + 1


def test_twilio_s_library_reads_what_the_stand_in_answers() -> None:
    standin = Messages()
    try:
        body = b"To=%2B33612345678&From=%2B33700000001&Body=a"
        login = httpx.BasicAuth(ACCOUNT, TOKEN)._auth_header
        headers = {"authorization": login, "content-type": "application/x-www-form-urlencoded"}
        answer = standin.take(Call("POST", f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json", headers, body))
    finally:
        standin.close()
    assert answer.status == 201
    message = MessageInstance(Version(None, "2010-04-01"), answer.body, ACCOUNT)
    assert (message.to, message.from_, message.body, message.status) == ("+33612345678", SMS, "a", "queued")


def test_the_account_is_tried_without_changing_anything(server: Server) -> None:
    app = _sms(server)
    for token, account, expected in (
        (TOKEN, "active", (200, "")),
        (TOKEN, "suspended", (200, TEXTS["twilio_inactif"])),
        ("autre", "active", (401, TEXTS["twilio_inactif"])),
    ):
        app.standin.account = account
        (probe,) = Twilio({**app.variables, "TWILIO_AUTH_TOKEN": token}).probes()
        answer = httpx.request(probe.method, probe.url, headers=dict(probe.headers), trust_env=False)
        assert (answer.status_code, probe.problem(answer.json())) == expected
        assert token not in probe.url
    app.standin.account = "active"


def test_without_its_variables_the_channel_is_closed() -> None:
    assert Twilio({**dict.fromkeys(Twilio.variables, ""), **Twilio.optional}).missing == list(Twilio.variables)


async def test_who_wrote_stop_is_sent_nothing_and_the_person_who_answers_is_to_know(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_BASE", str(tmp_path / "conversations.db"))
    person = app.person(fresh("p"))
    handover = Handover("c1", "twilio", "contact", 7, {"person": person, "to": ""})
    connector = Twilio({**app.variables, "TWILIO_API": app.standin.url})
    await connector.send_later(handover, "Bonjour")
    assert [shown.text for shown in app.standin.seen_by(person)] == ["Bonjour"]
    Stops(tmp_path / "stops.db").add("twilio", person.removeprefix("whatsapp:"))
    with pytest.raises(NotSent):
        await connector.send_later(handover, "Vous êtes là ?")
    assert len(app.standin.seen_by(person)) == 1
