"""What accepting a group would write, and what may be typed to change it."""

import re

import pytest

from tests.tools.review.conftest import FLAGS, PODCAST, SENTENCE, proposal
from tools.lint_faq.content import Content
from tools.review.steps import CHANGES, Step, changed, shown, step_of


def step(content: Content, kind: str = "wording", **changes: object) -> Step:
    return step_of(proposal(kind, **changes), content, lambda _: False)


def test_new_wordings_go_under_their_fact(content: Content) -> None:
    lines = list(shown(step(content), content))
    assert "data/nlu/oim/membres.yml" in lines[0]
    assert "« fait/oim.membres »" in lines[0]
    assert lines[1].strip() == "(questions du fait « Combien d'États sont membres de l'OIM ? »)"
    assert lines[2:] == [f"{number:4d} - {text}" for number, text in enumerate(FLAGS, 1)]


def test_something_unknown_has_its_line_its_refusal_and_its_near_misses(content: Content) -> None:
    first, line, refusal, where, _, *rows = shown(step(content, "unknown"), content)
    assert first == "À la fin de knowledge/unknowns.yml :"
    assert line.strip() == "- {id: podcast, libelle: d'informations sur « podcast », complet: true, mots: [podcast*]}"
    assert "« Ma source ne donne pas d'informations sur « podcast » »" in refusal
    assert "data/nlu/site/rubriques.yml" in where
    assert len(rows) == len(PODCAST)


def test_a_sentence_of_the_source_is_shown_with_the_draft_that_it_becomes(content: Content) -> None:
    made = step(content, "fact")
    assert made.topic == "combien-de-drapeaux-a-l-oim"
    sentence, draft, *_ = shown(made, content)
    assert SENTENCE in sentence
    assert "knowledge/brouillons/combien-de-drapeaux-a-l-oim.yml" in draft


def test_a_draft_never_takes_the_name_of_another(content: Content) -> None:
    made = step_of(proposal("fact"), content, lambda path: path.stem == "combien-de-drapeaux-a-l-oim")
    assert made.topic == "combien-de-drapeaux-a-l-oim-2"


def test_what_is_there_by_now_is_not_written_again(content: Content) -> None:
    known = content.questions[0].text
    assert step(content, questions=(known, *FLAGS)).rows == FLAGS
    budget = proposal("unknown").additions[0].yaml.replace("id: podcast", "id: budget")
    additions = tuple(type(one)(one.file, budget) for one in proposal("unknown").additions[:1])
    assert step(content, "unknown", additions=additions).unknown is None


@pytest.mark.parametrize(
    ("said", "rows"),
    [
        ("2 autre chose ?", (FLAGS[0], "autre chose ?", FLAGS[2])),
        ("-1", FLAGS[1:]),
        ("- 3", FLAGS[:2]),
        ("+ encore une ?", (*FLAGS, "encore une ?")),
        ("+ - avec son tiret ?", (*FLAGS, "avec son tiret ?")),
        ("1 avec [crochets] {ici}", ("avec crochets ici", *FLAGS[1:])),
    ],
)
def test_rows_are_rewritten_removed_and_added(content: Content, said: str, rows: tuple[str, ...]) -> None:
    assert changed(step(content), said, content).rows == rows


def test_questions_may_be_another_fact_s_or_near_misses_of_one(content: Content) -> None:
    made = step(content, "unknown")
    assert changed(made, "voisine oim.sigle", content).label == "inconnu/oim.sigle"
    assert changed(made, "voisine oim.sigle", content).unknown == made.unknown
    of_fact = changed(made, "fait oim.sigle", content)
    assert (of_fact.label, of_fact.unknown) == ("fait/oim.sigle", None)
    assert changed(step(content, "fact"), "Fait oim.sigle", content).quote is None


def test_the_unknown_may_be_worded_otherwise_or_left_out(content: Content) -> None:
    made = step(content, "unknown")
    own = changed(made, "libellé le podcast", content)
    assert own.unknown_line == "- {id: podcast, libelle: le podcast, mots: [podcast*]}"
    assert any("Ma source ne donne pas le podcast de l'OIM" in line for line in shown(own, content))
    words = changed(made, "mots Podcast*, balado*, Émission de radio", content)
    assert words.unknown and words.unknown["mots"] == ["podcast*", "balado*", "emission de radio"]
    assert changed(made, "sans inconnu", content).unknown is None


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("9 autre", "pas de ligne 9"),
        ("-0", "pas de ligne 0"),
        ("2", "Il manque le texte"),
        ("+ ?", "Il manque le texte"),
        ("fait oim.rien", "« oim.rien » n'existe pas. Il y a : oim.definition"),
        ("voisine", "n'existe pas"),
        ("libelle le podcast", "pas de nouvel inconnu"),
        ("chanter", CHANGES),
    ],
)
def test_what_changes_nothing_is_told(content: Content, said: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        changed(step(content), said, content)


@pytest.mark.parametrize("said", ["libelle", "mots", "mots , *"])
def test_an_empty_unknown_is_told(content: Content, said: str) -> None:
    with pytest.raises(ValueError, match="Il manque"):
        changed(step(content, "unknown"), said, content)
