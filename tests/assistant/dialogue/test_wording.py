"""What is said for each decision."""

import json
import re
from dataclasses import replace
from typing import get_args

import pytest
import yaml

from assistant.dialogue.decide import SMALL_TALK, choose
from assistant.dialogue.explain import explain
from assistant.dialogue.records import OTHER, Decision, Kind
from assistant.dialogue.wording import CHOICE_ENTITY, CORRECTION, buttons_for, source_line, word
from assistant.knowledge.base import Knowledge
from assistant.knowledge.records import EmergencyService, Organisation
from assistant.settings import ROOT

LANGUAGES = ("fr", "es", "en", "pt", "ar", "ht")


@pytest.fixture(scope="module")
def responses() -> dict[str, str]:
    files = (ROOT / "data" / "responses").glob("*.yml")
    found = [yaml.safe_load(path.read_text("utf-8"))["responses"] for path in files]
    return {name: texts[0]["text"] for part in found for name, texts in part.items()}


def test_every_fact_is_answered_with_its_source_as_the_last_line_and_only_there(knowledge: Knowledge) -> None:
    for fact_id, fact in knowledge.facts.items():
        text = word(Decision("answer", "best", (fact_id,)), knowledge).text or ""
        *answer, last = text.split("\n")
        assert answer == [fact.answer]
        assert last.startswith("Source : ")
        assert "\n\n" not in text


def test_the_contact_is_given_whole_with_its_source(knowledge: Knowledge) -> None:
    text = word(Decision("contact", "only", contact="amaya"), knowledge).text or ""
    for part in ("Alba Miriam Amaya", "OIM El Salvador, Guatemala et Honduras", "aamaya@iom.int", "\nSource : "):
        assert part in text


def test_an_office_that_the_source_does_not_cover_is_refused_first(knowledge: Knowledge) -> None:
    text = (
        word(Decision("contact", "uncovered", contact="amaya", uncovered="pour ce pays (Nicaragua)"), knowledge).text
        or ""
    )
    assert text.startswith("Ma source ne donne pas de contact")
    assert "Nicaragua" in text
    assert "aamaya@iom.int" in text


def test_who_took_the_contact_to_be_elsewhere_is_told_otherwise_first(knowledge: Knowledge) -> None:
    text = word(Decision("contact", "only", contact="amaya", corrects=True), knowledge).text or ""
    assert text.startswith(f"{CORRECTION}\n")
    assert "aamaya@iom.int" in text
    assert text.split("\n")[-1].startswith("Source : ")


def test_a_refusal_names_what_was_asked(knowledge: Knowledge, responses: dict[str, str]) -> None:
    reply = word(Decision("refusal", "near-miss", ("oim.sigle",), "oim", unknown="budget"), knowledge)
    said = responses[reply.response or ""].format(**reply.variables)
    assert said.startswith("Ma source ne donne pas le budget de l'OIM.")


def test_a_refusal_of_another_name_contracts_its_article(knowledge: Knowledge, responses: dict[str, str]) -> None:
    reply = word(Decision("refusal", "unknown name", other_name="hcr"), knowledge)
    assert responses[reply.response or ""].format(**reply.variables).startswith("Ma source ne parle pas du HCR.")


def test_every_kind_of_decision_is_worded_by_a_response_that_exists(
    knowledge: Knowledge, responses: dict[str, str]
) -> None:
    decisions = [
        Decision(kind, "", ("oim.sigle",), contact="amaya", topic="merci", language=language)
        for kind in get_args(Kind)
        for language in (*LANGUAGES, "autre", None)
    ]
    decisions += [Decision("small_talk", "", topic=topic) for topic in SMALL_TALK]
    decisions += [Decision("refusal", ""), Decision("refusal", "", subject="ocam")]
    for decision in decisions:
        reply = word(decision, knowledge)
        said = reply.text or responses[reply.response or ""].format(**reply.variables)
        assert said
        assert "{" not in said
        if decision.kind not in {"answer", "contact"}:
            assert "Source :" not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_distress_gives_the_operators_services_and_never_the_pages_contact(
    knowledge: Knowledge, responses: dict[str, str], language: str
) -> None:
    service = EmergencyService.parse_obj({"nom": "Un service", "numero": "00 00", "pays": "FR"})
    reply = word(Decision("distress", "distress", language=language), replace(knowledge, emergency_services=(service,)))
    said = responses[reply.response or ""].format(**reply.variables)
    assert reply.response == f"utter_detresse_{language}"
    assert said.endswith("\nUn service (France) : 00 00")
    assert "iom.int" not in said
    assert reply.buttons == ()


