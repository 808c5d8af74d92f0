"""Names in a message: subjects, unknowns, names that no source has, countries; by whole words, the longer one first."""

from dataclasses import replace

import pytest

from assistant.knowledge.base import Knowledge
from assistant.understanding.mentions import Mention, MentionFinder


@pytest.fixture(scope="module")
def finder(knowledge: Knowledge) -> MentionFinder:
    return MentionFinder(knowledge)


def keys(mentions: tuple[Mention, ...]) -> list[str]:
    return [mention.key for mention in mentions]


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Où l’OCAM a-t-elle été créée ?", "ocam"),
        ("la commission CENTRAMERICAINE des directeurs de la migration", "ocam"),
        ("Qui est M. Pisani ?", "pisani"),
        ("que fait l'organisation internationale pour les migrations", "oim"),
        ("Qu'est-ce que le Système d'intégration centraméricain ?", "sica"),
        ("l'OIM et l'OCAM", "ocam"),
        ("que fait l'OIM ?", "oim"),
        ("les projets", "projet"),
        ("et loim ?", "oim"),
        ("locam c koi", "ocam"),
        ("interpool", "interpol"),
        ("Bonjour", None),
        ("", None),
    ],
)
def test_the_subject_is_the_first_one_named_that_is_more_precise_than_the_oim(
    finder: MentionFinder, text: str, subject: str | None
) -> None:
    assert finder.find(text).subject == subject


@pytest.mark.parametrize("text", ["ocamien", "doimaine", "reprojeter", "pisaniste"])
def test_a_name_inside_a_word_is_none(finder: MentionFinder, text: str) -> None:
    assert finder.find(text).subjects == ()


def test_a_mention_has_its_place_and_length_in_words(finder: MentionFinder) -> None:
    mentions = finder.find("Dites, l'OIM et la Croix-Rouge ?")
    assert mentions.subjects == (Mention("oim", 2, 1),)
    assert mentions.other_names == (Mention("croix rouge", 5, 2),)


def test_of_two_names_at_one_place_the_longer_counts(finder: MentionFinder) -> None:
    assert keys(finder.find("la Commission centraméricaine des directeurs de la migration").subjects) == ["ocam"]
    assert finder.find("la réunion annuelle").subjects[0].length == 2
    assert keys(finder.find("ONU Femmes").other_names) == ["onu femmes"]


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Quel est le budget de l'OIM ?", "budget"),
        ("qui finance, comment est-elle financée", "budget"),
        ("FINANCEMENT", "budget"),
        ("Où est le siège ?", "siege"),
        ("le numéro de téléphone", "telephone"),
    ],
)
def test_what_the_source_lacks_is_found_by_its_wordings(finder: MentionFinder, text: str, unknown: str) -> None:
    assert unknown in keys(finder.find(text).unknowns)


@pytest.mark.parametrize("text", ["refinancer", "tél", "la ruelle"])
def test_a_wording_begins_a_word(finder: MentionFinder, text: str) -> None:
    assert not {"budget", "adresse"} & set(keys(finder.find(text).unknowns))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("et le HCR ?", "hcr"),
        ("Que fait l'Unicef ?", "unicef"),
        ("médecins sans frontieres", "medecins sans frontieres"),
    ],
)
def test_a_name_that_no_source_has_is_found(finder: MentionFinder, text: str, name: str) -> None:
    assert keys(finder.find(text).other_names) == [name]


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("qui contacter au Guatemala ?", ["GT"]),
        ("au Salvador", ["SV"]),
        ("El Salvador et le honduras", ["SV", "HN"]),
        ("aux États-Unis", ["US"]),
        ("en Haïti, en RDC ou au Costa Rica", ["HT", "CR"]),
        ("Nigeria", ["NG"]),
        ("la réunion de l'OCAM", []),
        ("les Nations Unies", []),
        ("Bonjour", []),
    ],
)
def test_countries_are_found_by_their_french_names(finder: MentionFinder, text: str, countries: list[str]) -> None:
    assert keys(finder.find(text).countries) == countries


def test_other_spellings_of_everyday_words_are_no_names(finder: MentionFinder) -> None:
    """« fam » is a family more often than a woman, and after distress what names a subject is another matter."""
    mentions = finder.find("ma fam et mes fames, un proget de l'orga")
    assert mentions.subjects + mentions.other_names == ()


