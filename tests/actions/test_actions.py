"""Each action on a tracker: what it says, and what it keeps."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

from actions.action_choisir import ActionChoisir
from actions.action_pourquoi import ActionPourquoi
from actions.action_repondre import ActionRepondre
from assistant.dialogue.records import Context, Quoted
from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.live import LiveKnowledge
from assistant.names import CONTEXT_SLOT, DECISIONS_SLOT, MODEL_VERSION
from assistant.understanding.records import Double, Half
from tests.actions.helpers import run_action, tracker_of
from tests.second_source import FACT as MEMBERS
from tests.second_source import NEW, OLDER, add_second_source, verify

FACT = {"fait/ocam.date_creation": 0.9}


def context_in(kept: dict[str, Any]) -> Context:
    """Return what a turn leaves for the next."""
    return Context.from_dict(kept[CONTEXT_SLOT])


def test_a_decision_names_the_model_that_the_start_told(live: LiveKnowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    """The beginning of its SHA-256, as `make versions` lists it; Rasa's own id only where nobody told."""
    monkeypatch.setenv(MODEL_VERSION, "0123456789ab")
    _, kept = run_action(ActionRepondre(live), tracker_of("Quand l'OCAM a-t-elle été créée ?", FACT))
    assert [decision["model"] for decision in kept[DECISIONS_SLOT]] == ["0123456789ab"]


def test_a_fact_is_said_with_its_source_and_kept(live: LiveKnowledge) -> None:
    (message,), kept = run_action(ActionRepondre(live), tracker_of("Quand l'OCAM a-t-elle été créée ?", FACT))
    assert "1990" in message["text"]
    assert "\nSource : " in message["text"]
    assert (context_in(kept).subject, context_in(kept).fact) == ("ocam", "ocam.date_creation")
    (decision,) = kept[DECISIONS_SLOT]
    assert decision["kind"] == "answer"
    assert decision["model"] == "m1"
    assert decision["knowledge"] == live.current.knowledge.version
    assert decision["candidates"][0] == {"label": "fait/ocam.date_creation", "score": 0.9}


def test_a_refusal_offers_facts_whose_buttons_work(live: LiveKnowledge) -> None:
    tracker = tracker_of("Quel est le budget de l'OCAM ?", {"inconnu/ocam.definition": 0.9})
    (message,), _ = run_action(ActionRepondre(live), tracker)
    assert message["response"] == "utter_refus_attribut"
    assert message["libelle"] == "le budget de l'OCAM"
    assert 1 <= len(message["buttons"]) <= 3
    assert all(button["payload"].startswith("/choix{") for button in message["buttons"])


def test_distress_forgets_subject_and_fact(live: LiveKnowledge) -> None:
    slots = {CONTEXT_SLOT: Context("reunion", "reunion.lieu").as_dict()}
    (message,), kept = run_action(ActionRepondre(live), tracker_of("on me bat", {"detresse/fr": 0.9}, slots))
    assert message["response"] == "utter_detresse_fr"
    assert context_in(kept) == Context(last="distress")


def test_a_message_without_candidates_is_refused(live: LiveKnowledge) -> None:
    (message,), kept = run_action(ActionRepondre(live), tracker_of("xyz"))
    assert message["response"] == "utter_refus"
    assert [decision["kind"] for decision in kept[DECISIONS_SLOT]] == ["refusal"]


def test_a_choice_is_answered(live: LiveKnowledge) -> None:
    tracker = tracker_of("/choix", {"choix": 1.0}, entities=[{"entity": "fait", "value": "oim.membres"}])
    (message,), kept = run_action(ActionChoisir(live), tracker)
    assert "175" in message["text"]
    assert context_in(kept).fact == "oim.membres"
    assert [decision["model"] for decision in kept[DECISIONS_SLOT]] == ["m1"]


