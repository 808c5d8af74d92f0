"""The decision, from candidates made up for each case and the project's own knowledge."""

import re

import pytest

from assistant.dialogue.decide import choose, decide
from assistant.dialogue.explain import explain
from assistant.dialogue.message import Message
from assistant.dialogue.records import (
    EXAMPLES,
    JOIN,
    LEAVE,
    OTHER,
    PERSON,
    Context,
    Decision,
    Thresholds,
)
from assistant.handover import Desk
from assistant.knowledge.base import Knowledge
from assistant.knowledge.live import LiveKnowledge
from assistant.settings import ROOT
from assistant.understanding.records import Double, Half, Reading
from tests.assistant.dialogue.conftest import Decide, Scores

OCAM = Context(subject="ocam", fact="ocam.definition", last="answer")


def test_a_likely_fact_is_answered(decided: Decide) -> None:
    decision = decided("Quand l'OCAM a-t-elle été créée ?", {"fait/ocam.date_creation": 0.8, "inconnu/ocam.role": 0.1})
    assert (decision.kind, decision.facts, decision.subject) == ("answer", ("ocam.date_creation",), "ocam")


def test_a_likelier_near_miss_is_refused_with_what_was_asked(decided: Decide) -> None:
    decision = decided("Quel est le budget de l'OCAM ?", {"inconnu/ocam.definition": 0.8, "fait/ocam.role": 0.1})
    assert (decision.kind, decision.unknown, decision.subject) == ("refusal", "budget", "ocam")
    assert 1 <= len(decision.facts) <= 3
    assert all(fact.startswith("ocam.") for fact in decision.facts)


def test_near_misses_of_several_facts_add_up(decided: Decide) -> None:
    near = {"inconnu/oim.pays": 0.28, "inconnu/oim.membres": 0.28, "inconnu/site.lieux": 0.28, "fait/oim.pays": 0.16}
    assert decided("L'OIM est-elle au Japon ?", near).kind == "refusal"


def test_two_facts_as_likely_become_choices(decided: Decide) -> None:
    decision = decided("L'OCAM à San Jose", {"fait/ocam.lieu_creation": 0.4, "fait/reunion.lieu": 0.4})
    assert decision.kind == "choices"
    assert set(decision.facts) == {"ocam.lieu_creation", "reunion.lieu"}


def test_a_name_that_no_source_speaks_of_is_refused_whatever_the_score(decided: Decide) -> None:
    decision = decided("C'est quoi le HCR ?", {"fait/oim.definition": 0.95})
    assert (decision.kind, decision.other_name) == ("refusal", "hcr")


def test_a_question_about_a_subject_that_mentions_another_name_is_still_about_the_subject(decided: Decide) -> None:
    assert decided("L'OIM est-elle comme le HCR de l'ONU ?", {"fait/oim.onu": 0.9}).kind == "answer"


def test_distress_comes_before_a_likelier_fact(decided: Decide) -> None:
    decision = decided("mon mari me frappe, qui est l'OIM ?", {"fait/oim.definition": 0.6, "detresse/fr": 0.35})
    assert decision.kind == "distress"


@pytest.mark.parametrize(
    ("text", "context", "kind"),
    [
        ("En quelle année naît l'OCAM ?", Context(), "choices"),
        ("En quelle année naît l'OCAM ?", OCAM, "answer"),
        ("En quelle année naît l'OCAM ?", Context(subject="oim"), "choices"),
        ("L'OCAM a été créée en 1990 ?", Context(), "choices"),
        ("L'OCAM a été créée en 1999 ?", Context(), "answer"),
    ],
)
def test_a_fact_that_the_conversation_or_a_false_premise_speaks_for_need_not_be_as_sure(
    decided: Decide, text: str, context: Context, kind: str
) -> None:
    doubtful = {"fait/ocam.date_creation": 0.8, "inconnu/ocam.date_creation": 0.2}
    assert decided(text, doubtful, context).kind == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Pourquoi l'OCAM a-t-elle été créée au Guatemala ?", "answer"),
        ("Pourquoi l'OCAM a-t-elle été créée au Costa Rica ?", "choices"),  # where it was: nothing to correct
        ("Pourquoi l'OCAM a-t-elle été créée ?", "choices"),
    ],
)
def test_in_doubt_the_fact_that_a_message_contradicts_is_answered(decided: Decide, text: str, kind: str) -> None:
    decision = decided(text, {"fait/ocam.role": 0.45, "fait/ocam.lieu_creation": 0.4})
    assert (decision.kind, decision.facts[0]) == (kind, "ocam.lieu_creation" if kind == "answer" else "ocam.role")
    assert decision.corrects == (kind == "answer")


