"""The sentences of a source are its own words, and none is a heading, a menu entry or half of something."""

from pathlib import Path

import pytest

from assistant.knowledge.base import Knowledge
from assistant.knowledge.loader import load_knowledge, same_passage
from assistant.knowledge.passages import MOST_CHARACTERS, sentences
from tests.assistant.knowledge.conftest import Break


def test_each_sentence_of_the_page_stands_in_it_word_for_word(knowledge: Knowledge, knowledge_folder: Path) -> None:
    page = same_passage((knowledge_folder / "sources/oim-femmes-migrantes.txt").read_text("utf-8"))
    assert len(knowledge.passages) == 14
    assert [one.text for one in knowledge.passages if one.text not in page] == []
    assert not any(one.text.startswith(("Qui sommes nous", "Notre travail")) for one in knowledge.passages)


def test_every_sentence_of_the_page_has_a_fact_so_nothing_is_quoted_of_it(knowledge: Knowledge) -> None:
    assert all(one.stated for one in knowledge.passages)


@pytest.mark.parametrize(
    "noise",
    [
        "Partager sur Facebook",
        "Accueil | Actualités | Nous contacter | Plan du site | Mentions légales",
        "- Directrice générale adjointe chargée de la gestion et des réformes",
        "Voici les papiers qu'il faut apporter à la mairie :",
        "Lire la suite de cet article",
        "C'est gratuit.",
        "Avez-vous besoin de papiers pour vous inscrire ?",
        "Elle est ouverte à tous les habitants de la ville.",
        "Il est ouvert à tous les habitants de la ville.",
        "« Il faut que je vous dise une chose. Elle est grave et nous concerne tous.",
        "mot " * (MOST_CHARACTERS // 4) + "fin.",
    ],
)
def test_what_is_no_whole_sentence_is_left_out(noise: str) -> None:
    good = "Le prêt est gratuit pour les habitants de la ville."
    assert sentences(f"{good}\n{noise}\n{good}") == (good, good)


@pytest.mark.parametrize(
    "whole",
    [
        "Le club de M. Roy a été fondé par J. Martin à Lyon.",
        "Selon l'art. 5 du règlement, le prêt dure env. 3 semaines.",
        "« Venez tous samedi. Il y aura du monde », a déclaré le maire de la ville.",
        "Le maire a dit : « Venez tous samedi. Il y aura du monde. »",
        "Le club compte 1.200 membres et le site www.club.fr les nomme.",
        "Il faut une pièce d'identité pour s'inscrire.",
    ],
)
def test_a_sentence_is_not_cut_inside(whole: str) -> None:
    assert sentences(f"{whole} Le prêt est gratuit pour les habitants.")[0] == whole


def test_lines_that_were_broken_are_one_sentence() -> None:
    assert sentences("Le club a été fondé\nà Lyon par   deux\namis du quartier.") == (
        "Le club a été fondé à Lyon par deux amis du quartier.",
    )


def test_a_sentence_that_is_quoted_in_part_is_stated(folder: Path, edit: Break) -> None:
    edit("sources/page.txt", "Pour en savoir plus", "La salle ouvre chaque matin à neuf heures.\nPour en savoir plus")
    found = {one.text: one.stated for one in load_knowledge(folder).passages}
    assert found == {
        "Le club (CLB) a été fondé à Lyon.": True,
        "La salle ouvre chaque matin à neuf heures.": False,
    }


def test_only_a_source_in_french_is_quoted(folder: Path, edit: Break) -> None:
    edit("sources.yml", "langue: fr", "langue: es")
    assert load_knowledge(folder).passages == ()


def test_a_sentence_is_found_by_its_source_and_position(knowledge: Knowledge) -> None:
    assert knowledge.passage("oim-femmes-migrantes", 5) is knowledge.passages[5]
    assert knowledge.passage("oim-femmes-migrantes", 14) is None
    assert knowledge.passage("ailleurs", 0) is None
