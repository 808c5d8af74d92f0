"""The decision, from candidates made up for each case and the project's own knowledge."""

import re

import pytest

from assistant.dialogue.decide import choose, decide
from assistant.dialogue.explain import explain
from assistant.dialogue.message import Message
from assistant.dialogue.records import EXAMPLES, Candidate, Context, Decision, Thresholds
from assistant.knowledge.base import Knowledge
from assistant.knowledge.live import LiveKnowledge
from assistant.settings import ROOT

OCAM = Context(subject="ocam", fact="ocam.definition", last="answer")


@pytest.fixture
def decided(live: LiveKnowledge) -> "Decide":
    return Decide(live)


class Decide:
    """Decides on a text with made-up candidates."""

    def __init__(self, live: LiveKnowledge) -> None:
        self._live = live

    def __call__(
        self,
        text: str,
        candidates: dict[str, float],
        context: Context | None = None,
        language: tuple[str, float] = ("fr", 1.0),
    ) -> Decision:
        ranked = [Candidate(label, score) for label, score in sorted(candidates.items(), key=lambda item: -item[1])]
        message = Message(text, ranked, self._live.current.finder.find(text), *language)
        (decision,) = decide(message, context or Context(), self._live.current.knowledge, Thresholds())
        return decision


def test_a_likely_fact_is_answered(decided: Decide) -> None:
    decision = decided("Quand l'OCAM a-t-elle été créée ?", {"fait/ocam.date_creation": 0.8, "inconnu/ocam.role": 0.1})
    assert (decision.kind, decision.facts, decision.subject) == ("answer", ("ocam.date_creation",), "ocam")


def test_a_likelier_near_miss_is_refused_with_what_was_asked(decided: Decide) -> None:
    decision = decided("Quel est le budget de l'OCAM ?", {"inconnu/ocam.definition": 0.8, "fait/ocam.role": 0.1})
    assert (decision.kind, decision.unknown, decision.subject) == ("refusal", "budget", "ocam")
    assert 1 <= len(decision.facts) <= 3
    assert all(fact.startswith("ocam.") for fact in decision.facts)


def test_near_misses_of_several_facts_add_up(decided: Decide) -> None:
    near = {"inconnu/oim.pays": 0.25, "inconnu/oim.membres": 0.25, "inconnu/site.lieux": 0.25, "fait/oim.pays": 0.25}
    assert decided("L'OIM est-elle au Japon ?", near).kind == "refusal"


def test_two_facts_as_likely_become_choices(decided: Decide) -> None:
    decision = decided("L'OCAM à San Jose", {"fait/ocam.lieu_creation": 0.4, "fait/reunion.lieu": 0.4})
    assert decision.kind == "choices"
    assert set(decision.facts[:2]) == {"ocam.lieu_creation", "reunion.lieu"}
    assert len(decision.facts) == 3


def test_a_name_that_no_source_speaks_of_is_refused_whatever_the_score(decided: Decide) -> None:
    decision = decided("C'est quoi le HCR ?", {"fait/oim.definition": 0.95})
    assert (decision.kind, decision.other_name) == ("refusal", "hcr")


def test_a_question_about_a_subject_that_mentions_another_name_is_still_about_the_subject(decided: Decide) -> None:
    assert decided("L'OIM est-elle comme le HCR de l'ONU ?", {"fait/oim.onu": 0.9}).kind == "answer"


def test_distress_comes_before_a_likelier_fact(decided: Decide) -> None:
    decision = decided("mon mari me frappe, qui est l'OIM ?", {"fait/oim.definition": 0.6, "detresse/fr": 0.35})
    assert decision.kind == "distress"


def test_distress_is_answered_in_its_language(decided: Decide) -> None:
    assert decided("mi marido me pega", {"detresse/es": 0.9}, language=("es", 0.9)).language == "es"


@pytest.mark.parametrize("text", ["où aller ?", "qui appeler ?", "et une adresse ?"])
def test_after_distress_a_message_that_names_nothing_is_never_about_the_page(decided: Decide, text: str) -> None:
    after_distress = Context(last="distress")
    assert decided(text, {"fait/reunion.lieu": 0.9}, after_distress).kind == "distress"
    assert decided(text, {"contact": 0.9}, after_distress).kind == "distress"


def test_after_distress_a_question_about_the_page_is_answered(decided: Decide) -> None:
    decision = decided("Que veut dire OIM ?", {"fait/oim.sigle": 0.9}, Context(last="distress"))
    assert decision.kind == "answer"