@pytest.mark.parametrize("entities", [[], [{"entity": "fait", "value": "oim.disparu"}]])
def test_a_choice_without_a_fact_or_of_a_fact_that_is_gone_is_refused(
    live: LiveKnowledge, entities: list[dict[str, str]]
) -> None:
    (message,), _ = run_action(ActionChoisir(live), tracker_of("/choix", entities=entities))
    assert message["response"] == "utter_refus"


def test_pourquoi_explains_the_decision_before_and_changes_nothing(live: LiveKnowledge) -> None:
    _, kept = run_action(ActionRepondre(live), tracker_of("Quand l'OCAM a-t-elle été créée ?", FACT))
    (message,), after = run_action(ActionPourquoi(live), tracker_of("/pourquoi", slots=kept))
    assert "ocam.date_creation" in message["text"]
    assert after == {}


def test_two_questions_get_two_replies_in_their_order_and_are_both_kept_and_explained(live: LiveKnowledge) -> None:
    when, whom = "Quand l'OCAM a-t-elle été créée", "à qui écrire ?"
    double = Double(Half(when, next(iter(FACT)), 0.9), Half(whom, "contact", 0.9), 0.9)
    tracker = tracker_of(f"{when} et {whom}", {"contact": 0.5}, double=double)
    messages, kept = run_action(ActionRepondre(live), tracker)
    assert [[part in message["text"] for part in ("1990", "aamaya@iom.int")] for message in messages] == [
        [True, False],
        [False, True],
    ]
    assert all("\nSource : " in message["text"] for message in messages)
    assert [decision["model"] for decision in kept[DECISIONS_SLOT]] == ["m1", "m1"]
    assert (context_in(kept).subject, context_in(kept).fact) == ("contact", "ocam.date_creation")
    explained, _ = run_action(ActionPourquoi(live), tracker_of("/pourquoi", slots=kept))
    assert [message["text"].split(" (")[0] for message in explained] == ["Décision : réponse", "Décision : contact"]


def test_what_one_turn_offers_and_fails_at_is_known_in_the_next(live: LiveKnowledge) -> None:
    """Over JSON, as the slot comes back from Rasa."""
    budget = {"inconnu/ocam.definition": 0.9}
    (refusal,), kept = run_action(ActionRepondre(live), tracker_of("Quel est le budget de l'OCAM ?", budget))
    (taken_up,), _ = run_action(ActionRepondre(live), tracker_of("le deuxième", budget, kept))
    second = json.loads(refusal["buttons"][1]["payload"].removeprefix("/choix"))["fait"]
    assert taken_up["text"].startswith(live.current.knowledge.facts[second].answer)
    (again,), _ = run_action(ActionRepondre(live), tracker_of("Quel est le budget de l'OCAM ?", budget, kept))
    assert again["buttons"] == []
    assert "aamaya@iom.int" in again["suite"]


def test_other_than_what_was_offered_says_whom_to_write_to(live: LiveKnowledge) -> None:
    tracker = tracker_of("/choix", {"choix": 1.0}, entities=[{"entity": "fait", "value": "autre_chose"}])
    (message,), kept = run_action(ActionChoisir(live), tracker)
    assert (message["response"], message["courriel"]) == ("utter_autrement", "aamaya@iom.int")
    assert [decision["kind"] for decision in kept[DECISIONS_SLOT]] == ["write_to"]


def test_pourquoi_before_any_decision_says_so(live: LiveKnowledge) -> None:
    (message,), _ = run_action(ActionPourquoi(live), tracker_of("/pourquoi"))
    assert message["response"] == "utter_pourquoi_rien"


