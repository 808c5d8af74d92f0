"""What `make lint-faq` finds: a small project that is right, and one mistake at a time in it."""

import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.knowledge.loader import load_knowledge
from assistant.names import CONTACT
from assistant.settings import ROOT
from tests.assistant.knowledge.conftest import FILES
from tools.lint_faq.__main__ import lint, main
from tools.lint_faq.findings import ERROR, WARNING

#: Enough words, different enough, for each fact to have questions of its own.
WORDS = "abricot bateau citron dauphin erable fontaine guitare horizon iceberg jardin kangourou lanterne".split()
LANGUAGES = ("ar", "en", "es", "fr", "ht", "pt", "autre")
#: What has a place in the small project: its facts, the contact.
FACTS = ("club.lieu", "club.sigle", "membres.nombre", CONTACT)

Write = Callable[[str, str], None]


def taught(label: str, rows: list[str]) -> str:
    return "".join([f"- intent: {label}\n  examples: |\n", *(f"    - {row}\n" for row in rows)])


def doubled(text: str, one: str = "club.lieu", other: str = "membres.nombre") -> str:
    return f'  - question: "{text}"\n    faits: [{one}, {other}]\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project folder without a mistake: as many questions as a fact needs, and no more."""
    root = tmp_path / "projet"
    for name, text in FILES.items():
        path = root / "knowledge" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    shutil.copytree(ROOT / "data" / "responses", root / "data" / "responses")
    shutil.copytree(ROOT / "data" / "rules", root / "data" / "rules")
    for folder in ("data/nlu", "data/deux_questions", "evaluation/questions/dev", "evaluation/questions/sealed"):
        (root / folder).mkdir(parents=True)
    for fact in FACTS:
        label = fact if fact == CONTACT else f"fait/{fact}"
        questions = taught(label, [f"{word} de {fact} ?" for word in WORDS])
        near_misses = taught(f"inconnu/{fact}", [f"pourquoi {fact} au {word} ?" for word in WORDS[:6]])
        (root / f"data/nlu/{fact}.yml").write_text(f"nlu:\n{questions}{near_misses}", "utf-8")
        asked = "".join(f'- question: "{word} : {fact}"\n  attendu: [{fact}]\n' for word in WORDS[:3])
        (root / f"evaluation/questions/dev/{fact}.yml").write_text(f"questions:\n{asked}", "utf-8")
    foreign = "".join(taught(f"autre_langue/{name}", [f"other {name}"]) for name in LANGUAGES)
    distress = "".join(taught(f"detresse/{name}", [f"help {name}"]) for name in LANGUAGES)
    (root / "data/nlu/langues.yml").write_text(f"nlu:\n{foreign}{distress}", "utf-8")
    return root


@pytest.fixture
def write(project: Path) -> Write:
    def _write(name: str, text: str) -> None:
        (project / name).write_text(text, "utf-8")

    return _write


def found(project: Path) -> list[str]:
    """Return the findings, without the advice to have more questions that a small project cannot follow."""
    return [str(finding) for finding in lint(project) if "visez" not in finding.problem]


def without(project: Path, name: str, word: str, times: int = 1) -> None:
    """Take the first lines with a word out of a file."""
    path = project / name
    rows = path.read_text("utf-8").splitlines(keepends=True)
    for row in [row for row in rows if word in row][:times]:
        rows.remove(row)
    path.write_text("".join(rows), "utf-8")


def test_nothing_is_found_where_nothing_is_wrong(project: Path) -> None:
    assert found(project) == []


