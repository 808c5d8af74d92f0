"""From a decision to what is said: which response of `data/responses/`, with which words, and which buttons."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from assistant.dates import in_french
from assistant.dialogue.mail import CONVERSATION, mailto
from assistant.dialogue.quoting import passage_of
from assistant.dialogue.records import JOIN, LEAVE, OTHER, PERSON, Button, Decision, Kind, Reply
from assistant.french import COUNTRIES, of, with_article
from assistant.knowledge.base import Knowledge, Recipient
from assistant.knowledge.records import Contact, EmergencyService, Source, Sourced
from assistant.names import CONTACT

#: The intent and entity of a button's payload: `/choix{"fait": "ocam.role"}`.
CHOICE_INTENT = "choix"
CHOICE_ENTITY = "fait"

SOURCE_LINE = "Source : "
CONTACT_QUESTION = "À qui écrire pour en savoir plus ?"
OTHER_CHOICE = "Autre chose"
JOIN_CHOICE = "Joindre notre conversation"
PERSON_CHOICE = "Parler à une personne"
LEAVE_CHOICE = "Laisser un message"
#: The subject of the e-mail that is made ready.
MAIL_SUBJECT = "Question posée à l'assistant automatique"
#: When a person answers, as the organisation says it.
HOURS = "Une personne répond"
#: What comes before an answer that says otherwise than the question takes for true.
CORRECTION = "Ma source dit autre chose :"
#: What nobody says of a fact that has one reading only; behind « ma source ne dit pas ».
BEFORE = "ce qu'il en était avant"
#: What comes before a sentence of a source that no fact states.
PASSAGE_LEAD = "Voici ce que dit ma source :"
#: How a refusal goes on: with what is offered, or with whom to write to.
OFFERS = "Voici ce que je peux vous dire :"
OFFERS_ABOUT = "Voici ce qu'elle dit sur"
WRITE_TO = "Vous pouvez poser votre question à"
#: The contact of a source, as that says it.
PAGE_INVITES = "Pour plus d'informations, la page invite à écrire à"
PRIVACY_PAGE = "Ce que nous faisons de vos données :"
#: What is said where answers come from several documents; they are listed below it.
SEVERAL_SOURCES = "Tout ce que je dis vient de ces documents, et chaque réponse rappelle le sien :"
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
    parts = [f"« {source.title} »" if titled else None, source.publisher, source.dated, source.address]
    return SOURCE_LINE + ", ".join(part for part in parts if part)


def contact_text(contact: Contact | Recipient) -> str:
    """Return whom to write to, with the office where one is known, and the address."""
    office = f" ({contact.office})" if contact.office else ""
    return f"{contact.name}{office}, à l'adresse {contact.email}"


def privacy_text(knowledge: Knowledge) -> str:
    """Return a line with the address of the page on personal data, or nothing before it is known."""
    address = knowledge.organisation.privacy
    return f"\n{PRIVACY_PAGE} {address}" if address else ""


def hours_text(knowledge: Knowledge) -> str:
    """Return the sentence that says when a person answers, after a space; nothing where nobody said so."""
    hours = knowledge.organisation.hours
    return f" {HOURS} {hours}." if hours else ""


def buttons_for(fact_ids: tuple[str, ...], knowledge: Knowledge) -> tuple[Button, ...]:
    """Return a button for each fact that exists: its question, and the payload that answers it."""
    others = {
        CONTACT: CONTACT_QUESTION,
        OTHER: OTHER_CHOICE,
        JOIN: JOIN_CHOICE,
        PERSON: PERSON_CHOICE,
        LEAVE: LEAVE_CHOICE,
    }
    questions = others | {fact.id: fact.question for fact in knowledge.facts.values()}
    return tuple(
        Button(questions[fact_id], f"/{CHOICE_INTENT}" + json.dumps({CHOICE_ENTITY: fact_id}))
        for fact_id in fact_ids
        if fact_id in questions
    )


def _answer(decision: Decision, knowledge: Knowledge) -> Reply:
    fact = knowledge.facts[decision.facts[0]].readings[decision.earlier]
    lead = _correction(decision)
    if decision.earlier:
        dated = in_french(knowledge.date_of(fact) or "")
        lead = f"Avant, selon « {knowledge.sources[fact.source].title} » ({dated}) :\n"
    return Reply(text=f"{lead}{fact.answer}\n{_signed(fact, decision, knowledge)}")


def _correction(decision: Decision) -> str:
    """Return the line before what the message took for something else; nothing before any other answer."""
    return f"{CORRECTION}\n" if decision.corrects else ""


def _signed(record: Sourced, decision: Decision, knowledge: Knowledge) -> str:
    """Return the end of an answer: that it is to be confirmed, where its verification has run out, and its source."""
    verified = knowledge.verification(record)
    line = source_line(knowledge.sources[record.source])
    if decision.earlier or not decision.day or not verified or verified.holds_on(date.fromisoformat(decision.day)):
        return line
    return f"Vérifié le {in_french(verified.on.isoformat())}, à confirmer.\n{line}"


def _passage(decision: Decision, knowledge: Knowledge) -> Reply:
    passage = passage_of(decision, knowledge)
    if passage is None:  # an editor has changed the source between the decision and its words
        return _refusal(decision, knowledge)
    return Reply(text=f"{PASSAGE_LEAD}\n« {passage.text} »\n{source_line(knowledge.sources[passage.source])}")


def _contact(decision: Decision, knowledge: Knowledge) -> Reply:
    contact = next(contact for contact in knowledge.contacts if contact.id == decision.contact)
    own = _own_contact(knowledge)
    lead = f"{own} La page indique aussi" if own else PAGE_INVITES
    if decision.uncovered:
        only = f" {own} Le seul contact que ma source indique est" if own else " Le seul contact qu'elle indique est"
        lead = f"Ma source ne donne pas de contact {decision.uncovered}.{only}"
    said = f"{_correction(decision)}{lead} {contact_text(contact)}"
    return Reply(text=f"{said}\n{_signed(contact, decision, knowledge)}")


def _own_contact(knowledge: Knowledge) -> str:
    """Return the sentence that says whom to write to and that no source says it; nothing before they said so."""
    own = knowledge.own_contact
    return f"Vous pouvez écrire à {own.name}, qui tient cet assistant, à l'adresse {own.email}." if own else ""


def whom_to_write_to(knowledge: Knowledge) -> str:
    """Return the sentence that says whom to write to."""
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
    if decision.reason == "earlier reading":
        return "utter_refus_question", {"mot": BEFORE}
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
    buttons = buttons_for(decision.facts, knowledge)
    if decision.topic == "source":
        return replace(_sources(knowledge), buttons=buttons)
    variables = {
        "a_qui_ecrire": whom_to_write_to(knowledge),
        "confidentialite": privacy_text(knowledge),
        "horaires": hours_text(knowledge),
        "retour": decision.back,
        **_mail_variables(knowledge),
    }
    return Reply(f"utter_{decision.topic}", variables=variables, buttons=buttons)


def _sources(knowledge: Knowledge) -> Reply:
    """Return what the answers come from: the response speaks of one page, several documents are listed."""
    sources = tuple(knowledge.sources.values())
    if len(sources) == 1:
        return Reply("utter_source", variables={"titre": sources[0].title})
    listed = "\n".join(source_line(source).replace(SOURCE_LINE, "- ", 1) for source in sources)
    return Reply(text=f"{SEVERAL_SOURCES}\n{listed}")


def _other_language(decision: Decision, knowledge: Knowledge) -> Reply:
    language = decision.language if decision.language in _LANGUAGES else "autre"
    return Reply(f"utter_autre_langue_{language}", variables=_contact_variables(knowledge))


def _distress(decision: Decision, knowledge: Knowledge) -> Reply:
    language = decision.language if decision.language in _LANGUAGES else "fr"
    return Reply(f"utter_detresse_{language}", variables={"services": services_lines(knowledge)})


def services_lines(knowledge: Knowledge) -> str:
    """Return the emergency services that the operator entered, each on a line after a line break."""
    return "".join(
        f"\n{service.name}{_in_country(service)} : {service.number}" for service in knowledge.emergency_services
    )


def _in_country(service: EmergencyService) -> str:
    return f" ({COUNTRIES[service.country]})" if service.country else ""


def _contact_variables(knowledge: Knowledge) -> dict[str, str]:
    contact = knowledge.recipient
    return {"nom": contact.name, "courriel": contact.email}


def _mail_variables(knowledge: Knowledge) -> dict[str, str]:
    """Return whom to write to, and an e-mail made ready: without the conversation and with it."""
    email = knowledge.recipient.email
    links = {"lien": mailto(email, MAIL_SUBJECT), "lien_conversation": mailto(email, MAIL_SUBJECT, CONVERSATION)}
    return {**_contact_variables(knowledge), **links, "objet": MAIL_SUBJECT, "conversation": CONVERSATION}


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