def test_an_answer_changed_in_the_file_is_said_without_training(
    knowledge_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.knowledge.live.INTERVAL", 0)
    folder = shutil.copytree(knowledge_folder, tmp_path / "knowledge")
    action = ActionRepondre(LiveKnowledge(folder))
    path = folder / "facts" / "ocam.yml"
    path.write_text(path.read_text("utf-8").replace("L'OCAM a été créée en 1990.", "L'OCAM date de 1990."), "utf-8")
    (message,), _ = run_action(action, tracker_of("Quand l'OCAM a-t-elle été créée ?", FACT))
    assert message["text"].startswith("L'OCAM date de 1990.")


def test_what_has_run_out_is_to_be_confirmed_and_what_was_before_may_be_asked(
    knowledge_folder: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(knowledge_folder, tmp_path / "knowledge")
    add_second_source(folder)
    verify(folder, "facts/oim.yml", MEMBERS, until="2020-09-01")  # long ago, whatever the clock says
    live = LiveKnowledge(folder)
    (answer,), kept = run_action(ActionRepondre(live), tracker_of("Combien de membres ?", {f"fait/{MEMBERS}": 0.9}))
    assert answer["text"].startswith(f"{NEW}\nVérifié le 3 mars 2020, à confirmer.\nSource : ")
    (before,), kept = run_action(ActionRepondre(live), tracker_of("et avant ?", {"hors_sujet": 0.9}, kept))
    assert before["text"].startswith(f"Avant, selon « Bulletin d'essai » (mars 2019) :\n{OLDER}\nSource : ")
    assert (context_in(kept).fact, context_in(kept).earlier) == (MEMBERS, 1)
    (told,), _ = run_action(ActionPourquoi(live), tracker_of("/pourquoi", slots=kept))
    assert told["text"].endswith("« l'OIM comptait 111 Etats »")


@pytest.fixture
def with_second_source(knowledge_folder: Path, tmp_path: Path) -> Path:
    """Return the knowledge with a source that has no facts."""
    folder = shutil.copytree(knowledge_folder, tmp_path / "knowledge")
    (folder / "sources/salle.txt").write_text("Les animaux ne sont pas admis dans la salle de lecture.", "utf-8")
    with (folder / "sources.yml").open("a", encoding="utf-8") as file:
        file.write("- {id: salle, titre: La salle, editeur: La ville, langue: fr, fichier: sources/salle.txt}\n")
    return folder


@pytest.mark.parametrize(
    ("quoting", "kind", "context"),
    [
        (True, "passage", Context(last="passage", quoted=Quoted("salle", 0, 1.0, 4))),
        (False, "off_topic", None),
    ],
)
def test_a_sentence_is_quoted_and_kept_by_its_place_unless_switched_off(
    with_second_source: Path, quoting: bool, kind: str, context: Context | None
) -> None:
    live = LiveKnowledge(with_second_source, quoting)
    tracker = tracker_of("Les animaux sont-ils admis dans la salle de lecture ?", {"hors_sujet": 0.5})
    (message,), kept = run_action(ActionRepondre(live), tracker)
    (decision,) = kept[DECISIONS_SLOT]
    assert decision["kind"] == kind
    assert ("« Les animaux ne sont pas admis" in (message["text"] or "")) is quoting
    assert "animaux" not in json.dumps(kept)
    assert context is None or context_in(kept) == context
    (why,), _ = run_action(ActionPourquoi(live), tracker_of("/pourquoi", slots=kept))
    assert ("phrase 1 de salle" in why["text"]) is quoting


def test_broken_knowledge_stops_an_action_from_starting(knowledge_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(knowledge_folder, tmp_path / "knowledge")
    (folder / "facts" / "ocam.yml").write_text("faits: [", "utf-8")
    with pytest.raises(KnowledgeError):
        ActionRepondre(LiveKnowledge(folder))


def test_the_action_server_registers_the_three_actions() -> None:
    executor = ActionExecutor()
    executor.register_package("actions")
    assert set(executor.actions) == {"action_repondre", "action_choisir", "action_pourquoi"}


def test_a_slot_that_stays_as_it_is_is_not_set_again(live: LiveKnowledge) -> None:
    """Each event is written to the store, and read at the next turns."""
    _, kept = run_action(ActionRepondre(live), tracker_of("Bonjour", {"salutation": 0.9}))
    _, again = run_action(ActionRepondre(live), tracker_of("Bonjour", {"salutation": 0.9}, kept))
    assert set(kept) == {CONTEXT_SLOT, DECISIONS_SLOT}
    assert again == {}
