"""« et avant ? »: what an earlier document says of the last fact; and a fact whose verification has run out."""

import json
import shutil
from pathlib import Path

import pytest

from assistant.dialogue.context import after
from assistant.dialogue.decide import decide
from assistant.dialogue.explain import explain
from assistant.dialogue.message import Message
from assistant.dialogue.records import Context, Decision, Thresholds
from assistant.dialogue.wording import word
from assistant.knowledge.base import Knowledge
from assistant.knowledge.live import LiveKnowledge
from assistant.understanding.records import Reading
from channels.messaging.rendering import source_apart
from channels.messaging.sms import brief
from tests.second_source import FACT, NEW, OLDER, OLDEST, add_second_source, verify

#: What the model may take a bare « et avant ? » for.
TAKEN_FOR = ({"hors_sujet": 0.9}, {"fait/oim.depuis": 0.95}, {"autre_chose": 0.9}, {"repeter": 0.9}, {"oui": 0.9})
ANSWERED = Context("oim", FACT, last="answer")
BULLETIN = "Source : « Bulletin d'essai », éditeur d'essai, mars 2019"


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory, knowledge_folder: Path) -> LiveKnowledge:
    """The project's knowledge with two older documents, and with verifications that hold and that have run out."""
    folder = shutil.copytree(knowledge_folder, tmp_path_factory.mktemp("dated") / "knowledge")
    add_second_source(folder)
    verify(folder, "facts/oim.yml", "oim.membres", until="2026-09-01")
    verify(folder, "facts/oim.yml", "oim.pays", until="2026-09-02")
    verify(folder, "contacts.yml", "amaya", until="2026-09-01")
    return LiveKnowledge(folder)


@pytest.fixture(scope="module")
def known(dated: LiveKnowledge) -> Knowledge:
    return dated.current.knowledge


class Ask:
    """Decides on texts that the model takes for something, one after the other."""

    def __init__(self, live: LiveKnowledge) -> None:
        self._live = live

    def __call__(self, text: str, context: Context = ANSWERED, scores: dict[str, float] | None = None) -> Decision:
        message = Message.of(text, Reading(tuple((scores or TAKEN_FOR[0]).items())), self._live.current)
        (decision,) = decide(message, context, self._live.current.knowledge, Thresholds())
        return decision


@pytest.fixture
def ask(dated: LiveKnowledge) -> Ask:
    return Ask(dated)


@pytest.mark.parametrize("scores", TAKEN_FOR)
@pytest.mark.parametrize(
    "text",
    [
        "et avant ?",
        "Et auparavant ?",
        "avant c'était combien ?",
        "c'était combien avant",
        "combien avant ?",
        "et dans l'ancien document ?",
        "L'ancien chiffre ?",
        "quel était l'ancien nombre ?",
        "et le chiffre d'avant svp ?",
        "et la version précédente ?",
        "ET AVANT CELA ?",
        "et avt ?",
    ],
)
def test_a_bare_question_for_what_was_before_gets_the_earlier_reading(
    ask: Ask, text: str, scores: dict[str, float]
) -> None:
    decision = ask(text, scores=scores)
    assert (decision.kind, decision.reason, decision.facts) == ("answer", "earlier reading", (FACT,))
    assert (decision.earlier, decision.subject) == (1, "oim")


@pytest.mark.parametrize(
    "text",
    [
        "et avant 1951 ?",
        "qui était là avant ?",
        "et avant l'OCAM ?",
        "avant tout",
        "avant quoi ?",
        "avant de partir",
        "et avant la réunion, il se passe quoi ?",
        "répète ce que tu as dit avant",
        "la réponse d'avant",
        "l'ancien nom ?",
        "combien ?",
        "et le document ?",
        "avant c'était où ?",
    ],
)
def test_a_message_that_asks_something_of_its_own_is_not_taken_for_it(ask: Ask, text: str) -> None:
    assert ask(text).reason != "earlier reading"


def test_asked_again_it_goes_further_back_until_nothing_is_known(ask: Ask, known: Knowledge) -> None:
    context, said = ANSWERED, []
    for _ in range(4):
        decision = ask("et avant ?", context)
        said.append((decision.kind, decision.earlier, bool(decision.facts)))
        context = after(context, decision)
    # The second time in a row that nothing is known, whom to write to is said instead of an offer.
    assert said == [("answer", 1, True), ("answer", 2, True), ("refusal", 0, True), ("refusal", 0, False)]


def test_what_is_said_again_is_the_reading_that_was_said(ask: Ask) -> None:
    context = after(ANSWERED, ask("et avant ?"))
    again = ask("répète", context, {"repeter": 0.9})
    assert (again.reason, again.facts, again.earlier) == ("repeated", (FACT,), 1)


def test_a_reading_that_an_editor_removed_meanwhile_is_not_missed(ask: Ask, known: Knowledge) -> None:
    gone = Context("oim", FACT, last="answer", earlier=7)
    assert ask("et avant ?", gone).kind == "refusal"
    assert ask("répète", gone, {"repeter": 0.9}).earlier == 0
    assert "Décision : réponse" in explain(Decision("answer", "repeated", (FACT,), earlier=7), known)


