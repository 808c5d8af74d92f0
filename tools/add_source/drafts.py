"""The draft of a new source's facts: what is guessed is filled in, what only a person can say is left to write."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.french import fold
from assistant.knowledge.base import Knowledge
from assistant.knowledge.records import Source
from assistant.understanding.mentions import MentionFinder
from tools.add_source.signs import Named, Signs, named_in, signs_of
from tools.add_source.touched import Touched
from tools.add_source.writing import folded, plain, record
from tools.lint_faq.checks import LEAST

#: What stands where something is left to write.
BLANK = "…"
#: The lists of questions of a fact in a draft, and what each is for; the first is of those that it answers.
ASKED = "questions"
QUESTIONS = {
    ASKED: "questions au moins auxquelles ce fait répond",
    "voisines": "questions voisines au moins, auxquelles la source ne répond pas",
    "evaluation": "questions au moins pour mesurer, en d'autres mots que celles d'en haut",
}
_FOUNDED = re.compile(r"\b(?:cree|fonde|nee?\b|etabli|institue)")
_DEFINES = re.compile(r"\b(?:est|sont|designe) (?:une?|la|le|l|les|des)\b")
_NUMBERED = re.compile(r"\d(?: ?%| pour ?cent)?\s+(?:[Ee]tats? |pays )?([^\W\d_]{4,})")
#: The bare questions that an attribute answers.
_ASKED = {"date": ["quand"], "date_creation": ["quand"], "lieu": ["ou"], "sigle": ["sigle"], "definition": ["quoi"]}
#: What begins a sentence that is about what the one before was about.
_GOES_ON = re.compile(r"^(?:elles?|ils?|cette|ce|cet|ces|son|sa|ses|leur)\b")


@dataclass(frozen=True)
class Proposal:
    """A fact that a sentence may state.

    Attributes:
        before, after: the sentences around it.
        known: the facts of today that it touches.
        questions: those that are known to be asked for it.
    """

    id: str
    asked: tuple[str, ...]
    sentence: str
    signs: Signs
    before: str = ""
    after: str = ""
    known: tuple[Touched, ...] = ()
    questions: tuple[str, ...] = ()

    @property
    def kept(self) -> bool:
        """Whether it is new: what is known already is mended where it stands."""
        return all(one.how == "à relire" for one in self.known)


@dataclass(frozen=True)
class Draft:
    """What is proposed of a source.

    Attributes:
        subjects: new ones that facts may be about, by id.
        contacts: addresses to write to, each with its sentence.
        unpicked: sentences that nothing is proposed of.
    """

    source: Source
    proposals: tuple[Proposal, ...]
    subjects: dict[str, Named]
    contacts: tuple[tuple[str, str], ...]
    unpicked: tuple[str, ...]


def draft_of(
    source: Source, sentences: Sequence[str], knowledge: Knowledge, finder: MentionFinder, touches: Sequence[Touched]
) -> Draft:
    """Return what is proposed of a source, in the order of its sentences."""
    subjects = _new_subjects(sentences, knowledge, finder)
    proposals: list[Proposal] = []
    contacts: list[tuple[str, str]] = []
    unpicked: list[str] = []
    taken = set(knowledge.facts)
    subject = ""
    for number, sentence in enumerate(sentences):
        signs = signs_of(sentence)
        subject = _subject(sentence, subjects, knowledge, finder, subject)
        if signs.contacts:
            contacts.append((signs.contacts[0], sentence))
        elif signs.look_like_a_fact:
            proposal = replace(
                _proposal(sentence, signs, subject, taken, finder),
                before=sentences[number - 1] if number else "",
                after=sentences[number + 1] if number + 1 < len(sentences) else "",
                known=tuple(touch for touch in touches if touch.sentence == sentence),
            )
            taken.add(proposal.id)
            proposals.append(proposal)
        else:
            unpicked.append(sentence)
    return Draft(source, tuple(proposals), subjects, tuple(contacts), tuple(unpicked))


def draft_on(
    source: Source, sentence: str, questions: Sequence[str], knowledge: Knowledge, finder: MentionFinder
) -> Draft:
    """Return the draft of the fact that one sentence of a source states, with questions that people ask for it."""
    subjects = _new_subjects([sentence], knowledge, finder)
    subject = _subject(sentence, subjects, knowledge, finder, "")
    proposal = _proposal(sentence, signs_of(sentence), subject, set(knowledge.facts), finder)
    return Draft(source, (replace(proposal, questions=tuple(questions)),), subjects, (), ())


def text_of(draft: Draft, topic: str = "") -> str:
    """Return the draft as the file that an editor fills in; its topic is the source unless another one is given."""
    lines = [
        f"# Brouillon des faits de « {draft.source.title} ».",
        "# L'assistant ne lit pas ce fichier. À la place de chaque … : ce qui est à écrire. Un fait qui ne vaut rien :",
        f'# « garder: non ». Une fois rempli : make source ARGS="--publier {topic or draft.source.id}"',
    ]
    if draft.subjects:
        lines += ["", "# De nouveaux sujets : vérifiez l'article (l', le, la, les ou '') et les noms.", "sujets:"]
        for subject_id, named in draft.subjects.items():
            lines += record(subject_row(subject_id, named))
    lines += ["", "faits:" if draft.proposals else "faits: []"]
    for number, proposal in enumerate(draft.proposals, 1):
        lines += _fact(proposal, number, draft.source.id)
    for address, sentence in draft.contacts:
        lines += _contact(address, sentence, draft.source.id)
    if draft.unpicked:
        lines += ["", "# Laissées de côté, sans nombre, date, nom ni fonction ; pour en faire un fait, copiez un bloc."]
        lines += [line for sentence in draft.unpicked for line in _comment(f"- {sentence}")]
    return "\n".join(lines) + "\n"


def subject_row(subject_id: str, named: Named) -> dict[str, object]:
    """Return a new subject as a record of `subjects.yml`."""
    names = list(dict.fromkeys(named.names))
    return {"id": subject_id, "nom_propre": True, "nom": named.name, "article": named.article, "noms": names}


def slug(text: str, joint: str) -> str:
    """Return a text as a part of an id or a file name."""
    return fold(text).replace("_", " ").encode("ascii", "ignore").decode().replace(" ", joint)


def _fact(proposal: Proposal, number: int, source: str) -> list[str]:
    signs = proposal.signs
    seen = {"dates": signs.dates, "nombres": signs.numbers, "noms": signs.names, "fonctions": signs.roles}
    told = " ; ".join(f"{kind} : {', '.join(found)}" for kind, found in seen.items() if found)
    lines = ["", f"# {number}. {told}".rstrip()]
    lines += [f"# Déjà su : {touch.fact.id} ({touch.how})." for touch in proposal.known]
    for name, text in (("Avant", proposal.before), ("Après", proposal.after)):
        lines += _comment(f"{name} : {text}") if text else []
    lines += [f"- garder: {'oui' if proposal.kept else 'non'}", f"  id: {proposal.id}"]
    lines += ["  question: >-", f"    {BLANK}", "  reponse: >-", f"    {BLANK}"]
    lines += [f"  repond_a: [{', '.join(proposal.asked)}]", f"  source: {source}", "  citations:", "  - >-"]
    lines += folded(proposal.sentence, 4)
    for (key, what), least in zip(QUESTIONS.items(), LEAST, strict=True):
        rows = proposal.questions if key == ASKED else ()
        blanks = [BLANK] * (least - len(rows))
        lines += [f"  # {least} {what}", f"  {key}: |", *(f"    - {row}" for row in (*rows, *blanks))]
    return lines


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in folded(text, 0)]


def _proposal(sentence: str, signs: Signs, subject: str, taken: set[str], finder: MentionFinder) -> Proposal:
    """Return what is proposed of a sentence about a subject, under an id that no fact has."""
    attribute = _attribute(sentence, signs, bool(finder.find(sentence).countries))
    asked = tuple(_ASKED.get(attribute, ["combien"] if signs.numbers else []))
    return Proposal(_free(f"{subject or 'sujet'}.{attribute}", taken), asked, sentence, signs)


def _contact(address: str, sentence: str, source: str) -> list[str]:
    """Return a contact to be put into `contacts.yml`, as a comment: it needs no questions of its own."""
    rows = ["- id: " + BLANK, *(f"  {key}: {BLANK}" for key in ("nom", "role", "bureau")), f"  pays: [{BLANK}]"]
    rows += [f"  {line}" for line in plain("courriel", address if "@" in address else BLANK)]
    rows += [f"  source: {source}", "  citations:", "  - >-", *folded(sentence, 4)]
    lead = "Ceci ressemble à un contact : si c'en est un, recopiez-le, sans les #, dans knowledge/contacts.yml."
    return ["", f"# {lead}", *(f"# {row}" for row in rows)]


def _new_subjects(sentences: Sequence[str], knowledge: Knowledge, finder: MentionFinder) -> dict[str, Named]:
    """Return the organisations and persons that are no subjects yet, by the id that each would have."""
    found: dict[str, Named] = {}
    for named in (named for sentence in sentences for named in named_in(sentence)):
        mentions = finder.find(" . ".join(named.names))
        subject_id = slug(named.names[-1] if named.person else named.name, "_")
        if not mentions.subjects and not mentions.countries and subject_id not in knowledge.subjects:
            found.setdefault(subject_id, named)
    return found


def _subject(sentence: str, new: dict[str, Named], knowledge: Knowledge, finder: MentionFinder, before: str) -> str:
    """Return what a sentence is about: a name of its own that comes first, else what the sentence before was about."""
    words = f" {fold(sentence)} "
    found = ((words.find(f" {fold(name)} "), key) for key, one in new.items() for name in one.names)
    places = sorted((place, key) for place, key in found if place >= 0)
    if places:
        return places[0][1]
    mentioned = [mention.key for mention in finder.find(sentence).subjects]
    proper = [key for key in mentioned if knowledge.subjects[key].proper]
    if before and _GOES_ON.match(words.strip()):
        return before
    return next(iter([*proper, *mentioned]), before)


def _attribute(sentence: str, signs: Signs, has_place: bool) -> str:
    """Return a name for what a sentence says of its subject."""
    plain_words, counted = fold(sentence), _NUMBERED.search(sentence)
    guesses = (
        (signs.dates and _FOUNDED.search(plain_words), "date_creation"),
        (any(re.search(r"%|cent", number) for number in signs.numbers), "part"),
        (signs.numbers and counted, slug(counted[1], "_") if counted else ""),
        (signs.dates, "date"),
        (signs.roles, "fonction"),
        (_DEFINES.search(plain_words), "definition"),
        (has_place, "lieu"),
    )
    return next((attribute for seen, attribute in guesses if seen), "description")


def _free(fact_id: str, taken: set[str]) -> str:
    """Return an id that no fact has."""
    number, free = 1, fact_id
    while free in taken:
        number += 1
        free = f"{fact_id}_{number}"
    return free