@pytest.mark.parametrize(
    ("text", "fact", "kind"),
    [
        ("OIM OCAM SICA", "oim.definition", "choices"),
        ("ocam, ocam !", "ocam.definition", "choices"),
        ("Pisani OIM \U0001f921", "pisani.fonction", "choices"),
        ("OIM\n>>>\nOCAM", "ocam.definition", "choices"),
        ("\U0001f921 ocam \U0001f921 pisani lol", "pisani.fonction", "choices"),
        ("pays pays pays pays", "oim.pays", "choices"),
        ("OIM 1 2 3", "oim.membres", "choices"),
        ("OIM", "oim.definition", "answer"),
        ("OIM 175 171 ?", "oim.membres", "answer"),
        ("OIM pays et OIM membres", "oim.pays", "answer"),
        ("Pisani ?", "pisani.fonction", "answer"),
        ("OIM / OCAM", "ocam.oim_role", "answer"),
        ("\U0001f44b l'OIM, ses buts", "oim.mission", "answer"),
        ("réunion réunion", "reunion.definition", "answer"),  # no proper name
    ],
)
def test_a_string_of_proper_names_or_names_amid_signs_get_choices(
    decided: Decide, text: str, fact: str, kind: str
) -> None:
    assert decided(text, {f"fait/{fact}": 0.9}).kind == kind


@pytest.mark.parametrize(("gibberish", "kind"), [(True, "choices"), (False, "answer")])
def test_what_is_made_of_words_that_are_none_gets_no_answer(live: LiveKnowledge, gibberish: bool, kind: str) -> None:
    reading = Reading((("fait/oim.definition", 0.9),), gibberish=gibberish)
    message = Message.of("xz OIM pfrt glub", reading, live.current)
    (decision,) = decide(message, Context(), live.current.knowledge, Thresholds())
    assert decision.kind == kind


def test_one_name_alone_asks_no_two_questions(decided: Decide) -> None:
    double = Double(Half("OIM ?", "fait/oim.definition", 0.9), Half("OIM ?", "fait/oim.sigle", 0.9), score=0.99)
    assert len(decided.each("? ? OIM ? ?", {"fait/oim.sigle": 0.9}, double)) == 1


def test_a_string_of_names_asks_no_two_questions(decided: Decide) -> None:
    double = Double(Half("OIM OCAM", "fait/oim.definition", 0.9), Half("SICA", "fait/sica.definition", 0.9), score=0.99)
    (decision,) = decided.each("OIM OCAM SICA", {"fait/oim.definition": 0.9}, double)
    assert decision.kind == "choices"


def test_a_fact_that_says_otherwise_is_told_though_near_misses_are_almost_as_likely(decided: Decide) -> None:
    scores = {"fait/ocam.demandeur": 0.5, "inconnu/ocam.demandeur": 0.4}
    denied = decided("Pour quelle raison INTERPOL a-t-elle demandé l'OCAM ?", scores)
    assert (denied.facts, denied.corrects) == (("ocam.demandeur",), True)
    assert decided("Pour quelle raison a-t-on demandé l'OCAM ?", scores).kind == "choices"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("À quelle date M. Pisani a-t-il été nommé ministre ?", "answer"),
        ("À quelle date M. Pisani a-t-il été nommé ?", "refusal"),
        ("M. Pisani n'est pas ministre ?", "refusal"),  # denied already
    ],
)
def test_what_no_fact_answers_is_put_right_where_a_fact_denies_its_words(decided: Decide, text: str, kind: str) -> None:
    decision = decided(text, {"inconnu/pisani.fonction": 0.6, "fait/pisani.fonction": 0.1})
    assert decision.kind == kind
    assert decision.corrects == (kind == "answer")


def test_distress_is_answered_in_its_language(decided: Decide) -> None:
    assert decided("mi marido me pega", {"detresse/es": 0.9}, language=("es", 0.9)).language == "es"


