"""A decision told to a person who tests the FAQ."""

from assistant.dialogue.quoting import passage_of
from assistant.dialogue.records import Decision
from assistant.knowledge.base import Knowledge
from assistant.knowledge.records import Sourced

#: What the assistant does with a message, in French.
KINDS = {
    "answer": "réponse",
    "passage": "passage cité",
    "contact": "contact",
    "choices": "choix proposés",
    "clarify": "précision demandée",
    "refusal": "refus",
    "off_topic": "hors sujet",
    "distress": "détresse",
    "small_talk": "conversation",
    "other_language": "autre langue",
    "erasure": "effacement",
    "nothing_to_repeat": "rien à répéter",
    "write_to": "à qui écrire",
}
#: The reasons of `decide.py`, told.
_REASONS = {
    "best": "le meilleur candidat",
    "two questions": "deux questions dans le message",
    "chosen": "un bouton pressé",
    "own question": "la question même du fait",
    "repeated": "une répétition demandée",
    "follow-up": "une question qui suit",
    "earlier reading": "ce qu'il en était avant",
    "ellipsis without subject": "une question sans sujet",
    "second failure": "deux fois de suite sans réponse",
    "unsure": "aucun candidat assez sûr",
    "near-miss": "une question voisine d'un fait",
    "no fact": "une phrase de la source, sans fait",
    "unknown name": "un nom que la source n'a pas",
    "off topic": "un autre sujet",
    "empty": "aucun candidat",
    "country": "le contact du pays",
    "uncovered": "un pays sans contact",
    "only": "le seul contact",
    "distress": "une détresse",
    "after distress": "après une détresse",
    "small_talk": "la conversation",
    "language": "une autre langue",
    "erasure": "un effacement demandé",
}


def explain(decision: Decision, knowledge: Knowledge) -> str:
    """Return, in French, the decision, its candidates and thresholds, and source and quotes of what was answered."""
    about = {
        "faits": ", ".join(decision.facts),
        "corrige": "la question prend pour vrai ce que le fait dit autrement" if decision.corrects else None,
        "sujet": decision.subject,
        "contact": decision.contact,
        "sans contact": decision.uncovered,
        "attribut inconnu": decision.unknown,
        "autre nom": decision.other_name,
        "langue": decision.language,
        "passage": _found(decision),
    }
    thresholds = decision.thresholds
    lines = [
        f"Décision : {KINDS[decision.kind]} ({_REASONS[decision.reason]})",
        *(f"  {name} : {value}" for name, value in about.items() if value),
        "Candidats :" if decision.candidates else "Candidats : aucun, un bouton a été pressé",
        *(f"  {candidate.score:6.1%}  {candidate.label}" for candidate in decision.candidates),
        f"Seuils : réponse {thresholds.answer:.0%} (au moins {thresholds.least:.0%}), choix {thresholds.choices:.0%}, "
        f"écart x{thresholds.rival:g}, détresse {thresholds.distress:.0%}, langue {thresholds.language:.0%}",
        f"Versions : modèle {decision.model or '?'}, connaissances {decision.knowledge}",
    ]
    for said in _said(decision, knowledge):
        lines.append(f"Source : {knowledge.sources[said.source].title}")
        lines += [f"  « {quote} »" for quote in said.quotes]
    passage = passage_of(decision, knowledge)
    if passage:
        lines += [f"Source : {knowledge.sources[passage.source].title}", f"  « {passage.text} »"]
    return "\n".join(lines)


def _found(decision: Decision) -> str | None:
    """Return which sentence was quoted, and how much of the question stands in it."""
    quoted, least = decision.quoted, decision.thresholds
    if quoted is None:
        return None
    return (
        f"phrase {quoted.position + 1} de {quoted.source}, avec {quoted.sure:.0%} de ce qui est demandé "
        f"(au moins {least.passage:.0%}) et {quoted.words} de ses mots (au moins {least.passage_words})"
    )


def _said(decision: Decision, knowledge: Knowledge) -> list[Sourced]:
    """Return the readings of facts, or the contact, that the decision answered with, as far as they still exist."""
    if decision.kind == "contact":
        return [contact for contact in knowledge.contacts if contact.id == decision.contact]
    if decision.kind != "answer":
        return []
    facts = [fact for fact in map(knowledge.fact, decision.facts) if fact]
    return [reading for fact in facts for reading in fact.readings[decision.earlier :][:1]]
