"""All that the assistant can say: every fact with its source, and every response with the longest words it can have."""

from functools import lru_cache

from assistant.dialogue.mail import MOST_CHARACTERS
from assistant.dialogue.wording import (
    MAIL_SUBJECT,
    PAGE_INVITES,
    PRIVACY_PAGE,
    buttons_for,
    contact_text,
    source_line,
)
from assistant.knowledge.base import Knowledge
from channels.messaging.rendering import Said
from channels.texts import TEXTS
from tests.as_it_comes import as_it_comes
from tests.content.corpus import responses


@lru_cache(maxsize=1)
def everything() -> tuple[tuple[str, Said], ...]:
    """Return what is said, each with a name."""
    knowledge = as_it_comes()
    return (*_facts(knowledge), *_responses(knowledge))


def _facts(knowledge: Knowledge) -> list[tuple[str, Said]]:
    return [
        (fact.id, Said(f"{fact.answer}\n{source_line(knowledge.sources[fact.source])}"))
        for fact in knowledge.facts.values()
    ]


def _responses(knowledge: Knowledge) -> list[tuple[str, Said]]:
    longest = sorted(knowledge.facts.values(), key=lambda fact: len(fact.question))[-3:]
    choices = buttons_for((*(fact.id for fact in longest), "autre_chose"), knowledge)
    assert len(choices) == 4
    contact, unknowns = knowledge.contacts[0], knowledge.unknowns.values()
    words = {
        "nom": contact.name,
        "courriel": contact.email,
        "titre": next(iter(knowledge.sources.values())).title,
        "services": "".join(f"\n{service.name} : {service.number}" for service in knowledge.emergency_services),
        "libelle": max((unknown.label for unknown in unknowns), key=len),
        "mot": max((unknown.said for unknown in unknowns if unknown.said), key=len),
        "du_nom": "du Haut-Commissariat des Nations unies pour les réfugiés",
        "suite": f"Vous pouvez poser votre question à {contact_text(contact)}.",
        "a_qui_ecrire": f"{PAGE_INVITES} {contact_text(contact)}.",
        "objet": MAIL_SUBJECT,
        "horaires": " Une personne répond du lundi au vendredi, de 9 h à 12 h 30 et de 13 h 30 à 17 h.",
        "retour": "mercredi prochain à 13 h 30",
        "conversation": "mot " * (MOST_CHARACTERS // 4 - 1) + "mot",
        "confidentialite": f"\n{PRIVACY_PAGE} https://www.exemple.org/donnees-personnelles",
    }
    # Apps are given no links of e-mails: those are the website's.
    texts = [(name, text) for name, variants in responses().items() for text in variants if "]({lien" not in text]
    found = [(name, Said(text.format(**words), choices)) for name, text in texts]
    own = "vide trop_long excuse presentation sans_texte mes_donnees".split()
    return found + [(name, Said(TEXTS[name].format(heures=24, maximum=500))) for name in own]
