"""Whom to write to: the contact of the countries, the person or the role that a message names."""

from assistant.dialogue.message import Message
from assistant.dialogue.records import Decision
from assistant.french import COUNTRIES, fold, with_article
from assistant.knowledge.base import Knowledge
from assistant.names import CONTACT
from assistant.understanding.claims import asks_to_confirm, denies

#: From this margin on a message takes for true that there is a contact elsewhere.
_CERTAIN_PREMISE = 0.0


def contact(message: Message, knowledge: Knowledge) -> Decision:
    """Look up the contact that a message asks for; say first what no contact covers.

    Who says that there is one elsewhere, or asks whether it is so, is told whom the source names instead.
    """
    asked = _places(message, knowledge)
    covered = [contact for country in asked.values() for contact in knowledge.contacts_for_country(country)]
    words = [word for word in fold(message.text).split() if len(word) > 3]
    named = [contact for word in words for contact in knowledge.contacts_named(word)]
    with_role = [contact for word in words for contact in knowledge.contacts_with_role(word)]
    uncovered = [place for place, country in asked.items() if not knowledge.contacts_for_country(country)]
    if not named and not uncovered and not covered:
        uncovered = _without_contact(message, knowledge)
    found = [*covered, *named, *with_role, *knowledge.contacts]
    takes_for_true = message.premise >= _CERTAIN_PREMISE and not denies(message.text)
    if uncovered and (takes_for_true or asks_to_confirm(message.text)):
        return Decision("contact", "only", contact=knowledge.contacts[0].id, subject=CONTACT, corrects=True)
    reason = "uncovered" if uncovered else "country" if covered else "only"
    return Decision("contact", reason, contact=found[0].id, uncovered=", ".join(uncovered) or None, subject=CONTACT)


def _places(message: Message, knowledge: Knowledge) -> dict[str, str]:
    """Return the places that a message names, as they are said, with their country (empty where in none)."""
    countries = {f"pour ce pays ({COUNTRIES[mention.key]})": mention.key for mention in message.mentions.countries}
    named = [knowledge.places[mention.key] for mention in message.mentions.places]
    elsewhere = {
        f"pour ce lieu ({place.name})": place.country or ""
        for place in named
        if place.country not in countries.values()
    }
    return countries | elsewhere


def _without_contact(message: Message, knowledge: Knowledge) -> list[str]:
    """Return whom the message wants to reach of those whose contact no source gives: « pour Marcelo Pisani »."""
    named = [knowledge.subjects[mention.key] for mention in message.mentions.subjects]
    others = [knowledge.other_names[mention.key] for mention in message.mentions.other_names]
    subjects = [f"pour {with_article(subject.article, subject.name)}" for subject in named if subject.no_contact][:1]
    return subjects or [f"pour {with_article(other.article, other.name)}" for other in others][:1]
