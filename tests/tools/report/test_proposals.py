"""Proposals: what each group of questions calls for, YAML that can be pasted, and nothing of a person in it."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import yaml

from assistant.dialogue.records import Candidate
from assistant.knowledge.base import Knowledge
from assistant.knowledge.loader import load_knowledge
from assistant.settings import ROOT
from channels.journal import Entry
from tools.lint_faq.content import Content, read_content
from tools.report.period import Period
from tools.report.personal import is_personal, known_words
from tools.report.proposals import Proposal, propose

NOW = datetime(2026, 6, 30, tzinfo=timezone.utc)
PERIOD = Period(NOW - timedelta(days=30), NOW)


@pytest.fixture(scope="session")
def content() -> Content:
    return read_content(ROOT)


def entry(text: str, *ranked: tuple[str, float], days: float = 1, kind: str = "refusal", unknown: str = "") -> Entry:
    candidates = tuple(Candidate(label, score) for label, score in ranked or [("inconnu/site.rubriques", 0.6)])
    at = NOW - timedelta(days=days)
    return Entry(at, "website", True, 0, kind, "near-miss", (), None, unknown or None, None, candidates, "", "", text)


PODCAST = ("L'OIM a-t-elle un podcast ?", "podcast de l'OIM", "où écouter un podcast de l'OIM", "un podcast existe ?")


def only(
    entries: Sequence[Entry], knowledge: Knowledge, content: Content, folder: Path = ROOT / "knowledge"
) -> Proposal:
    (proposal,) = propose(entries, PERIOD, knowledge, folder, content)
    return proposal


def test_something_new_that_the_source_lacks_is_an_unknown_and_near_misses(
    knowledge: Knowledge, content: Content, tmp_path: Path
) -> None:
    proposal = only([entry(text) for text in PODCAST], knowledge, content)
    assert (proposal.kind, proposal.count, proposal.before) == ("unknown", 4, None)
    unknown, near_misses = proposal.additions
    assert near_misses.file == "data/nlu/site/rubriques.yml"
    folder = shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge")
    with (folder / "unknowns.yml").open("a", encoding="utf-8") as file:
        file.write(unknown.yaml)
    assert load_knowledge(folder).unknowns["podcast"].wordings == ("podcast*",)
    together = yaml.safe_load((ROOT / near_misses.file).read_text("utf-8") + near_misses.yaml)
    assert together["nlu"][-1]["intent"] == "inconnu/site.rubriques"
    assert set(together["nlu"][-1]["examples"].splitlines()) == {f"- {text}" for text in PODCAST}


def test_nearly_one_fact_is_new_wording_for_it(knowledge: Knowledge, content: Content) -> None:
    ranked = [("fait/oim.membres", 0.66), ("inconnu/oim.definition", 0.2)]
    texts = ("combien de drapeaux à l'OIM", "l'OIM a combien de drapeaux", "nombre de drapeaux dans l'OIM")
    proposal = only([entry(text, *ranked, kind="choices") for text in texts], knowledge, content)
    assert (proposal.kind, proposal.fact, proposal.label) == ("wording", "oim.membres", "fait/oim.membres")
    assert proposal.additions[0].file == "data/nlu/oim/membres.yml"
    assert "États sont membres" in proposal.reason


@pytest.mark.parametrize("rival", ["inconnu/oim.definition", "fait/oim.pays"])
def test_no_new_wording_where_a_near_miss_or_another_fact_outweighs_it(
    knowledge: Knowledge, content: Content, rival: str
) -> None:
    ranked = [("fait/oim.membres", 0.42), (rival, 0.5)]
    texts = ("combien de drapeaux à l'OIM", "l'OIM a combien de drapeaux", "nombre de drapeaux dans l'OIM")
    assert only([entry(text, *ranked, kind="choices") for text in texts], knowledge, content).kind != "wording"


def test_what_the_refusal_names_already_needs_nothing(knowledge: Knowledge, content: Content) -> None:
    texts = ("le budget de l'OIM en détail", "quel budget prévu pour l'OIM", "budget total de l'OIM en francs")
    proposal = only([entry(text, unknown="budget") for text in texts], knowledge, content)
    assert (proposal.kind, proposal.additions) == ("nothing", ())
    assert "le budget" in proposal.reason


def test_a_sentence_that_seems_to_answer_is_shown_for_a_fact_to_write(
    knowledge_folder: Path, content: Content, tmp_path: Path
) -> None:
    folder = shutil.copytree(knowledge_folder, tmp_path / "knowledge")
    sentence = "L'OIM publie un podcast hebdomadaire sur les routes migratoires."
    source = next((folder / "sources").glob("*.txt"))
    source.write_text(f"{source.read_text('utf-8')}\n{sentence}\n", "utf-8")
    texts = ("un podcast hebdomadaire existe ?", "le podcast hebdomadaire de l'OIM", "podcast hebdomadaire OIM")
    proposal = only([entry(text) for text in texts], load_knowledge(folder), content, folder)
    assert (proposal.kind, proposal.passage) == ("fact", sentence)
    (outline,) = yaml.safe_load(proposal.additions[0].yaml)
    assert outline["citations"] == [sentence]
    assert outline["source"] == "oim-femmes-migrantes"


def test_what_is_asked_once_or_off_topic_needs_nothing(knowledge: Knowledge, content: Content) -> None:
    assert only([entry(PODCAST[0])], knowledge, content).kind == "nothing"
    crepes = ("recette de crêpes au sucre", "recette de crêpes sucrées", "la recette de crêpes de mamie")
    kept = [entry(text, ("hors_sujet", 0.9), kind="off_topic") for text in crepes]
    assert only(kept, knowledge, content).kind == "nothing"


def test_few_and_odd_questions_are_grouped_too(knowledge: Knowledge, content: Content) -> None:
    for texts in (["???"], ["???", "!!!", "..."], ["oui", "42"], ["a" * 500, "😀"]):
        kept = [replace(entry(text), candidates=()) for text in texts]
        assert sum(one.count for one in propose(kept, PERIOD, knowledge, ROOT / "knowledge", content)) == len(texts)
    assert propose([], PERIOD, knowledge, ROOT / "knowledge", content) == []


def test_the_period_before_is_counted_apart(knowledge: Knowledge, content: Content) -> None:
    kept = [entry(text, days=days) for text in PODCAST for days in (1, 35)] + [entry(PODCAST[0], days=2)]
    proposal = only(kept, knowledge, content)
    assert (proposal.count, proposal.before) == (5, 4)
    old = [entry(text, days=35) for text in PODCAST]
    assert propose(old, PERIOD, knowledge, ROOT / "knowledge", content) == []


def test_a_proposal_keeps_its_id_and_goes_through_json(knowledge: Knowledge, content: Content) -> None:
    first = only([entry(text) for text in PODCAST], knowledge, content)
    again = only([entry(text, days=3) for text in (*PODCAST, PODCAST[0].lower())], knowledge, content)
    assert first.id == again.id
    assert json.loads(json.dumps(first.as_dict()))["id"] == first.id


@pytest.mark.parametrize(
    "text",
    [
        "un podcast pour (adresse masquée) existe ?",
        "je m'appelle comme le podcast de l'OIM",
        "mon fils cherche un podcast de l'OIM",
        "le podcast de Maribel Quispe à l'OIM",
        "podcast de l'OIM au 75011",
    ],
)
def test_a_question_that_says_something_of_a_person_is_not_to_be_pasted(
    text: str, knowledge: Knowledge, content: Content
) -> None:
    proposal = only([entry(one) for one in (*PODCAST, text, text)], knowledge, content)
    assert proposal.count == 6
    assert text not in proposal.questions
    assert proposal.representative != text
    assert all(text not in addition.yaml for addition in proposal.additions)


@pytest.mark.parametrize(
    "text",
    [
        "Que fait INTERPOL ?",
        "L'OIM est-elle à Genève ?",
        "QUEL EST LE BUDGET",
        "Le Programme 2030, c'est quoi ?",
        "podcast",
    ],
)
def test_known_names_are_nobody_s(text: str, knowledge: Knowledge) -> None:
    assert not is_personal(text, known_words(knowledge))


def test_what_a_visitor_wrote_cannot_leave_its_row(knowledge: Knowledge, content: Content) -> None:
    texts = ["podcast [de](x) l'OIM {a: b}", "podcast `de` | l'OIM", "podcast # de l'OIM: - intent: fait/oim.sigle"]
    proposal = only([entry(text) for text in texts], knowledge, content)
    (block,) = yaml.safe_load(proposal.additions[-1].yaml)
    rows = block["examples"].splitlines()
    assert len(rows) == len(proposal.questions)
    assert all(row.startswith("- podcast") and not set("[]{}`|") & set(row) for row in rows)