# Enough of each


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_with_too_few_questions_is_an_error(project: Path, fact: str) -> None:
    label = fact if fact == CONTACT else f"fait/{fact}"
    without(project, f"data/nlu/{fact}.yml", f"- abricot de {fact}")
    (line,) = found(project)
    assert line.endswith(f"erreur : « {fact} » : questions : 11, il en faut au moins 12 ; ajoutez-en sous « {label} ».")


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_with_too_few_near_misses_is_an_error(project: Path, fact: str) -> None:
    without(project, f"data/nlu/{fact}.yml", f"- pourquoi {fact} au")
    (line,) = found(project)
    wanted = f"« {fact} » : questions voisines : 5, il en faut au moins 6 ; ajoutez-en sous « inconnu/{fact} »."
    assert line.endswith(f"erreur : {wanted}")


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_with_too_few_questions_of_the_evaluation_is_an_error(project: Path, write: Write, fact: str) -> None:
    write(f"evaluation/questions/dev/{fact}.yml", f"questions:\n- question: un\n  attendu: {fact}\n")
    (line,) = found(project)
    wanted = f"« {fact} » : questions d'évaluation : 1, il en faut au moins 3 ; ajoutez-en avec « {fact} » sous"
    assert f"erreur : {wanted}" in line


@pytest.mark.parametrize(
    ("fact", "place"),
    [
        ("club.lieu", "knowledge/facts/club.yml:2"),
        ("club.sigle", "knowledge/facts/club.yml:9"),
        ("membres.nombre", "knowledge/facts/membres.yml:2"),
        (CONTACT, "knowledge/contacts.yml:2"),
    ],
)
def test_a_fact_that_nothing_leads_to_is_found_where_it_stands(project: Path, fact: str, place: str) -> None:
    (project / f"data/nlu/{fact}.yml").unlink()
    (project / f"evaluation/questions/dev/{fact}.yml").unlink()
    assert [line.split(": ", 1)[0] for line in found(project)] == [place] * 3
    assert all(" : 0, il en faut" in line for line in found(project))


def test_both_halves_double_questions_and_conversations_count(project: Path, write: Write) -> None:
    write(
        "evaluation/questions/dev/club.lieu.yml", "questions:\n- question: un\n  attendu: [[club.lieu], [club.sigle]]"
    )
    write("evaluation/questions/sealed/un.yml", "questions:\n- question: deux\n  attendu: club.lieu")
    assert len(found(project)) == 1
    turn = "conversations:\n- tours:\n  - {question: trois, attendu: [club.lieu]}"
    write("evaluation/questions/sealed/conversations.yml", turn)
    assert found(project) == []


def test_a_question_in_other_capitals_counts_once(project: Path) -> None:
    path = project / "data/nlu/club.lieu.yml"
    text = path.read_text("utf-8").replace("- bateau de club.lieu ?", "- Abricot, de « CLUB.LIEU »")
    path.write_text(text, "utf-8")
    assert any("questions : 11, il en faut au moins 12" in line for line in found(project))


def test_a_row_that_rasa_ignores_does_not_count(project: Path) -> None:
    path = project / "data/nlu/club.lieu.yml"
    path.write_text(path.read_text("utf-8").replace("- bateau de club.lieu ?", "bateau de club.lieu ?"), "utf-8")
    ignored, missing = found(project)
    assert "ignorée" in ignored
    assert "questions : 11, il en faut au moins 12" in missing


@pytest.mark.parametrize(("questions", "near_misses", "warnings"), [(60, 40, 0), (59, 40, 1), (60, 39, 1)])
def test_below_the_aim_is_a_warning(
    project: Path, write: Write, questions: int, near_misses: int, warnings: int
) -> None:
    rows = taught("fait/club.lieu", some_questions(questions, "lieu"))
    near = taught("inconnu/club.lieu", some_questions(near_misses, "voisin"))
    write("data/nlu/club.lieu.yml", f"nlu:\n{rows}{near}")
    of_fact = [finding for finding in lint(project) if "« club.lieu » :" in finding.problem]
    assert [finding.severity for finding in of_fact] == [WARNING] * warnings


# The same question twice