def test_without_services_distress_gives_no_number(knowledge: Knowledge, responses: dict[str, str]) -> None:
    for language in LANGUAGES:
        reply = word(Decision("distress", "distress", language=language), replace(knowledge, emergency_services=()))
        assert not re.search(r"\d", responses[reply.response or ""].format(**reply.variables))


def test_a_button_shows_the_question_and_sends_what_is_answered(knowledge: Knowledge) -> None:
    (button,) = buttons_for(("ocam.role",), knowledge)
    assert button.title == knowledge.facts["ocam.role"].question
    assert json.loads(button.payload.removeprefix("/choix")) == {CHOICE_ENTITY: "ocam.role"}
    assert choose("ocam.role", knowledge) is not None


def test_pourquoi_shows_decision_scores_thresholds_source_and_quote(knowledge: Knowledge) -> None:
    told = explain(Decision("answer", "follow-up", ("ocam.role",), "ocam", model="m1", knowledge="k1"), knowledge)
    for part in ("réponse", "ocam.role", "Seuils", "m1", "k1", "Source", knowledge.facts["ocam.role"].quotes[0]):
        assert part in told


def test_pourquoi_shows_the_quote_of_a_contact_too(knowledge: Knowledge) -> None:
    told = explain(Decision("contact", "only", contact="amaya"), knowledge)
    assert knowledge.contacts[0].quotes[0] in told


def test_what_is_not_known_is_said_of_the_organisation_not_of_its_site(knowledge: Knowledge) -> None:
    reply = word(Decision("refusal", "near-miss", subject="site", unknown="salaire"), knowledge)
    assert reply.variables["libelle"] == "les salaires de l'OIM"


def test_an_answer_that_corrects_says_so_before_it_and_keeps_its_source(knowledge: Knowledge) -> None:
    plain = word(Decision("answer", "best", ("ocam.date_creation",)), knowledge).text
    corrected = word(Decision("answer", "best", ("ocam.date_creation",), corrects=True), knowledge).text
    assert corrected == f"{CORRECTION}\n{plain}"
    assert CORRECTION == "Ma source dit autre chose :"


@pytest.mark.parametrize(
    ("kind", "shown"),
    [("choices", True), ("clarify", True), ("refusal", False), ("off_topic", False), ("answer", False)],
)
def test_other_than_what_is_offered_stands_behind_choices_only(knowledge: Knowledge, kind: Kind, shown: bool) -> None:
    """Behind a refusal there is nothing else to choose."""
    buttons = word(Decision(kind, "", ("ocam.role", "oim.sigle")), knowledge).buttons
    assert [
        button.title for button in buttons if json.loads(button.payload.removeprefix("/choix"))["fait"] == OTHER
    ] == (["Autre chose"] if shown else [])
    if shown:
        assert buttons[-1].title == "Autre chose"


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        (
            Decision("refusal", "near-miss", subject="ocam", unknown="budget"),
            "Ma source ne donne pas le budget de l'OCAM.",
        ),
        (Decision("refusal", "unknown name", other_name="hcr"), "Ma source ne parle pas du HCR."),
        (Decision("refusal", "near-miss", subject="ocam"), "Je ne sais pas, ma source ne le dit pas."),
    ],
)
def test_a_refusal_that_offers_nothing_says_whom_to_write_to(
    knowledge: Knowledge, responses: dict[str, str], decision: Decision, said: str
) -> None:
    reply = word(decision, knowledge)
    text = responses[reply.response or ""].format(**reply.variables)
    assert text.startswith(f"{said} Vous pouvez poser votre question à Alba Miriam Amaya")
    assert text.endswith("aamaya@iom.int.")
    assert reply.buttons == ()


@pytest.mark.parametrize("facts", [("ocam.role",), ("ocam.role", "ocam.nom")])
def test_a_refusal_that_offers_something_gives_no_address(
    knowledge: Knowledge, responses: dict[str, str], facts: tuple[str, ...]
) -> None:
    reply = word(Decision("refusal", "near-miss", facts, subject="ocam"), knowledge)
    text = responses[reply.response or ""].format(**reply.variables)
    assert text.endswith("Voici ce qu'elle dit sur l'OCAM :")
    assert len(reply.buttons) == len(facts)


@pytest.fixture
def own(knowledge: Knowledge) -> Knowledge:
    """Return the knowledge of an organisation that said whom to write to, and where its page on personal data is."""
    said = {"nom": "Le club", "courriel": "ecrire@club.fr", "confidentialite": "https://club.fr/donnees"}
    return replace(knowledge, organisation=Organisation.parse_obj(said))


