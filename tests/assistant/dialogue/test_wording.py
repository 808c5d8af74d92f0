"""What is said for each decision."""

import json
import re
from dataclasses import replace
from typing import get_args

import pytest
import yaml

from assistant.dialogue.decide import SMALL_TALK, choose
from assistant.dialogue.explain import explain
from assistant.dialogue.records import Decision, Kind
from assistant.dialogue.wording import CHOICE_ENTITY, buttons_for, word
from assistant.knowledge.base import Knowledge
from assistant.knowledge.records import EmergencyService
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