def test_the_same_question_under_two_facts_is_an_error_with_both_places(project: Path, write: Write) -> None:
    write("data/nlu/x.yml", "nlu:\n" + taught("fait/club.sigle", ["Une neuve ?", "  Dauphin,  dé CLUB.LIEU"]))
    assert found(project) == [
        "data/nlu/x.yml:5: erreur : cette question est sous « fait/club.sigle » et sous « fait/club.lieu » "
        "(data/nlu/club.lieu.yml:7) ; gardez-la sous un seul des deux."
    ]


@pytest.mark.parametrize("fact", ["club.lieu", "club.sigle"])
def test_a_near_miss_that_is_a_question_of_a_fact_is_an_error(project: Path, write: Write, fact: str) -> None:
    write("data/nlu/x.yml", "nlu:\n" + taught(f"inconnu/{fact}", ["DAUPHIN de club.lieu !"]))
    assert found(project) == [
        f"data/nlu/x.yml:4: erreur : cette question est sous « inconnu/{fact} » et sous « fait/club.lieu » "
        "(data/nlu/club.lieu.yml:7) ; gardez-la sous un seul des deux."
    ]


def test_the_same_question_twice_under_one_label_is_a_warning(project: Path, write: Write) -> None:
    write("data/nlu/x.yml", "nlu:\n" + taught("fait/club.lieu", ["Dauphin de Club.lieu"]))
    assert found(project) == [
        "data/nlu/x.yml:4: avertissement : cette question est déjà là (data/nlu/club.lieu.yml:7) ; gardez-en une."
    ]


def test_two_signs_are_two_questions(project: Path, write: Write) -> None:
    write("data/nlu/x.yml", "nlu:\n" + taught("hors_sujet", ["👍", "🤔"]))
    assert found(project) == []


def follow_up(label: str, before: str, row: str) -> str:
    return f"- intent: {label}\n  metadata: {{avant: {before}}}\n  examples: |\n    - {row}\n"


def test_the_same_words_after_a_fact_are_another_question(project: Path, write: Write) -> None:
    after_place = follow_up("fait/club.sigle", "club.lieu", "et combien ?")
    write("data/nlu/x.yml", "nlu:\n" + after_place + taught("fait/membres.nombre", ["et combien ?"]))
    assert found(project) == []


def test_the_same_follow_up_after_facts_of_one_subject_is_the_same_question(project: Path, write: Write) -> None:
    after_place = follow_up("fait/club.sigle", "club.lieu", "et combien ?")
    write("data/nlu/x.yml", "nlu:\n" + after_place + follow_up("fait/membres.nombre", "club.sigle", "et combien ?"))
    assert found(project) == [
        "data/nlu/x.yml:9: erreur : cette question est sous « fait/membres.nombre » et sous « fait/club.sigle » "
        "(data/nlu/x.yml:5) ; gardez-la sous un seul des deux."
    ]


def test_a_follow_up_in_words_that_have_no_answer_elsewhere_is_an_error(project: Path, write: Write) -> None:
    """Rasa's own check looks at the words only."""
    after_place = follow_up("fait/club.sigle", "club.lieu", "et combien ?")
    write("data/nlu/x.yml", "nlu:\n" + after_place + taught("inconnu/membres.nombre", ["et combien ?"]))
    assert found(project) == [
        "data/nlu/x.yml:8: erreur : ces mots sont sous « inconnu/membres.nombre » et sous « fait/club.sigle » "
        "(data/nlu/x.yml:5), ce que Rasa n'accepte pas ; changez-en un mot à l'un des deux."
    ]


# Nearly the same

LONG = "Dans quelle belle ville de France le club a-t-il bien pu voir le jour"