@pytest.mark.parametrize(
    "decision",
    [
        Decision("refusal", "near-miss", subject="ocam"),
        Decision("write_to", "second failure"),
        Decision("write_to", "chosen"),
        Decision("small_talk", "", topic="humain"),
        *(Decision("other_language", "", language=language) for language in ("es", "en", "pt", "ar", "ht", None)),
    ],
    ids=lambda decision: f"{decision.kind} {decision.reason}{decision.topic or decision.language or ''}",
)
def test_the_organisations_own_contact_is_given_instead_of_the_pages(
    own: Knowledge, knowledge: Knowledge, responses: dict[str, str], decision: Decision
) -> None:
    for known, given, other in ((own, "ecrire@club.fr", "iom.int"), (knowledge, "aamaya@iom.int", "club")):
        reply = word(decision, known)
        text = responses[reply.response or ""].format(**reply.variables)
        assert given in text
        assert other not in text


def test_only_the_pages_contact_is_what_the_page_says(
    own: Knowledge, knowledge: Knowledge, responses: dict[str, str]
) -> None:
    decision = Decision("small_talk", "", topic="humain")
    said = [responses["utter_humain"].format(**word(decision, known).variables) for known in (own, knowledge)]
    assert ["la page" in text for text in said] == [False, True]
    assert "Le club, qui tient cet assistant," in said[0]


def test_the_organisations_own_contact_comes_before_that_of_the_page_which_keeps_its_source(own: Knowledge) -> None:
    text = word(Decision("contact", "only", contact="amaya"), own).text or ""
    assert text.startswith(
        "Vous pouvez écrire à Le club, qui tient cet assistant, à l'adresse ecrire@club.fr. La page indique aussi "
        "Alba Miriam Amaya ("
    )
    assert text.split("\n")[-1].startswith("Source : ")


def test_a_country_without_a_contact_is_said_first_then_the_organisations_own(own: Knowledge) -> None:
    decision = Decision("contact", "uncovered", contact="amaya", uncovered="pour ce pays (Nicaragua)")
    text = word(decision, own).text or ""
    assert text.startswith("Ma source ne donne pas de contact pour ce pays (Nicaragua). Vous pouvez écrire à Le club,")
    assert text.index("ecrire@club.fr") < text.index("Le seul contact que ma source indique est Alba Miriam Amaya")


def test_what_becomes_of_personal_data_names_the_organisations_page(
    own: Knowledge, knowledge: Knowledge, responses: dict[str, str]
) -> None:
    decision = Decision("small_talk", "", topic="donnees")
    said = [responses["utter_donnees"].format(**word(decision, known).variables) for known in (own, knowledge)]
    assert said[0].endswith("\nCe que nous faisons de vos données : https://club.fr/donnees")
    assert "https" not in said[1]


def test_a_source_that_was_not_found_is_not_shown_as_one(knowledge: Knowledge) -> None:
    source = next(iter(knowledge.sources.values()))
    assert source_line(source.copy(update={"not_found": ("adresse", "date")})) == source_line(source)


@pytest.mark.parametrize(
    ("date", "said"), [("2018-06-21", "21 juin 2018"), ("2018-05-01", "1er mai 2018"), ("juin 2018", "juin 2018")]
)
def test_the_date_of_a_source_is_said_in_french(knowledge: Knowledge, date: str, said: str) -> None:
    source = next(iter(knowledge.sources.values())).copy(update={"date": date})
    assert source_line(source).endswith(f", {said}")


@pytest.mark.parametrize("reason", ["chosen", "second failure"])
def test_who_is_not_helped_is_told_whom_to_write_to(
    knowledge: Knowledge, responses: dict[str, str], reason: str
) -> None:
    reply = word(Decision("write_to", reason), knowledge)
    text = responses[reply.response or ""].format(**reply.variables)
    assert "Alba Miriam Amaya, à l'adresse aamaya@iom.int" in text
    assert reply.buttons == ()
    assert ("regrette" in text) is (reason == "second failure")


def test_pourquoi_says_that_a_question_was_corrected_and_only_then(knowledge: Knowledge) -> None:
    plain, corrected = (
        explain(Decision("answer", "best", ("ocam.role",), corrects=corrects), knowledge) for corrects in (False, True)
    )
    assert "prend pour vrai" in corrected
    assert "corrige" not in plain


@pytest.mark.parametrize(
    ("decision", "told"),
    [
        (Decision("write_to", "second failure"), "à qui écrire (deux fois de suite sans réponse)"),
        (Decision("write_to", "chosen"), "à qui écrire (un bouton pressé)"),
        (Decision("refusal", "follow-up", unknown="budget"), "refus (une question qui suit)"),
        (Decision("clarify", "ellipsis without subject"), "précision demandée (une question sans sujet)"),
    ],
)
def test_pourquoi_tells_each_kind_and_reason_in_french(knowledge: Knowledge, decision: Decision, told: str) -> None:
    assert explain(decision, knowledge).startswith(f"Décision : {told}\n")