@pytest.mark.parametrize(
    ("text", "fact"),
    [("et quand ?", "ocam.date_creation"), ("C'est où ?", "ocam.lieu_creation"), ("pourquoi ?", "ocam.role")],
)
def test_a_bare_question_word_asks_about_the_last_subject(decided: Decide, text: str, fact: str) -> None:
    decision = decided(text, {"hors_sujet": 0.9}, OCAM)
    assert (decision.kind, decision.facts) == ("answer", (fact,))


def test_the_same_bare_question_after_another_subject_gets_another_fact(decided: Decide) -> None:
    assert decided("et où ?", {"hors_sujet": 0.9}, Context(subject="reunion")).facts == ("reunion.lieu",)


def test_a_bare_question_that_the_subject_does_not_answer_is_refused(decided: Decide) -> None:
    decision = decided("et quand ?", {"fait/ocam.date_creation": 0.9}, Context(subject="reunion"))
    assert (decision.kind, decision.unknown) == ("refusal", "date_reunion")


def test_a_bare_question_without_context_asks_what_is_meant(decided: Decide) -> None:
    decision = decided("et quand ?", {"fait/ocam.date_creation": 0.9})
    assert decision.kind == "clarify"
    assert len(decision.facts) == 3


def test_an_unknown_attribute_of_the_last_subject_is_refused_with_its_name(decided: Decide) -> None:
    decision = decided("et son budget ?", {"inconnu/oim.definition": 0.9}, OCAM)
    assert (decision.kind, decision.unknown, decision.subject) == ("refusal", "budget", "ocam")


def test_a_contact_is_looked_up_by_country(decided: Decide) -> None:
    decision = decided("un contact au Honduras ?", {"contact": 0.9})
    assert (decision.kind, decision.contact, decision.uncovered) == ("contact", "amaya", None)


def test_a_country_that_no_contact_covers_is_said(decided: Decide) -> None:
    decision = decided("un contact au Nicaragua ?", {"contact": 0.9})
    assert (decision.kind, decision.contact, decision.uncovered) == ("contact", "amaya", "pour ce pays (Nicaragua)")


def test_another_language_is_told_from_french(decided: Decide) -> None:
    decision = decided("¿Qué es la OIM?", {"fait/oim.definition": 0.9}, language=("es", 0.9))
    assert (decision.kind, decision.language) == ("other_language", "es")


def test_a_doubtful_language_counts_as_french(decided: Decide) -> None:
    assert decided("OIM honduras", {"fait/oim.definition": 0.9}, language=("es", 0.4)).kind == "answer"


def test_repeat_gives_the_last_fact_again(decided: Decide) -> None:
    decision = decided("répète", {"repeter": 0.9}, OCAM)
    assert (decision.kind, decision.facts) == ("answer", ("ocam.definition",))


def test_repeat_without_an_answer_before_says_so(decided: Decide) -> None:
    assert decided("répète", {"repeter": 0.9}).kind == "nothing_to_repeat"


def test_a_fact_that_the_knowledge_no_longer_has_is_not_answered(decided: Decide) -> None:
    assert decided("Quel est le sens de ceci ?", {"fait/oim.disparu": 0.9}).kind == "refusal"


def test_no_candidates_at_all_is_a_refusal_with_examples(decided: Decide) -> None:
    decision = decided("xyz", {})
    assert (decision.kind, decision.facts) == ("refusal", EXAMPLES)


def test_a_decision_survives_being_kept(decided: Decide) -> None:
    decision = decided("Que veut dire OIM ?", {"fait/oim.sigle": 0.9, "inconnu/oim.sigle": 0.05})
    assert Decision.from_dict(decision.as_dict()) == decision


def test_a_choice_is_answered_and_an_unknown_one_is_not(knowledge: Knowledge) -> None:
    chosen = choose("ocam.role", knowledge)
    assert chosen is not None
    assert (chosen.kind, chosen.facts) == ("answer", ("ocam.role",))
    assert choose("contact", knowledge) is not None
    assert choose("ocam.inexistant", knowledge) is None


def test_a_number_of_something_names_it_rather_than_the_number(decided: Decide) -> None:
    decision = decided("L'OCAM a combien d'employés ?", {"inconnu/ocam.definition": 0.9})
    assert decision.unknown == "effectif"


def test_a_refusal_names_no_subject_that_nobody_named(decided: Decide) -> None:
    decision = decided("j'ai besoin d'un téléphone", {"inconnu/structure.direction": 0.9})
    assert (decision.unknown, decision.subject) == ("telephone", None)


def test_every_reason_is_told_in_french(decided: Decide, knowledge: Knowledge) -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "assistant" / "dialogue").glob("*.py"))
    reasons = set(re.findall(r'Decision\(\s*"\w+",\s*"([\w -]+)"', source)) | {"unknown name", "near-miss", "uncovered"}
    for reason in reasons:
        assert explain(Decision("refusal", reason), knowledge)


