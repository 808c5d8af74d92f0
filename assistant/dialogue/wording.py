"""From a decision to what is said: which response of `data/responses/`, with which words, and which buttons."""

import json

from babel import Locale

from assistant.dialogue.decide import CONTACT, EXAMPLES
from assistant.dialogue.records import Button, Decision, Reply
from assistant.french import of, with_article
from assistant.knowledge.base import Knowledge
from assistant.knowledge.records import Contact, Source

#: The intent and entity of a button's payload: `/choix{"fait": "ocam.role"}`.
CHOICE_INTENT = "choix"
CHOICE_ENTITY = "fait"

SOURCE_LINE = "Source : "
CONTACT_QUESTION = "À qui écrire pour en savoir plus ?"
#: The responses that need no words of a decision.
_RESPONSES = {
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
    if decision.kind == "answer":
        fact = knowledge.facts[decision.facts[0]]
        return Reply(text=f"{fact.answer}\n{source_line(knowledge.sources[fact.source])}")
    if decision.kind == "contact":
        return _contact(decision, knowledge)
    if decision.kind == "refusal":
        return _refusal(decision, knowledge)
    if decision.kind == "distress":
        return _distress(decision, knowledge)
    if decision.kind == "other_language":
        language = decision.language if decision.language in _LANGUAGES else "autre"
        contact = knowledge.contacts[0]
        return Reply(f"utter_autre_langue_{language}", variables={"nom": contact.name, "courriel": contact.email})
    buttons = buttons_for(decision.facts, knowledge)
    if decision.kind == "small_talk":
        examples = buttons_for(EXAMPLES, knowledge) if decision.topic in {"aide", "salutation", "autre_chose"} else ()
        contact = knowledge.contacts[0]
        variables = {
            "nom": contact.name,
            "courriel": contact.email,
            "titre": next(iter(knowledge.sources.values())).title,
        }
        return Reply(f"utter_{decision.topic}", variables=variables, buttons=examples)
    return Reply(_RESPONSES[decision.kind], buttons=buttons)


def source_line(source: Source) -> str:
    """Return the line that ends an answer, and nothing else."""
    parts = [f"« {source.title} »", source.publisher, source.date, source.address]
    return SOURCE_LINE + ", ".join(part for part in parts if part)


def contact_text(contact: Contact) -> str:
    """Return a contact with its office and address."""
    return f"{contact.name} ({contact.office}) : {contact.email}"


def buttons_for(fact_ids: tuple[str, ...], knowledge: Knowledge) -> tuple[Button, ...]:
    """Return a button for each fact: its question, and the payload that answers it."""
    return tuple(
        Button(
            CONTACT_QUESTION if fact_id == CONTACT else knowledge.facts[fact_id].question,
            f"/{CHOICE_INTENT}" + json.dumps({CHOICE_ENTITY: fact_id}),
        )
        for fact_id in fact_ids
    )


def _contact(decision: Decision, knowledge: Knowledge) -> Reply:
    contact = next(contact for contact in knowledge.contacts if contact.id == decision.contact)
    line = source_line(knowledge.sources[contact.source])
    lead = "Pour plus d'informations, la page invite à écrire à"
    if decision.uncovered:
        country = Locale("fr").territories[decision.uncovered]
        lead = f"Ma source ne donne pas de contact pour ce pays ({country}). Le seul contact qu'elle indique est"
    return Reply(text=f"{lead} {contact_text(contact)}\n{line}")


def _refusal(decision: Decision, knowledge: Knowledge) -> Reply:
    buttons = buttons_for(decision.facts, knowledge)
    subject = knowledge.subjects.get(decision.subject or "")
    if decision.other_name:
        name = knowledge.other_names[decision.other_name]
        return Reply("utter_refus_nom", variables={"du_nom": of(name.article, name.name)}, buttons=buttons)
    if decision.unknown:
        unknown = knowledge.unknowns[decision.unknown]
        label = unknown.label
        if subject and not unknown.whole:
            label += " " + of(subject.article, subject.name)
        return Reply("utter_refus_attribut", variables={"libelle": label}, buttons=buttons)
    if subject:
        name = with_article(subject.article, subject.name)
        return Reply("utter_refus_sujet", variables={"le_sujet": name}, buttons=buttons)
    return Reply("utter_refus", buttons=buttons)


def _distress(decision: Decision, knowledge: Knowledge) -> Reply:
    language = decision.language if decision.language in _LANGUAGES else "fr"
    services = "".join(f"\n{service.name} : {service.number}" for service in knowledge.emergency_services)
    return Reply(f"utter_detresse_{language}", variables={"services": services})
