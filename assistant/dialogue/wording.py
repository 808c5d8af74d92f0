"""From a decision to what is said: which response of `data/responses/`, with which words, and which buttons."""

import json
from collections.abc import Callable
from datetime import date

from babel.dates import format_date

from assistant.dialogue.records import CONTACT, OTHER, Button, Decision, Kind, Reply
from assistant.french import COUNTRIES, of, with_article
from assistant.knowledge.base import Knowledge, Recipient
from assistant.knowledge.records import Contact, EmergencyService, Source

#: The intent and entity of a button's payload: `/choix{"fait": "ocam.role"}`.
CHOICE_INTENT = "choix"
CHOICE_ENTITY = "fait"

SOURCE_LINE = "Source : "
CONTACT_QUESTION = "À qui écrire pour en savoir plus ?"
OTHER_CHOICE = "Autre chose"
#: What comes before an answer that says otherwise than the question takes for true.
CORRECTION = "Ma source dit autre chose :"
#: How a refusal goes on: with what is offered, or with whom to write to.
OFFERS = "Voici ce que je peux vous dire :"
OFFERS_ABOUT = "Voici ce qu'elle dit sur"
WRITE_TO = "Vous pouvez poser votre question à"
#: The contact of a source, as that says it.
PAGE_INVITES = "Pour plus d'informations, la page invite à écrire à"
PRIVACY_PAGE = "Ce que nous faisons de vos données :"
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


def source_line(source: Source, titled: bool = True) -> str:
    """Return the line that ends an answer, and nothing else; without the title where there is no room for it."""
    parts = [f"« {source.title} »" if titled else None, source.publisher, _date_text(source.date), source.address]
    return SOURCE_LINE + ", ".join(part for part in parts if part)


def day_text(day: date) -> str:
    """Return a day in French: « 21 juin 2018 », « 1er mai 2018 »."""
    first = "er" if day.day == 1 else ""
    return f"{day.day}{first} {format_date(day, 'MMMM y', locale='fr')}"


def _date_text(written: str | None) -> str | None:
    """Return a source's date: a day in French; « juin 2018 » as it is written."""
    if not written:
        return None
    try:
        return day_text(date.fromisoformat(written))
    except ValueError:
        return written


def contact_text(contact: Contact | Recipient) -> str:
    """Return whom to write to, with the office where one is known, and the address."""
    office = f" ({contact.office})" if contact.office else ""
    return f"{contact.name}{office}, à l'adresse {contact.email}"


def privacy_text(knowledge: Knowledge) -> str:
    """Return a line with the address of the page on personal data, or nothing before it is known."""
    address = knowledge.organisation.privacy
    return f"\n{PRIVACY_PAGE} {address}" if address else ""


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


def _contact(decision: Decision, knowledge: Knowledge) -> Reply:
    contact = next(contact for contact in knowledge.contacts if contact.id == decision.contact)
    line = source_line(knowledge.sources[contact.source])
    own = _own_contact(knowledge)
    lead = f"{own} La page indique aussi" if own else PAGE_INVITES
    if decision.uncovered:
        only = f" {own} Le seul contact que ma source indique est" if own else " Le seul contact qu'elle indique est"
        lead = f"Ma source ne donne pas de contact {decision.uncovered}.{only}"
    return Reply(text=f"{lead} {contact_text(contact)}\n{line}")


def _own_contact(knowledge: Knowledge) -> str:
    """Return the sentence that says whom to write to and that no source says it; nothing before they said so."""
    own = knowledge.own_contact
    return f"Vous pouvez écrire à {own.name}, qui tient cet assistant, à l'adresse {own.email}." if own else ""


def _whom_to_write_to(knowledge: Knowledge) -> str:
    return _own_contact(knowledge) or f"{PAGE_INVITES} {contact_text(knowledge.recipient)}."


def _refusal(decision: Decision, knowledge: Knowledge) -> Reply:
    response, variables = _refused(decision, knowledge)
    subject = knowledge.subjects.get(decision.subject or "")
    goes_on = OFFERS
    if not decision.facts:
        goes_on = f"{WRITE_TO} {contact_text(knowledge.recipient)}."
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
    variables = {
        "titre": str(next(iter(knowledge.sources.values())).title),
        "a_qui_ecrire": _whom_to_write_to(knowledge),
        "confidentialite": privacy_text(knowledge),
    }
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
    contact = knowledge.recipient
    return {"nom": contact.name, "courriel": contact.email}


#: The kinds whose reply takes words from the decision and the knowledge.
_WORDED: dict[Kind, Callable[[Decision, Knowledge], Reply]] = {
    "answer": _answer,
    "contact": _contact,
    "refusal": _refusal,
    "small_talk": _small_talk,
    "other_language": _other_language,
    "distress": _distress,
    "write_to": _write_to,
}