@pytest.mark.parametrize("label", ["fait/club.sigle", "inconnu/club.lieu", "inconnu/club.sigle"])
def test_nearly_the_same_question_under_another_fact_or_a_near_miss_is_a_warning(
    project: Path, write: Write, label: str
) -> None:
    write("data/nlu/x.yml", "nlu:\n" + taught("fait/club.lieu", [f"{LONG} ?"]) + taught(label, [f"{LONG}s ?"]))
    assert found(project) == [
        f"data/nlu/x.yml:7: avertissement : « {LONG}s ? » est presque la question de « fait/club.lieu » "
        "(data/nlu/x.yml:4) ; gardez les deux si un mot en change la réponse."
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"{LONG} en 1990", f"{LONG} en 1991"),
        (f"{LONG} à Lyon", f"{LONG} à Laon"),
        (LONG, LONG.replace("club", "clos")),
    ],
    ids=["a year", "a place", "a subject"],
)
def test_a_pair_that_a_number_or_a_name_tells_apart_is_wanted(
    project: Path, write: Write, one: str, other: str
) -> None:
    write("data/nlu/x.yml", "nlu:\n" + taught("fait/club.lieu", [one]) + taught("inconnu/club.lieu", [other]))
    assert found(project) == []


def test_nearly_the_same_question_under_one_label_is_a_variant(project: Path, write: Write) -> None:
    write("data/nlu/x.yml", "nlu:\n" + taught("fait/club.lieu", [f"{LONG} ?", f"{LONG}s ?"]))
    assert found(project) == []


# What leads nowhere


@pytest.mark.parametrize(("label", "fact"), [("fait/club.but", "club.but"), ("inconnu/club.but", "club.but")])
def test_a_label_of_a_fact_that_does_not_exist_is_an_error(project: Path, write: Write, label: str, fact: str) -> None:
    write("data/nlu/x.yml", "nlu:\n" + taught("salutation", ["Bonjour"]) + taught(label, ["Dans quel but ?"]))
    assert found(project) == [
        f"data/nlu/x.yml:5: erreur : le fait « {fact} » n'existe pas dans knowledge/ ; "
        f"corrigez « {label} » ou ajoutez le fait."
    ]


def test_two_questions_on_a_fact_that_does_not_exist_are_an_error(project: Path, write: Write) -> None:
    write("data/deux_questions/x.yml", "deux_questions:\n" + doubled("où et ¦ à qui écrire", "club.but", "contact"))
    assert found(project) == [
        "data/deux_questions/x.yml:2: erreur : le fait « club.but » n'existe pas dans knowledge/ ; "
        "corrigez « faits » ou ajoutez le fait."
    ]


def test_the_same_two_questions_twice_are_a_warning(project: Path, write: Write) -> None:
    rows = doubled("où et ¦ combien"), doubled("Où, et ¦ combien ?")
    write("data/deux_questions/x.yml", "deux_questions:\n" + "".join(rows))
    assert found(project) == [
        "data/deux_questions/x.yml:4: avertissement : ce message est déjà là (data/deux_questions/x.yml:2) ; "
        "gardez-en un."
    ]


def test_an_answer_of_the_evaluation_that_does_not_exist_is_an_error(project: Path, write: Write) -> None:
    rows = "- question: un\n  attendu: [club.lieu, club.but]\n- question: deux\n  attendu: [[contact], [club.non]]\n"
    write("evaluation/questions/dev/x.yml", f"questions:\n{rows}")
    assert found(project) == [
        "evaluation/questions/dev/x.yml:2: erreur : « club.but », sous « attendu », n'existe pas dans knowledge/ ; "
        "corrigez cet identifiant.",
        "evaluation/questions/dev/x.yml:4: erreur : « club.non », sous « attendu », n'existe pas dans knowledge/ ; "
        "corrigez cet identifiant.",
    ]


@pytest.mark.parametrize("accepted", ["salutation", "detresse"])
def test_small_talk_and_distress_are_answers_of_the_evaluation(project: Path, write: Write, accepted: str) -> None:
    write("data/nlu/x.yml", "nlu:\n" + taught("salutation", ["Bonjour"]))
    write("evaluation/questions/dev/x.yml", f"questions:\n- question: Bonsoir\n  attendu: {accepted}\n")
    assert found(project) == []