def test_after_distress_a_question_whose_words_tell_one_fact_for_certain_is_answered(decided: Decide) -> None:
    after_distress = Context(last="distress")
    assert decided("et c'est bien 175 pays membres", {"fait/oim.membres": 0.95}, after_distress).kind == "answer"
    assert decided("et c'est bien 175 pays membres", {"fait/oim.membres": 0.8}, after_distress).kind == "distress"


@pytest.mark.parametrize("text", ["où aller ?", "qui appeler ?", "et une adresse ?", "et ma fam ?"])
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


def test_a_bare_question_that_is_understood_for_certain_is_not_looked_up(decided: Decide) -> None:
    context = Context(subject="projet", fact="projet.definition", last="answer")
    assert decided("c pr ki", {"fait/projet.beneficiaires": 0.95}, context).facts == ("projet.beneficiaires",)
    assert decided("c pr ki", {"fait/projet.beneficiaires": 0.6}, context).facts == ("projet.auteur",)
    assert decided("c pr ki", {"inconnu/projet.beneficiaires": 0.95}, context).facts == ("projet.auteur",)


def test_the_same_bare_question_after_another_subject_gets_another_fact(decided: Decide) -> None:
    assert decided("et où ?", {"hors_sujet": 0.9}, Context(subject="reunion")).facts == ("reunion.lieu",)


def test_a_bare_question_that_the_subject_does_not_answer_is_refused(decided: Decide) -> None:
    decision = decided("et quand ?", {"fait/ocam.date_creation": 0.9}, Context(subject="reunion"))
    assert (decision.kind, decision.unknown) == ("refusal", "date_reunion")


@pytest.mark.parametrize(("score", "kind"), [(0.8, "answer"), (0.3, "refusal")])
def test_a_bare_question_that_a_fact_of_another_subject_likely_answers_is_not_refused(
    decided: Decide, score: float, kind: str
) -> None:
    """Since when, after what the OIM does."""
    about = Context(subject="travail", fact="travail.activites")
    assert decided("depuis quelle année ?", {"fait/oim.depuis": score}, about).kind == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Coucou l'OIM !", "small_talk"), ("merci à l'OCAM", "small_talk"), ("bonjour, définition de l'OIM", "answer")],
)
def test_who_greets_or_thanks_by_name_and_says_nothing_else_asks_nothing(decided: Decide, text: str, kind: str) -> None:
    assert decided(text, {"fait/oim.definition": 0.9, "salutation": 0.01}).kind == kind


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Hello l'OIM !", "salutation"),
        ("Merci l'OCAM", "merci"),
        ("Bravo l'OIM", "compliment"),
        ("bye l'OIM", "au_revoir"),
        ("Bjr, directrice générale de l'OIM", None),
        ("Hello, femmes migrantes", None),
        ("Merci, et l'OCAM", None),
    ],
)
def test_a_polite_word_and_a_proper_name_are_small_talk_though_none_is_likely(
    decided: Decide, text: str, topic: str | None
) -> None:
    assert decided(text, {"fait/oim.definition": 0.9, "salutation": 0.01}).topic == topic


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


@pytest.mark.parametrize(("fact", "kind"), [("oim.onu", "refusal"), ("oim.definition", "answer")])
def test_what_a_fact_leaves_open_is_not_answered_with_what_is_known_of_its_subject(
    decided: Decide, fact: str, kind: str
) -> None:
    """« L'OIM fait partie des Nations Unies. » - « Depuis quand ? »: since when it acts is another question."""
    about = Context(subject="oim", fact=fact, last="answer")
    assert decided("depuis quand ?", {"fait/oim.depuis": 0.99}, about).kind == kind


def test_what_a_fact_leaves_open_is_answered_of_another_subject(decided: Decide) -> None:
    """The budget of the OCAM, refused in between, is what the conversation is about now."""
    about = Context(subject="ocam", fact="oim.onu", last="refusal")
    decision = decided("et depuis quand ?", {"fait/ocam.date_creation": 0.99}, about)
    assert decision.facts == ("ocam.date_creation",)


