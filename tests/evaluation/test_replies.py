"""Replies are read back as what they were decided to be; what is not known is an error, not a refusal."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from assistant.dialogue.decide import PRIVACY, SMALL_TALK
from assistant.dialogue.records import Decision, Kind, Quoted
from assistant.dialogue.wording import source_line, word
from assistant.knowledge.base import Knowledge
from assistant.knowledge.loader import load_knowledge
from channels.texts import TEXTS
from evaluation.outcomes import PASSAGE, Outcome
from evaluation.replies import ReplyReader, UnreadableReplyError
from evaluation.responses import read_responses
from evaluation.understanding import outcome_of
from tests.second_source import FACT, add_second_source, verify

RESPONSES = read_responses()
LANGUAGES = (None, "es", "en", "pt", "ar", "ht")
#: One decision of each form that a reply may have.
DECISIONS = [
    Decision("answer", "best", ("oim.sigle",)),
    Decision("answer", "best", ("ocam.oim_depuis",)),
    Decision("passage", "no fact", quoted=Quoted("oim-femmes-migrantes", 5, 1.0, 4)),
    Decision("contact", "only", contact="amaya"),
    Decision("contact", "uncovered", contact="amaya", uncovered="pour ce pays (Nicaragua)"),
    Decision("choices", "unsure", ("oim.sigle", "contact")),
    Decision("clarify", "ellipsis without subject", ("oim.sigle", "ocam.role")),
    Decision("refusal", "near-miss"),
    Decision("refusal", "near-miss", ("oim.sigle",), "oim"),
    Decision("refusal", "near-miss", ("oim.sigle",), "oim", unknown="budget"),
    Decision("refusal", "near-miss", unknown="nombre"),
    Decision("refusal", "unknown name", other_name="hcr"),
    Decision("off_topic", "off topic", ("oim.sigle",)),
    Decision("write_to", "chosen"),
    Decision("write_to", "second failure"),
    Decision("answer", "best", ("ocam.date_creation",), corrects=True),
    Decision("erasure", "erasure"),
    Decision("nothing_to_repeat", "repeated"),
    *(Decision("small_talk", "small_talk", topic=topic) for topic in [*sorted(SMALL_TALK), PRIVACY]),
    *(Decision("distress", "distress", language=language) for language in LANGUAGES),
    *(Decision("other_language", "language", language=language) for language in LANGUAGES),
]


@pytest.fixture(scope="module")
def reader(knowledge: Knowledge) -> ReplyReader:
    return ReplyReader(knowledge, RESPONSES)


def message(decision: Decision, knowledge: Knowledge) -> dict[str, Any]:
    """Return a decision as a message of Rasa's REST channel."""
    reply = word(decision, knowledge)
    text = reply.text or RESPONSES[reply.response or ""][0].format(**reply.variables)
    return {"text": text, "buttons": [{"title": one.title, "payload": one.payload} for one in reply.buttons]}


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda one: f"{one.kind}-{one.topic or one.language or one.reason}")
def test_a_reply_is_read_back_as_what_was_decided(
    decision: Decision, reader: ReplyReader, knowledge: Knowledge
) -> None:
    decision = replace(decision, knowledge=knowledge.version)
    assert reader.read([message(decision, knowledge)]) == (outcome_of(decision, knowledge, RESPONSES),)


def test_each_kind_of_decision_is_tried_above() -> None:
    assert {decision.kind for decision in DECISIONS} == set(get_args(Kind))


@pytest.mark.parametrize("fact_id", ["oim.definition", "projet.coordination", "projet.objectifs"])
def test_an_answer_counts_with_words_before_it_and_not_for_a_shorter_one(
    fact_id: str, reader: ReplyReader, knowledge: Knowledge
) -> None:
    said = message(Decision("answer", "best", (fact_id,)), knowledge)["text"]
    assert reader.read([{"text": f"Pas tout à fait. {said}"}]) == (Outcome("answer", (fact_id,)),)


def quoting(position: int, knowledge: Knowledge) -> Decision:
    return Decision(
        "passage", "no fact", quoted=Quoted("oim-femmes-migrantes", position, 1, 4), knowledge=knowledge.version
    )


def test_a_quoted_sentence_counts_as_the_facts_that_quote_of_it(knowledge: Knowledge) -> None:
    (position,) = [one.position for one in knowledge.passages if "53 pourcent" in one.text]
    outcome = outcome_of(quoting(position, knowledge), knowledge, RESPONSES)
    assert (outcome.kind, outcome.given) == ("passage", ("femmes.part",))


def test_a_quoted_sentence_that_no_fact_states_is_never_the_right_fact(knowledge: Knowledge) -> None:
    bare = replace(knowledge, facts={}, contacts=())
    said = message(quoting(5, bare), bare)
    outcomes = (outcome_of(quoting(5, bare), bare, RESPONSES),)
    assert outcomes == ReplyReader(bare, RESPONSES).read([said])
    assert outcomes[0].given == (PASSAGE,)


def test_a_reply_that_opens_with_a_refusal_and_then_quotes_is_a_refusal(
    reader: ReplyReader, knowledge: Knowledge
) -> None:
    said = message(Decision("answer", "best", ("oim.sigle",)), knowledge)["text"]
    (outcome,) = reader.read([{"text": f"Ma source ne donne pas le budget de l'OIM. {said}"}])
    assert (outcome.kind, outcome.given) == ("refusal", ())


def test_each_message_of_a_turn_is_an_outcome(reader: ReplyReader, knowledge: Knowledge) -> None:
    two = [message(Decision("answer", "best", (fact,)), knowledge) for fact in ("oim.sigle", "oim.pays")]
    assert [outcome.given for outcome in reader.read(two)] == [("oim.sigle",), ("oim.pays",)]


def test_a_button_that_leads_to_no_fact_is_no_choice(reader: ReplyReader, knowledge: Knowledge) -> None:
    said = message(Decision("choices", "unsure", ("oim.sigle",)), knowledge)
    others = [{"title": "Autre chose", "payload": payload} for payload in ("/autre_chose", '/choix{"fait": "autre"}')]
    assert reader.read([{**said, "buttons": [*said["buttons"], *others]}])[0].choices == ("oim.sigle",)


@pytest.mark.parametrize("name", ["vide", "trop_long"])
def test_what_the_guard_says_is_read(name: str, reader: ReplyReader) -> None:
    assert reader.read([{"text": TEXTS[name].format(maximum=500)}]) == (Outcome("stopped"),)


def test_what_is_not_known_is_an_error(reader: ReplyReader, knowledge: Knowledge) -> None:
    line = source_line(next(iter(knowledge.sources.values())))
    for messages in ([], [{"text": TEXTS["excuse"]}], [{"text": "42"}], [{"text": f"42\n{line}"}], [{"image": "x"}]):
        with pytest.raises(UnreadableReplyError):
            reader.read(messages)


@pytest.mark.parametrize("earlier", [0, 1, 2])
def test_an_earlier_reading_and_a_fact_to_confirm_are_read_back_as_that_fact(
    knowledge_folder: Path, tmp_path: Path, earlier: int
) -> None:
    folder = shutil.copytree(knowledge_folder, tmp_path / "knowledge")
    add_second_source(folder)
    verify(folder, "facts/oim.yml", FACT, until="2026-09-01")
    known = load_knowledge(folder)
    decision = Decision("answer", "best", (FACT,), earlier=earlier, day="2026-11-24")
    said = message(decision, known)
    assert ("à confirmer" in said["text"]) is (earlier == 0)
    assert ReplyReader(known, RESPONSES).read([said]) == (Outcome("answer", (FACT,)),)