def test_the_words_of_a_button_typed_are_answered_whatever_the_scores(decided: Decide) -> None:
    decision = decided("Pourquoi des femmes a la tete d'une famille migrent elles", {"inconnu/femmes.raisons": 0.9})
    assert (decision.kind, decision.facts) == ("answer", ("femmes.raisons",))


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Qui a fondé l'OIM ?", "ocam.demandeur"),
        ("Dans combien de pays l'OCAM est-elle présente ?", "oim.pays"),
        ("Combien d'États sont membres de l'ONU ?", "oim.membres"),
    ],
)
def test_a_fact_about_another_name_is_no_answer(decided: Decide, text: str, fact: str) -> None:
    assert decided(text, {f"fait/{fact}": 0.95}).kind != "answer"


def test_what_only_another_name_answers_is_refused_though_the_named_one_has_facts(decided: Decide) -> None:
    decision = decided("Combien d'États membres compte l'OCAM ?", {"fait/oim.membres": 0.6, "fait/ocam.role": 0.1})
    assert (decision.kind, decision.subject) == ("refusal", "ocam")


def test_another_name_beside_the_facts_own_subject_is_no_obstacle(decided: Decide) -> None:
    decision = decided("C'est INTERPOL qui a proposé le projet ?", {"fait/projet.auteur": 0.9})
    assert decision.facts == ("projet.auteur",)


def test_a_fact_names_its_own_follow_up(decided: Decide) -> None:
    decision = decided("et depuis quand ?", {"hors_sujet": 0.9}, Context(subject="ocam", fact="ocam.oim_role"))
    assert decision.facts == ("ocam.oim_depuis",)


@pytest.mark.parametrize("intent", ["humain", "autre_langue/en", "source", "oui"])
def test_after_distress_small_talk_and_other_languages_get_help_again(decided: Decide, intent: str) -> None:
    assert decided("parler à quelqu'un", {intent: 0.9}, Context(last="distress")).kind == "distress"
    assert decided("where can I go", {intent: 0.9}, Context(last="distress"), ("en", 0.9)).language == "en"


def test_thanks_after_distress_are_thanked(decided: Decide) -> None:
    assert decided("merci", {"merci": 0.9}, Context(last="distress")).topic == "merci"


@pytest.mark.parametrize("text", ["efface mes données", "Effacez tout s'il vous plaît", "oublie ce que j'ai dit"])
def test_a_clear_request_erases(decided: Decide, text: str) -> None:
    assert decided(text, {"effacer_donnees": 0.9}).kind == "erasure"


@pytest.mark.parametrize(
    "text",
    ["N'efface pas ma conversation", "ne supprime rien", "tu gardes mes données ?", "combien de temps gardez-vous"],
)
def test_a_question_or_a_negation_erases_nothing(decided: Decide, text: str) -> None:
    decision = decided(text, {"effacer_donnees": 0.9})
    assert (decision.kind, decision.topic) == ("small_talk", "donnees")


@pytest.mark.parametrize(
    ("text", "uncovered"),
    [
        ("un contact à Paris ?", "pour ce lieu (Paris)"),
        ("contact en Birmanie", "pour ce pays (Myanmar (Birmanie))"),
        ("à qui écrire en Afrique ?", "pour ce lieu (Afrique)"),
        ("le mail de Marcelo Pisani", "pour Marcelo Pisani"),
        ("contact au Mexique et au Guatemala", "pour ce pays (Mexique)"),
        ("un contact au Salvador", None),
        ("le mail d'Alba Amaya", None),
        ("à qui écrire ?", None),
    ],
)
def test_whom_no_contact_covers_is_said(decided: Decide, text: str, uncovered: str | None) -> None:
    assert decided(text, {"contact": 0.9}).uncovered == uncovered


def test_a_follow_up_on_the_contact_is_about_the_contact(decided: Decide) -> None:
    after_contact = Context(subject="contact", last="contact")
    assert decided("et elle est dans quels pays ?", {"fait/site.lieux": 0.9}, after_contact).kind == "contact"
    assert decided("et la météo ?", {"hors_sujet": 0.9}, after_contact).kind == "off_topic"


def test_an_unknown_attribute_of_the_contact_is_refused_with_its_name(decided: Decide) -> None:
    decision = decided("et son téléphone ?", {"hors_sujet": 0.9}, Context(subject="contact", last="contact"))
    assert (decision.kind, decision.unknown, decision.facts) == ("refusal", "telephone", ("contact",))