@pytest.mark.parametrize(
    ("text", "fact", "kind"),
    [
        ("Que fait l'OIM au Sénégal ?", "travail.activites", "refusal"),
        ("Combien d'États de l'OIM en Afrique ?", "oim.membres", "refusal"),
        ("et en Belgique que fait l'OIM", "travail.activites", "refusal"),
        ("Je suis en France, que fait l'OIM ?", "travail.activites", "answer"),
        ("Une dame du Honduras demande ce que fait l'OIM", "travail.activites", "answer"),
        ("L'OCAM a-t-elle été créée au Guatemala ?", "ocam.lieu_creation", "answer"),
        ("L'OCAM est-elle née au Costa Rica ou au Guatemala ?", "ocam.lieu_creation", "answer"),
        ("Quand l'OCAM a-t-elle été créée au Guatemala ?", "ocam.date_creation", "answer"),
        ("Quels sont les 175 États membres de l'OIM en Afrique ?", "oim.membres", "refusal"),
        ("C'est quoi l'OIM ? C'est pour un exposé au Sénégal", "oim.definition", "answer"),
    ],
)
def test_what_is_asked_of_a_place_that_no_fact_names_is_refused(
    decided: Decide, text: str, fact: str, kind: str
) -> None:
    assert decided(text, {f"fait/{fact}": 0.95}).kind == kind


@pytest.mark.parametrize("intent", ["humain", "autre_langue/en", "source", "oui"])
def test_after_distress_small_talk_and_other_languages_get_help_again(decided: Decide, intent: str) -> None:
    assert decided("parler à quelqu'un", {intent: 0.9}, Context(last="distress")).kind == "distress"
    assert decided("where can I go", {intent: 0.9}, Context(last="distress"), ("en", 0.9)).language == "en"


def test_who_asks_for_a_person_may_join_the_conversation_to_an_e_mail(decided: Decide, knowledge: Knowledge) -> None:
    offer = decided("parler à quelqu'un", {"humain": 0.9}, OCAM)
    assert (offer.kind, offer.topic, offer.facts, offer.subject) == ("small_talk", "humain", (JOIN,), "ocam")
    joined = choose(JOIN, knowledge)
    assert joined == Decision("small_talk", "chosen", topic="conversation_jointe", knowledge=knowledge.version)


@pytest.mark.parametrize(
    ("desk", "chosen", "topic", "offered"),
    [
        (None, None, "humain", (JOIN,)),
        (Desk(), None, "personne_offerte", (PERSON, JOIN)),
        (Desk("lundi à 9 h"), None, "personne_absente", (LEAVE, JOIN)),
        (None, PERSON, "humain", (JOIN,)),
        (Desk(), PERSON, "personne", ()),
        (Desk("lundi à 9 h"), PERSON, "personne_absente", (LEAVE, JOIN)),
        (None, LEAVE, "humain", (JOIN,)),
        (Desk(), LEAVE, "personne", ()),
        (Desk("lundi à 9 h"), LEAVE, "personne", ()),
    ],
)
def test_a_person_takes_over_only_where_one_is_or_a_message_is_left(
    live: LiveKnowledge,
    desk: Desk | None,
    chosen: str | None,
    topic: str,
    offered: tuple[str, ...],
) -> None:
    if chosen:
        decision = choose(chosen, live.current.knowledge, desk)
    else:
        reading = Reading((("humain", 0.9),))
        (decision,) = decide(
            Message.of("quelqu'un", reading, live.current, desk), Context(), live.current.knowledge, Thresholds()
        )
    assert decision is not None
    assert (decision.kind, decision.topic, decision.facts) == ("small_talk", topic, offered)
    assert decision.back == (desk.back if desk and topic == "personne_absente" else "")


def test_distress_comes_before_the_wish_for_a_person(decided: Decide) -> None:
    assert decided("il me bat, passez-moi quelqu'un", {"humain": 0.6, "detresse/fr": 0.35}).kind == "distress"


def test_thanks_after_distress_are_thanked(decided: Decide) -> None:
    assert decided("merci", {"merci": 0.9}, Context(last="distress")).topic == "merci"


@pytest.mark.parametrize(
    "text",
    [
        "efface mes données",
        "Effacez tout s'il vous plaît",
        "oublie ce que j'ai dit",
        "vire mes messages",
        "suprime moi ça",
    ],
)
def test_a_clear_request_erases(decided: Decide, text: str) -> None:
    assert decided(text, {"effacer_donnees": 0.9}).kind == "erasure"