@pytest.mark.parametrize(
    "context",
    [
        Context("oim", "oim.sigle", last="answer"),  # no other document states it
        Context("oim", FACT, last="refusal"),  # something else was asked meanwhile
        Context("contact", FACT, last="contact"),
        Context("oim", "oim.disparu", last="answer"),
    ],
)
def test_where_no_earlier_document_states_it_that_is_said(ask: Ask, known: Knowledge, context: Context) -> None:
    decision = ask("et avant ?", context)
    assert (decision.kind, decision.reason, decision.subject) == ("refusal", "earlier reading", context.subject)
    reply = word(decision, known)
    assert (reply.response, reply.variables["mot"]) == ("utter_refus_question", "ce qu'il en était avant")
    assert reply.buttons


def test_where_nothing_was_spoken_of_it_is_asked_what_is_meant(ask: Ask) -> None:
    assert ask("et avant ?", Context()).kind == "clarify"


def test_after_distress_it_is_no_question_about_the_sources(ask: Ask) -> None:
    assert ask("et avant ?", Context(last="distress")).kind == "distress"


@pytest.mark.parametrize(
    ("earlier", "text"),
    [
        (1, f"Avant, selon « Bulletin d'essai » (mars 2019) :\n{OLDER}\n{BULLETIN}"),
        (2, f"Avant, selon « Feuillet d'essai » (2005) :\n{OLDEST}\nSource : « Feuillet d'essai », éditeur d'essai"),
    ],
)
def test_an_earlier_reading_is_said_with_its_document_its_date_and_its_own_source(
    known: Knowledge, earlier: int, text: str
) -> None:
    said = Decision("answer", "earlier reading", (FACT,), "oim", earlier=earlier, day="2026-11-24")
    assert word(said, known).text == text


def test_pourquoi_shows_the_quote_of_the_reading_that_was_said(known: Knowledge) -> None:
    told = explain(Decision("answer", "earlier reading", (FACT,), "oim", earlier=1), known)
    assert told.startswith("Décision : réponse (ce qu'il en était avant)\n")
    assert told.endswith("Source : Bulletin d'essai\n  « l'OIM comptait 111 Etats »")


def test_a_context_kept_before_readings_existed_is_read(known: Knowledge) -> None:
    kept = Context("oim", FACT, last="answer", earlier=1).as_dict()
    assert Context.from_dict(json.loads(json.dumps(kept))).earlier == 1
    del kept["earlier"]
    assert Context.from_dict(kept) == ANSWERED


def test_a_decision_kept_before_it_had_a_day_is_read(known: Knowledge) -> None:
    kept = Decision("answer", "best", (FACT,), day="2026-11-24").as_dict()
    del kept["day"], kept["earlier"]
    assert Decision.from_dict(kept) == Decision("answer", "best", (FACT,))


@pytest.mark.parametrize(
    ("fact", "day", "to_confirm"),
    [
        (FACT, "2026-09-01", False),  # the last day that it holds
        (FACT, "2026-09-02", True),
        ("oim.pays", "2026-09-02", False),
        ("oim.sigle", "2999-01-01", False),  # never verified: nothing is said
    ],
)
def test_a_fact_whose_verification_has_run_out_is_said_to_be_confirmed_above_its_source(
    known: Knowledge, fact: str, day: str, to_confirm: bool
) -> None:
    text = word(Decision("answer", "best", (fact,), day=day), known).text or ""
    answer, *confirm, source = text.split("\n")
    assert answer == known.facts[fact].answer
    assert confirm == (["Vérifié le 3 mars 2020, à confirmer."] if to_confirm else [])
    assert source.startswith("Source : ")
    assert source_apart(text)[1] == source


@pytest.mark.parametrize("uncovered", [None, "pour ce pays (Nicaragua)"])
def test_a_contact_whose_verification_has_run_out_is_said_to_be_confirmed_too(
    known: Knowledge, uncovered: str | None
) -> None:
    said = word(Decision("contact", "only", contact="amaya", uncovered=uncovered, day="2026-11-24"), known).text or ""
    assert "aamaya@iom.int\nVérifié le 3 mars 2020, à confirmer.\nSource : «" in said


def test_a_correction_is_said_first_and_the_confirmation_last(known: Knowledge) -> None:
    text = word(Decision("answer", "best", (FACT,), corrects=True, day="2026-11-24"), known).text or ""
    assert text.split("\n")[:3] == ["Ma source dit autre chose :", NEW, "Vérifié le 3 mars 2020, à confirmer."]


def test_an_sms_keeps_who_says_it_and_that_it_is_to_be_confirmed(known: Knowledge) -> None:
    for decision in (
        Decision("answer", "best", (FACT,), day="2026-11-24"),
        Decision("answer", "earlier reading", (FACT,), earlier=1),
    ):
        text = brief(word(decision, known).text or "", known.sources.values())
        assert ("à confirmer" in text) is not decision.earlier
        assert text.split("\n")[-1].startswith("Source : ")
    assert text.endswith("Source : éditeur d'essai, mars 2019")