# Responses


def test_a_response_that_nothing_says_is_an_error(project: Path, write: Write) -> None:
    write("data/responses/x.yml", "responses:\n  utter_orpheline:\n  - text: Bonjour\n")
    assert found(project) == [
        "data/responses/x.yml:2: erreur : aucune règle et aucun code ne dit la réponse « utter_orpheline » ; "
        "corrigez son nom ou retirez-la."
    ]


def test_a_response_that_a_rule_says_is_no_orphan(project: Path, write: Write) -> None:
    write("data/responses/x.yml", "responses:\n  utter_neuve:\n  - text: Bonjour\n")
    write("data/rules/x.yml", "rules:\n- rule: neuve\n  steps:\n  - intent: neuve\n  - action: utter_neuve\n")
    assert found(project) == []


def test_a_response_that_a_rule_says_and_that_is_missing_is_an_error(project: Path, write: Write) -> None:
    write("data/rules/x.yml", "rules:\n- rule: neuve\n  steps:\n  - intent: neuve\n  - action: utter_neuve\n")
    assert found(project) == [
        "data/rules/x.yml:5: erreur : la réponse « utter_neuve » est dite ici et manque ; ajoutez-la à data/responses/."
    ]


@pytest.mark.parametrize(
    ("file", "name", "said"),
    [
        ("refus.yml", "utter_choix", '"utter_choix"'),
        ("conversation.yml", "utter_merci", 'f"utter_{decision.topic}"'),
        ("detresse.yml", "utter_detresse_fr", 'f"utter_detresse_{language}"'),
        ("langues.yml", "utter_autre_langue_es", 'f"utter_autre_langue_{language}"'),
    ],
)
def test_a_response_that_the_code_says_and_that_is_missing_is_an_error_at_that_line(
    project: Path, file: str, name: str, said: str
) -> None:
    path = project / "data/responses" / file
    path.write_text(path.read_text("utf-8").replace(f"{name}:", f"{name}s:"), "utf-8")
    orphan, missing = sorted(found(project), key=lambda line: "manque" in line)
    assert f"la réponse « {name}s »" in orphan
    assert f"la réponse « {name} »" in missing
    place, _, _ = missing.partition(": ")
    code, _, line = place.partition(":")
    assert said in (ROOT / code).read_text("utf-8").splitlines()[int(line) - 1]


# Evaluation apart from training


@pytest.mark.parametrize("half", ["dev", "sealed"])
def test_a_question_of_the_evaluation_that_is_taught_is_an_error_without_its_text(
    project: Path, write: Write, half: str
) -> None:
    rows = "- question: une autre\n  attendu: []\n- attendu: []\n  question: DAUPHIN de « Club.lieu »\n"
    write(f"evaluation/questions/{half}/x.yml", f"questions:\n{rows}")
    assert found(project) == [
        f"evaluation/questions/{half}/x.yml:5: erreur : cette question est aussi dans l'apprentissage "
        "(data/nlu/club.lieu.yml:7) ; récrivez autrement celle de data/."
    ]


def test_a_turn_of_a_conversation_that_is_taught_is_an_error(project: Path, write: Write) -> None:
    turns = "conversations:\n- tours:\n  - question: une autre\n  - question: dauphin de club.lieu\n    attendu:\n"
    write("evaluation/questions/sealed/conversations.yml", turns)
    (line,) = found(project)
    assert line.startswith("evaluation/questions/sealed/conversations.yml:4: erreur : cette question est aussi dans")


def test_a_question_of_the_evaluation_that_is_nearly_taught_is_an_error_without_its_text(
    project: Path, write: Write
) -> None:
    write("data/nlu/x.yml", "nlu:\n" + taught("hors_sujet", [f"{LONG} ?"]))
    write("evaluation/questions/sealed/x.yml", f"questions:\n- question: {LONG}s ?\n")
    assert found(project) == [
        "evaluation/questions/sealed/x.yml:2: erreur : cette question est presque dans l'apprentissage "
        "(data/nlu/x.yml:4) ; récrivez autrement celle de data/."
    ]