@pytest.mark.parametrize(
    "text",
    [
        "N'efface pas ma conversation",
        "ne supprime rien",
        "tu gardes mes données ?",
        "combien de temps gardez-vous",
        "Mes données",
        "que faites-vous des données que je vous donne",
        "vous gardez tout ce que j'écris",
    ],
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


@pytest.mark.parametrize(
    ("text", "corrects"),
    [
        ("La personne à contacter est au Nicaragua, si j'ai bien lu ?", True),
        ("Il faut écrire à Marcelo Pisani, c'est bien ça ?", True),
        ("donc j'écris au Nicaragua ?", True),
        ("Le contact est au Nicaragua, non ?", True),
        ("Qui est donc le contact au Nicaragua ?", False),
        ("un contact au Nicaragua ?", False),
        ("Comment joindre Marcelo Pisani, vous avez son courriel ?", False),
        ("Le contact est au Honduras, n'est-ce pas ?", False),
    ],
)
def test_who_wrongly_takes_a_contact_to_be_elsewhere_is_told_otherwise(
    decided: Decide, text: str, corrects: bool
) -> None:
    decision = decided(text, {"contact": 0.9})
    assert (decision.kind, decision.corrects) == ("contact", corrects)
    assert not (decision.corrects and decision.uncovered)


@pytest.mark.parametrize(
    ("text", "premise", "corrects"),
    [
        ("madame Amaya travaille au Nicaragua, c'est bon ?", 0.3, True),
        ("madame Amaya travaille au Nicaragua, c'est bon ?", -0.3, False),
        ("Pourquoi n'y a-t-il pas de contact au Nicaragua ?", 0.3, False),
    ],
    ids=["sounds so", "does not", "denies"],
)
def test_who_sounds_as_if_a_contact_were_elsewhere_is_told_otherwise(
    decided: Decide, text: str, premise: float, corrects: bool
) -> None:
    decision = decided(text, {"contact": 0.9}, premise=premise)
    assert (decision.kind, decision.corrects, not decision.uncovered) == ("contact", corrects, corrects)


@pytest.mark.parametrize(("premise", "kind"), [(0.3, "answer"), (-0.9, "choices")])
def test_what_sounds_as_if_it_took_something_for_true_needs_less_to_be_put_right(
    decided: Decide, premise: float, kind: str
) -> None:
    scores = {"fait/reunion.participants": 0.6, "inconnu/reunion.participants": 0.17, "fait/reunion.sujet": 0.1}
    assert decided("pk loim a boudé la réunion de l'OCAM", scores, premise=premise).kind == kind


@pytest.mark.parametrize(
    ("premise", "score", "kind"), [(0.3, 0.95, "answer"), (0.3, 0.8, "refusal"), (-0.9, 0.95, "refusal")]
)
@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("c'est ONU Femmes qui a présenté ça à l'OCAM je crois", "projet.auteur"),
        ("La réintégration, c'est avant d'arriver aux États-Unis ?", "projet.reintegration"),
    ],
    ids=["name", "place"],
)
def test_a_name_or_a_place_may_be_what_is_false(  # noqa: PLR0913, PLR0917
    decided: Decide, text: str, fact: str, premise: float, score: float, kind: str
) -> None:
    assert decided(text, {f"fait/{fact}": score, "hors_sujet": 0.01}, premise=premise).kind == kind


def test_a_follow_up_on_the_contact_is_about_the_contact(decided: Decide) -> None:
    after_contact = Context(subject="contact", last="contact")
    assert decided("et elle est dans quels pays ?", {"fait/site.lieux": 0.9}, after_contact).kind == "contact"
    assert decided("et la météo ?", {"hors_sujet": 0.9}, after_contact).kind == "off_topic"


def test_an_unknown_attribute_of_the_contact_is_refused_with_its_name(decided: Decide) -> None:
    decision = decided("et son téléphone ?", {"hors_sujet": 0.9}, Context(subject="contact", last="contact"))
    assert (decision.kind, decision.unknown, decision.facts) == ("refusal", "telephone", ("contact",))


@pytest.mark.parametrize(("subject", "kind"), [(None, "choices"), ("ocam", "answer")])
def test_a_fact_that_the_conversation_is_about_may_have_a_likelier_rival(
    decided: Decide, subject: str | None, kind: str
) -> None:
    scores = {"fait/ocam.date_creation": 0.5, "fait/ocam.lieu_creation": 0.3}
    assert decided("créée en quelle année au juste", scores, Context(subject=subject)).kind == kind