def test_every_name_and_wording_of_the_knowledge_is_found(finder: MentionFinder, knowledge: Knowledge) -> None:
    for subject in knowledge.subjects.values():
        for name in subject.names:
            assert subject.id in keys(finder.find(name).subjects), name
    for other in knowledge.other_names.values():
        assert finder.find(other.name).other_names, other.name


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("L'OCAM a été créée en 1985, n'est-ce pas ?", "ocam.date_creation"),
        ("L'OIM compte 193 États membres ?", "oim.membres"),
        ("Les femmes sont 60 % des migrants", "femmes.part"),
        ("La réunion était la 42e", "reunion.frequence"),
        ("L'OIM a trois directrices générales adjointes", "structure.adjointes"),
        ("L'OCAM est née à Panama", "ocam.lieu_creation"),
        ("L'OCAM est née au Honduras", "ocam.lieu_creation"),
    ],
)
def test_a_fact_says_otherwise_than_a_value_that_is_taken_for_true(finder: MentionFinder, text: str, fact: str) -> None:
    assert fact in finder.find(text).contradicted_by


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("L'OCAM a été créée en 1990, n'est-ce pas ?", "ocam.date_creation"),
        ("L'OCAM n'a pas été créée en 1985 ?", "ocam.date_creation"),
        ("En quelle année l'OCAM a-t-elle été créée, 1985 ?", "ocam.date_creation"),
        ("L'OIM compte 175 États membres ?", "oim.membres"),
        ("L'OIM a 193 bureaux", "oim.membres"),
        ("L'OCAM est née au Costa Rica", "ocam.lieu_creation"),
        ("Que fait l'OIM ?", "oim.depuis"),
    ],
)
def test_a_true_value_a_denied_one_or_none_is_not_contradicted(finder: MentionFinder, text: str, fact: str) -> None:
    assert fact not in finder.find(text).contradicted_by


def test_no_fact_contradicts_its_own_question(finder: MentionFinder, knowledge: Knowledge) -> None:
    """A button's words, typed, never get « Ma source dit autre chose »."""
    contradicted = [
        fact.id for fact in knowledge.facts.values() if fact.id in finder.find(fact.question).contradicted_by
    ]
    assert contradicted == []


@pytest.mark.parametrize(
    ("text", "whether"),
    [
        ("Le projet est-il lancé ?", True),
        ("Le projet, ils l'ont déjà démarré, non ?", True),
        ("Le projet n'est pas lancé", False),
        ("Quand le projet est-il lancé ?", True),
        ("Le projet est-il lancé ou proposé ?", False),
        ("Le projet est-il relancé ?", False),
        ("Que prévoit le projet ?", False),
        ("Mon livre est lancé, c'est quoi le projet ?", False),
        ("Je suis lancé dans un livre, que prévoit le projet ?", False),
        ("Je suis sûr que le projet est lancé", True),
    ],
)
def test_a_fact_denies_the_words_of_its_file_where_they_are_taken_for_true(
    knowledge: Knowledge, text: str, whether: bool
) -> None:
    denying = knowledge.facts["projet.statut"].copy(update={"denies": ("lancé", "démarr*")})
    known = replace(knowledge, facts={**knowledge.facts, denying.id: denying})
    assert (denying.id in MentionFinder(known).find(text).contradicted_by) is whether


def test_a_word_may_be_denied_by_several_facts(knowledge: Knowledge) -> None:
    denying = {
        fact_id: knowledge.facts[fact_id].copy(update={"denies": ("lancé",)})
        for fact_id in ("projet.statut", "projet.auteur")
    }
    found = MentionFinder(replace(knowledge, facts={**knowledge.facts, **denying})).find("le projet est lancé")
    assert found.contradicted_by == set(denying)


def test_a_text_without_its_names_keeps_the_other_words(finder: MentionFinder) -> None:
    assert finder.without_names("À quoi sert l'OCAM, xz ?") == "a quoi sert l xz"
    assert finder.without_names("OIM OCAM") == ""


def test_a_long_text_is_searched_quickly(finder: MentionFinder) -> None:
    assert len(finder.find("OIM " * 1000).subjects) == 1000


@pytest.mark.parametrize(
    "text", ["Que fait l'OIM auprès de l'OCAM ?", "Qui a fondé l'OIM ?", "et le HCR, au projet ?", "où ?", ""]
)
def test_the_subject_and_the_facts_alone_are_those_that_are_found_with_all_else(
    finder: MentionFinder, text: str
) -> None:
    found = finder.find(text)
    assert (finder.subject(text), finder.may_answer(text)) == (found.subject, found.facts)