@pytest.mark.parametrize(("asked", "how"), [("chat, et, chien", "aussi"), (f"chat et {'chien' * 9}s", "presque")])
def test_a_question_of_the_evaluation_that_is_taught_as_two_questions_is_an_error(
    project: Path, write: Write, asked: str, how: str
) -> None:
    rows = [doubled("chat et ¦ chien"), doubled(f"chat et ¦ {'chien' * 9}")]
    write("data/deux_questions/x.yml", "deux_questions:\n" + "".join(rows))
    write("evaluation/questions/dev/x.yml", f'questions:\n- question: "{asked}"\n')
    assert found(project) == [
        f"evaluation/questions/dev/x.yml:2: erreur : cette question est {how} dans l'apprentissage "
        f"(data/deux_questions/x.yml:{2 if how == 'aussi' else 4}) ; récrivez autrement celle de data/."
    ]


@pytest.mark.parametrize(("alike", "found_too"), [("abcdefghijklmnopqrsz", 1), ("bcdefghijklmnopqrsz", 0)])
def test_nearly_the_same_begins_at_95_percent(project: Path, write: Write, alike: str, found_too: int) -> None:
    write("data/nlu/x.yml", "nlu:\n" + taught("hors_sujet", ["abcdefghijklmnopqrst", "bcdefghijklmnopqrst"]))
    write("evaluation/questions/dev/x.yml", f"questions:\n- question: {alike}\n")
    assert len(found(project)) == found_too


# Rows and files


@pytest.mark.parametrize("row", ["[Lyon](ville) est-elle", "Où {x} ?", "Où [x ?", "Où x] ?", "Où } ?"])
def test_a_bracket_in_a_question_is_an_error(project: Path, write: Write, row: str) -> None:
    write("data/nlu/x.yml", "nlu:\n" + taught("fait/club.lieu", ["Une neuve ?", row]))
    assert found(project) == [
        "data/nlu/x.yml:5: erreur : il y a des crochets ou des accolades, qui ont un sens pour Rasa ; "
        "récrivez la question sans eux."
    ]


@pytest.mark.parametrize(("row", "is_wrong"), [('{"name": [1, 2]}', False), ("{ }", False), ("[Lyon](ville)", True)])
def test_among_garbage_only_an_annotation_is_an_error(project: Path, write: Write, row: str, is_wrong: bool) -> None:
    write("data/nlu/x.yml", "nlu:\n" + taught("hors_sujet", [row]))
    assert [line.startswith("data/nlu/x.yml:4: erreur : il y a des crochets") for line in found(project)] == (
        [True] * is_wrong
    )


@pytest.mark.parametrize("empty", ["", "    -", "    - "])
def test_an_empty_row_is_an_error(project: Path, write: Write, empty: str) -> None:
    text = "nlu:\n- intent: hors_sujet\n  # du bruit\n  examples: |\n    - un bruit\n{}\n    - un autre\n"
    write("data/nlu/x.yml", text.format(empty))
    assert found(project) == ["data/nlu/x.yml:6: erreur : cette ligne est vide ; retirez-la."]


@pytest.mark.parametrize("row", ["    un bruit", "     - un bruit", "    # un bruit"])
def test_a_row_that_rasa_ignores_is_an_error(project: Path, write: Write, row: str) -> None:
    write("data/nlu/x.yml", f"nlu:\n- intent: hors_sujet\n  examples: |\n    - un autre\n{row}\n")
    assert found(project) == [
        "data/nlu/x.yml:5: erreur : cette ligne ne commence pas par un tiret, elle serait ignorée ; "
        "alignez-la sur les autres."
    ]