@pytest.mark.parametrize(
    ("text", "corrects"),
    [
        ("L'OCAM a été créée en 1985 ?", True),
        ("L'OCAM date de 1985, n'est-ce pas ?", True),
        ("L'OCAM a été créée en 1990 ?", False),
        ("En quelle année l'OCAM a-t-elle été créée, 1985 ?", False),
        ("L'OCAM n'a pas été créée en 1985", False),
        ("Quand l'OCAM a-t-elle été créée ?", False),
    ],
)
def test_an_answer_corrects_what_the_question_takes_for_true(decided: Decide, text: str, corrects: bool) -> None:
    decision = decided(text, {"fait/ocam.date_creation": 0.9})
    assert (decision.kind, decision.corrects) == ("answer", corrects)


def test_only_the_fact_answered_corrects(decided: Decide) -> None:
    """Other facts have other years, which nobody asked about."""
    assert not decided("L'OCAM est née en 1985 ?", {"fait/ocam.lieu_creation": 0.9}).corrects


def test_a_refusal_corrects_nothing(decided: Decide) -> None:
    assert not decided("Le budget de l'OCAM de 1985 ?", {"inconnu/ocam.date_creation": 0.9}).corrects


FAILED = Context(last="choices", failures=1)


@pytest.mark.parametrize(
    ("text", "scores", "first"),
    [
        ("directeur", {"fait/region.directeur": 0.3, "fait/structure.direction": 0.3}, "choices"),
        ("et quand ?", {"fait/ocam.date_creation": 0.9}, "clarify"),
    ],
)
def test_a_second_failure_in_a_row_says_whom_to_write_to(
    decided: Decide, text: str, scores: Scores, first: str
) -> None:
    assert decided(text, scores).kind == first
    decision = decided(text, scores, FAILED)
    assert (decision.kind, decision.reason, decision.facts) == ("write_to", "second failure", ())
    assert decision.candidates


def test_a_second_refusal_in_a_row_still_names_what_was_asked_and_offers_nothing(decided: Decide) -> None:
    decision = decided("Quel est le budget de l'OCAM ?", {"inconnu/ocam.definition": 0.9}, FAILED)
    assert (decision.kind, decision.unknown, decision.facts) == ("refusal", "budget", ())


@pytest.mark.parametrize(
    ("scores", "kind"),
    [({"fait/oim.sigle": 0.9}, "answer"), ({"merci": 0.9}, "small_talk"), ({"detresse/fr": 0.9}, "distress")],
)
def test_what_helps_after_a_failure_is_as_ever(decided: Decide, scores: Scores, kind: str) -> None:
    assert decided("Que veut dire le mot ?", scores, FAILED).kind == kind


OFFERED = Context(last="choices", offered=("oim.role", "ocam.role", OTHER), failures=1)


@pytest.mark.parametrize("scores", [{"hors_sujet": 0.9}, {"fait/oim.sigle": 0.9}, {"oui": 0.9}, {"repeter": 0.9}])
def test_a_choice_told_by_its_place_is_answered_whatever_the_scores(decided: Decide, scores: Scores) -> None:
    decision = decided("le deuxième", scores, OFFERED)
    assert (decision.kind, decision.reason, decision.facts) == ("answer", "chosen", ("ocam.role",))
    assert decision.candidates


def test_the_place_of_a_choice_is_no_claim(decided: Decide) -> None:
    """« le 2e » says nothing against « la 43ème réunion »."""
    context = Context(last="choices", offered=("oim.sigle", "reunion.definition", OTHER))
    decision = decided("le 2e", {"hors_sujet": 0.9}, context)
    assert (decision.facts, decision.corrects) == (("reunion.definition",), False)


def test_a_place_told_with_nothing_offered_is_an_ordinary_message(decided: Decide) -> None:
    assert decided("le deuxième", {"hors_sujet": 0.9}).kind == "off_topic"


def test_a_place_told_after_distress_is_not_taken_up(decided: Decide) -> None:
    assert decided("2", {"hors_sujet": 0.9}, Context(last="distress", offered=("ocam.role",))).kind == "distress"


def test_none_of_the_choices_says_whom_to_write_to(decided: Decide, knowledge: Knowledge) -> None:
    pressed = choose(OTHER, knowledge)
    assert pressed is not None
    assert (pressed.kind, pressed.reason, pressed.knowledge) == ("write_to", "chosen", knowledge.version)
    assert decided("3", {"hors_sujet": 0.9}, OFFERED).kind == "write_to"
