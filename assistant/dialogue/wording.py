"""From a decision to what is said: which response of `data/responses/`, with which words, and which buttons."""

import json
from collections.abc import Callable

from assistant.dialogue.quoting import passage_of
from assistant.dialogue.records import CONTACT, OTHER, Button, Decision, Kind, Reply
from assistant.french import COUNTRIES, of, with_article
from assistant.knowledge.base import Knowledge
from assistant.knowledge.records import Contact, EmergencyService, Source

#: The intent and entity of a button's payload: `/choix{"fait": "ocam.role"}`.
CHOICE_INTENT = "choix"
CHOICE_ENTITY = "fait"

SOURCE_LINE = "Source : "
CONTACT_QUESTION = "À qui écrire pour en savoir plus ?"
OTHER_CHOICE = "Autre chose"
#: What comes before an answer that says otherwise than the question takes for true.
CORRECTION = "Ma source dit autre chose :"
#: What comes before a sentence of a source that no fact states.
PASSAGE_LEAD = "Voici ce que dit ma source :"
#: How a refusal goes on: with what is offered, or with whom to write to.
OFFERS = "Voici ce que je peux vous dire :"
OFFERS_ABOUT = "Voici ce qu'elle dit sur"
WRITE_TO = "Vous pouvez poser votre question à"
#: The responses that need no words of a decision.
_RESPONSES: dict[Kind, str] = {
    "choices": "utter_choix",
    "clarify": "utter_preciser",
    "off_topic": "utter_hors_sujet",
    "erasure": "utter_effacement",
    "nothing_to_repeat": "utter_rien_a_repeter",
}
#: The languages that distress and other languages are answered in, beside French.
_LANGUAGES = ("es", "en", "pt", "ar", "ht")


def word(decision: Decision, knowledge: Knowledge) -> Reply:
    """Return the French reply (for distress and other languages: theirs) to a decision."""
    special = _WORDED.get(decision.kind)
    if special:
        return special(decision, knowledge)
    offered = (*decision.facts, OTHER) if decision.kind in {"choices", "clarify"} else decision.facts
    return Reply(_RESPONSES[decision.kind], buttons=buttons_for(offered, knowledge))


def source_line(source: Source) -> str:
    """Return the line that ends an answer, and nothing else."""
    parts = [f"« {source.title} »", source.publisher, source.date, source.address]
    return SOURCE_LINE + ", ".join(part for part in parts if part)


def contact_text(contact: Contact) -> str:
    """Return a contact with its office and address."""
    return f"{contact.name} ({contact.office}), à l'adresse {contact.email}"


def buttons_for(fact_ids: tuple[str, ...], knowledge: Knowledge) -> tuple[Button, ...]:
    """Return a button for each fact that exists: its question, and the payload that answers it."""
    others = {CONTACT: CONTACT_QUESTION, OTHER: OTHER_CHOICE}
    questions = others | {fact.id: fact.question for fact in knowledge.facts.values()}
    return tuple(
        Button(questions[fact_id], f"/{CHOICE_INTENT}" + json.dumps({CHOICE_ENTITY: fact_id}))
        for fact_id in fact_ids
        if fact_id in questions
    )


def _answer(decision: Decision, knowledge: Knowledge) -> Reply:
    fact = knowledge.facts[decision.facts[0]]
    lead = f"{CORRECTION}\n" if decision.corrects else ""
    return Reply(text=f"{lead}{fact.answer}\n{source_line(knowledge.sources[fact.source])}")


def _passage(decision: Decision, knowledge: Knowledge) -> Reply:
    passage = passage_of(decision, knowledge)
    if passage is None:  # an editor has changed the source between the decision and its words
        return _refusal(decision, knowledge)
    return Reply(text=f"{PASSAGE_LEAD}\n« {passage.text} »\n{source_line(knowledge.sources[passage.source])}")


def _contact(decision: Decision, knowledge: Knowledge) -> Reply:
    contact = next(contact for contact in knowledge.contacts if contact.id == decision.contact)
    line = source_line(knowledge.sources[contact.source])
    lead = "Pour plus d'informations, la page invite à écrire à"
    if decision.uncovered:
        lead = f"Ma source ne donne pas de contact {decision.uncovered}. Le seul contact qu'elle indique est"
    return Reply(text=f"{lead} {contact_text(contact)}\n{line}")


def _refusal(decision: Decision, knowledge: Knowledge) -> Reply:
    response, variables = _refused(decision, knowledge)
    subject = knowledge.subjects.get(decision.subject or "")
    goes_on = OFFERS
    if not decision.facts:
        goes_on = f"{WRITE_TO} {contact_text(knowledge.contacts[0])}."
    elif response == "utter_refus" and subject:
        goes_on = f"{OFFERS_ABOUT} {with_article(subject.article, subject.name)} :"
    return Reply(response, variables=variables | {"suite": goes_on}, buttons=buttons_for(decision.facts, knowledge))


def _refused(decision: Decision, knowledge: Knowledge) -> tuple[str, dict[str, str]]:
    """Return the response that names what is not known, and its words."""
    if decision.other_name:
        other = knowledge.other_names[decision.other_name]
        return "utter_refus_nom", {"du_nom": of(other.article, other.name)}
    if decision.unknown:
        unknown = knowledge.unknowns[decision.unknown]
        if unknown.said:
            return "utter_refus_question", {"mot": unknown.said}
        about = knowledge.taken_up(decision.subject, None)  # the salaries of the OIM, not of its site
        of_subject = f" {of(*about)}" if about and not unknown.whole else ""
        return "utter_refus_attribut", {"libelle": unknown.label + of_subject}
    return "utter_refus", {}


def _write_to(decision: Decision, knowledge: Knowledge) -> Reply:
    response = "utter_autrement" if decision.reason == "chosen" else "utter_ecrire"
    return Reply(response, variables=_contact_variables(knowledge))


def _small_talk(decision: Decision, knowledge: Knowledge) -> Reply:
    variables = {**_contact_variables(knowledge), "titre": str(next(iter(knowledge.sources.values())).title)}
    return Reply(f"utter_{decision.topic}", variables=variables, buttons=buttons_for(decision.facts, knowledge))


def _other_language(decision: Decision, knowledge: Knowledge) -> Reply:
    language = decision.language if decision.language in _LANGUAGES else "autre"
    return Reply(f"utter_autre_langue_{language}", variables=_contact_variables(knowledge))


def _distress(decision: Decision, knowledge: Knowledge) -> Reply:
    language = decision.language if decision.language in _LANGUAGES else "fr"
    services = "".join(
        f"\n{service.name}{_in_country(service)} : {service.number}" for service in knowledge.emergency_services
    )
    return Reply(f"utter_detresse_{language}", variables={"services": services})


def _in_country(service: EmergencyService) -> str:
    return f" ({COUNTRIES[service.country]})" if service.country else ""


def _contact_variables(knowledge: Knowledge) -> dict[str, str]:
    contact = knowledge.contacts[0]
    return {"nom": contact.name, "courriel": contact.email}


#: The kinds whose reply takes words from the decision and the knowledge.
_WORDED: dict[Kind, Callable[[Decision, Knowledge], Reply]] = {
    "answer": _answer,
    "passage": _passage,
    "contact": _contact,
    "refusal": _refusal,
    "small_talk": _small_talk,
    "other_language": _other_language,
    "distress": _distress,
    "write_to": _write_to,
}
