"""What one file says of another holds: ids, labels, intents, responses and their variables."""

import re
from collections import Counter
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from assistant.dialogue.records import EXAMPLES, Decision, Kind, Reply
from assistant.dialogue.wording import word
from assistant.french import fold
from assistant.knowledge.loader import knowledge_files
from assistant.settings import ROOT
from evaluation.questions import HALVES, read_questions
from tests.content.corpus import knowledge, labels, responses
from tools.lint_faq.said import decisions_with_own_response

KNOWLEDGE_FILES = [path for path in knowledge_files(ROOT / "knowledge") if path.suffix == ".yml"]


def content(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Return the records of a knowledge file that have an id."""
    rows = (row for value in content(path).values() if isinstance(value, list) for row in value)
    return [row for row in rows if "id" in row]


def test_ids_are_unique() -> None:
    ids = [
        (path.parent.name, path.stem if path.parent.name != "facts" else "", row["id"])
        for path in KNOWLEDGE_FILES
        for row in rows_of(path)
    ]
    assert [key for key, times in Counter(ids).items() if times > 1] == []


def test_no_two_facts_ask_the_same_question() -> None:
    """The question is the title of the fact's button."""
    questions = Counter(fold(fact.question) for fact in knowledge().facts.values())
    assert [question for question, times in questions.items() if times > 1] == []


def test_every_subject_that_another_record_names_exists() -> None:
    known = knowledge()
    named: set[str] = {subject.taken_up_as for subject in known.subjects.values() if subject.taken_up_as}
    named |= {subject for unknown in known.unknowns.values() for subject in unknown.only}
    named |= {fact.subject for fact in known.facts.values()}
    assert named <= set(known.subjects)


def test_every_subject_has_a_fact() -> None:
    assert {fact.subject for fact in knowledge().facts.values()} == set(knowledge().subjects)


def test_the_examples_that_the_code_offers_are_facts() -> None:
    assert set(EXAMPLES) <= set(knowledge().facts)


def test_there_is_a_contact_to_give() -> None:
    """The code gives the first one when no other fits."""
    assert knowledge().contacts


@pytest.mark.parametrize("half", HALVES)
def test_every_question_of_the_evaluation_can_be_read_and_accepts_what_exists(half: str) -> None:
    assert read_questions(knowledge(), half)


def test_the_intents_of_the_domain_are_those_of_the_data() -> None:
    domain = {
        next(iter(intent)) if isinstance(intent, dict) else intent for intent in content(ROOT / "domain.yml")["intents"]
    }
    taught = {label.split("/")[0] for label in labels()}
    ruled = {
        step["intent"]
        for path in sorted((ROOT / "data" / "rules").glob("*.yml"))
        for rule in content(path)["rules"]
        for step in rule["steps"]
        if "intent" in step
    }
    assert domain == ruled
    # Payloads and commands are not learnt from questions.
    assert domain - taught == {"choix", "pourquoi"}
    assert taught <= domain


def replies() -> list[Reply]:
    """Return the code's reply to each kind of decision, in each of its forms."""
    known = knowledge()
    contact, fact = known.contacts[0].id, next(iter(known.facts))
    of_kind: dict[str, list[dict[str, Any]]] = {
        "answer": [{"facts": (fact,)}],
        "contact": [{"contact": contact}, {"contact": contact, "uncovered": "FR"}],
        "refusal": [
            {},
            {"subject": "ocam"},
            {"subject": "ocam", "unknown": next(iter(known.unknowns))},
            {"unknown": next(unknown.id for unknown in known.unknowns.values() if unknown.said)},
            {"other_name": next(iter(known.other_names))},
        ],
    }
    with_own_response = [
        *decisions_with_own_response(labels()),
        *(Decision("write_to", reason) for reason in ("chosen", "second failure")),
    ]
    kinds = set(get_args(Kind)) - {decision.kind for decision in with_own_response}
    plain = [Decision(kind, "", **form) for kind in sorted(kinds) for form in of_kind.get(kind, [{}])]
    return [word(decision, known) for decision in [*plain, *with_own_response]]


def test_a_response_uses_only_the_variables_that_the_code_gives() -> None:
    given: dict[str, set[str]] = {}
    for reply in replies():
        if reply.response:
            given[reply.response] = given.get(reply.response, set(reply.variables)) & set(reply.variables)
    for name, variants in responses().items():
        for text in variants:
            assert set(re.findall(r"\{(\w+)\}", text)) <= given.get(name, set()), name
            assert not re.search(r"[{}]", re.sub(r"\{\w+\}", "", text)), f"{name}: a brace is no variable"