@pytest.mark.parametrize(
    ("place", "text", "says"),
    [
        ("data/nlu/x.yml:3", "nlu:\n- intent: salutation\n  examples:\n    - Bonjour\n", "clé « examples »"),
        ("data/nlu/x.yml:3", "nlu:\n- intent: salutation\n  examples: >\n    - Bonjour\n", "« examples: | »"),
        ("data/nlu/x.yml:2", "nlu:\n- intent: salutation\n", "clé « examples »"),
        ("data/nlu/x.yml:2", "nlu:\n- Bonjour\n", "clé « nlu »"),
        ("data/nlu/x.yml:2", "nlu:\n\t- intent: salutation\n", "tabulation"),
        ("data/responses/x.yml:2", "responses:\n  utter_x: Bonjour\n", "clé « utter_x »"),
        ("evaluation/questions/dev/x.yml:2", "questions:\n- attendu: []\n", "clé « question »"),
        ("evaluation/questions/dev/x.yml:2", "questions:\n- question: 12\n", "un texte"),
        ("knowledge/facts/x.yml:2", "faits:\n- id: club.neuf\n", "il manque cette clé"),
    ],
)
def test_a_file_that_cannot_be_read_is_the_only_error(
    project: Path, write: Write, place: str, text: str, says: str
) -> None:
    write(place.split(":", maxsplit=1)[0], text)
    (said,) = found(project)
    assert said.startswith(f"{place}: erreur : ")
    assert says in said


# The command


def test_errors_come_first_then_warnings_then_a_summary_and_the_code_is_1(
    project: Path, write: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("data/nlu/a.yml", "nlu:\n" + taught("fait/club.lieu", ["une neuve ?", "une neuve ?"]))
    write("data/nlu/z.yml", "nlu:\n" + taught("fait/club.lieu", ["Où [x ?", "Où ] ?"]))
    monkeypatch.setattr(sys, "argv", ["make lint-faq"])
    assert main(project) == 1
    *lines, last = capsys.readouterr().out.splitlines()
    kinds = [line.split(": ", 1)[1].split(" : ")[0] for line in lines]
    assert kinds == [ERROR] * 2 + [WARNING] * (len(lines) - 2)
    assert last == f"Contenu : 2 erreurs, {len(lines) - 2} avertissements."
    assert any(line.startswith("data/nlu/a.yml:5: avertissement") for line in lines)


def test_warnings_alone_leave_the_code_at_0(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["make lint-faq"])
    assert main(project) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Contenu : 0 erreur, 8 avertissements."


def test_help_says_what_is_checked() -> None:
    command = [sys.executable, "-m", "tools.lint_faq", "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert "code de sortie 1" in done.stdout


def test_make_test_lints_before_it_trains() -> None:
    done = subprocess.run(["make", "-n", "test"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert 0 < done.stdout.index("-m tools.lint_faq") < done.stdout.index("-m tools.train")


def test_16000_questions_and_2500_of_the_evaluation_take_less_than_15_seconds(project: Path, write: Write) -> None:
    labels = [f"{kind}/{fact}" for kind in ("fait", "inconnu") for fact in load_knowledge(project / "knowledge").facts]
    blocks = [taught(label, some_questions(2_000, label)) for label in [*labels, "hors_sujet", "salutation"]]
    write("data/nlu/x.yml", "nlu:\n" + "".join(blocks))
    asked = "".join(f"- question: {text}\n  attendu: [club.lieu]\n" for text in some_questions(2_500, "autre"))
    write("evaluation/questions/dev/x.yml", f"questions:\n{asked}")
    began = time.process_time()
    lint(project)
    assert time.process_time() - began < 15


def some_questions(count: int, last: str) -> list[str]:
    """Return that many different questions, as long as those of today: most of 20 to 75 letters."""
    chance = random.Random(last)
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _ in range(8 * count)]
    return [f"{' '.join(chance.sample(words, chance.randint(2, 8)))} {last} ?" for _ in range(count)]
