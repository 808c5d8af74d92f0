"""The checks of the linter: pure functions from the content to findings."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from rapidfuzz import fuzz, process

from assistant.names import CONTACT
from assistant.understanding.mentions import MentionFinder
from tools.lint_faq.content import Content, Question
from tools.lint_faq.findings import ERROR, WARNING, Finding
from tools.lint_faq.said import said_by_code

#: From this ratio on, in percent, two questions are nearly the same: twice the letters in common, by all letters.
NEARLY_THE_SAME = 95
#: How many questions are compared with all others at once: it bounds the memory.
_AT_ONCE = 500

#: What a fact needs to go live, and what it should have: questions, near-misses, questions of the evaluation.
LEAST = (12, 6, 3)
AIM = (60, 40)

#: Labels of near-misses that are no fact's: what they are about.
_OTHER_NEAR_MISSES = {CONTACT, "migration", "violence"}
#: Where messages are taught that no person would call a question, code among them.
_GARBAGE = "hors_sujet"
_BRACKET = re.compile(r"[\[\]{}]")
#: What Rasa reads as an annotation, and not as text.
_ANNOTATION = re.compile(r"\[[^\]]+\][({\[]")


def rows_are_questions(content: Content) -> Iterator[Finding]:
    """Find rows that Rasa would not read as the question that they are."""
    for question in content.questions:
        brackets = _ANNOTATION if question.label == _GARBAGE else _BRACKET
        if not question.text:
            yield Finding(ERROR, question.place, "cette ligne est vide ; retirez-la.")
        elif not question.row.startswith("-"):
            problem = "cette ligne ne commence pas par un tiret, elle serait ignorée ; alignez-la sur les autres."
            yield Finding(ERROR, question.place, problem)
        elif brackets.search(question.text):
            problem = "il y a des crochets ou des accolades, qui ont un sens pour Rasa ; récrivez la question sans eux."
            yield Finding(ERROR, question.place, problem)


def labels_name_facts(content: Content) -> Iterator[Finding]:
    """Find labels of facts that do not exist."""
    known = {"fait": content.knowledge.facts.keys(), "inconnu": content.knowledge.facts.keys() | _OTHER_NEAR_MISSES}
    for label, place in content.labels:
        intent, _, fact_id = label.partition("/")
        if intent in known and fact_id not in known[intent]:
            problem = f"le fait « {fact_id} » n'existe pas dans knowledge/ ; corrigez « {label} » ou ajoutez le fait."
            yield Finding(ERROR, place, problem)
    for double in content.doubles:
        for fact_id in double.facts:
            if fact_id not in content.facts:
                problem = f"le fait « {fact_id} » n'existe pas dans knowledge/ ; corrigez « faits » ou ajoutez le fait."
                yield Finding(ERROR, double.question.place, problem)


def facts_have_enough(content: Content) -> Iterator[Finding]:
    """Find facts, and the contact, with too few questions, near-misses or questions of the evaluation."""
    taught = Counter(label for label, _ in {(question.label, question.key) for question in _questions(content)})
    asked = Counter(fact for fact, _ in {(fact, asked.key) for asked in content.asked for fact in asked.accepted})
    for fact, place in content.facts.items():
        label, near = CONTACT if fact == CONTACT else f"fait/{fact}", f"inconnu/{fact}"
        counts = (taught[label], taught[near], asked[fact])
        names = ("questions", "questions voisines", "questions d'évaluation")
        where = (f"sous « {label} »", f"sous « {near} »", f"avec « {fact} » sous « attendu »")
        for count, least, aim, name, there in zip(counts, LEAST, (*AIM, 0), names, where, strict=True):
            if count < least:
                problem = f"« {fact} » : {name} : {count}, il en faut au moins {least} ; ajoutez-en {there}."
                yield Finding(ERROR, place, problem)
            elif count < aim:
                problem = f"« {fact} » : {name} : {count}, visez {aim} ; ajoutez-en {there}."
                yield Finding(WARNING, place, problem)


def questions_stand_once(content: Content) -> Iterator[Finding]:
    """Find the same question, whatever its case, accents and punctuation, under two labels or twice under one.

    A near-miss that is also a fact's question is one of them: the classifier cannot learn both. A follow-up is learnt
    with what it is about: the same words after another answer are another question.
    """
    seen: dict[str, dict[str, Question]] = {}
    for question in _questions(content):
        before = seen.setdefault(question.learnt, {})
        if question.label in before:
            problem = f"cette question est déjà là ({before[question.label].place}) ; gardez-en une."
            yield Finding(WARNING, question.place, problem)
        elif before:
            other = next(iter(before.values()))
            problem = (
                f"cette question est sous « {question.label} » et sous « {other.label} » ({other.place}) ; "
                "gardez-la sous un seul des deux."
            )
            yield Finding(ERROR, question.place, problem)
        before.setdefault(question.label, question)
    both: dict[str, Question] = {}
    for question, _ in content.doubles:
        if question.key in both:
            problem = f"ce message est déjà là ({both[question.key].place}) ; gardez-en un."
            yield Finding(WARNING, question.place, problem)
        both.setdefault(question.key, question)


def the_same_words_are_of_one_kind(content: Content) -> Iterator[Finding]:
    """Find follow-ups in the same words that a fact answers after one fact and none after another.

    They are learnt as two questions; `rasa data validate`, which knows nothing of what is before them, refuses them.
    """
    seen: dict[str, Question] = {}
    for question in _questions(content):
        other = seen.setdefault(question.text, question)
        same_kind = question.label.split("/")[0] == other.label.split("/")[0]
        if not same_kind and question.learnt != other.learnt:
            problem = (
                f"ces mots sont sous « {question.label} » et sous « {other.label} » ({other.place}), ce que Rasa "
                "n'accepte pas ; changez-en un mot à l'un des deux."
            )
            yield Finding(ERROR, question.place, problem)


def facts_are_told_apart(content: Content) -> Iterator[Finding]:
    """Find a fact's questions that are nearly those of another fact, or nearly a near-miss.

    A warning, because minimal pairs are wanted: one word makes « directeur » another person than « directrice », and
    near-misses teach that word. Where it is a number, or a name that the knowledge has (« en 1990 » and « en 1991 »,
    « l'OIM » and « l'OCAM »), it is such a pair for sure, and nothing is said: a warning that stays is read no more.
    """
    of_facts = [question for question in _questions(content) if _is_answered(question)]
    others = [*of_facts, *(question for question in _questions(content) if question.label.startswith("inconnu/"))]
    finder = MentionFinder(content.knowledge)
    for one, two in _alike([question.learnt for question in of_facts], [question.learnt for question in others]):
        question, other = of_facts[one], others[two]
        if one >= two or question.label == other.label or question.learnt == other.learnt:
            continue
        if _named(question.learnt, finder) == _named(other.learnt, finder):
            problem = (
                f"« {other.text} » est presque la question de « {question.label} » ({question.place}) ; "
                "gardez les deux si un mot en change la réponse."
            )
            yield Finding(WARNING, other.place, problem)


def evaluation_is_apart(content: Content) -> Iterator[Finding]:
    """Find questions of the evaluation that are taught too, or nearly so; no text is shown, half are sealed."""
    taught = {question.key: question for question in (*_questions(content), *(one for one, _ in content.doubles))}
    keys = list(taught)
    new = []
    for asked in content.asked:
        if asked.key in taught:
            yield Finding(ERROR, asked.place, _taught_too("aussi", taught[asked.key]))
        else:
            new.append(asked)
    nearest = dict(_alike([asked.key for asked in new], keys))
    for one, two in nearest.items():
        yield Finding(ERROR, new[one].place, _taught_too("presque", taught[keys[two]]))


def accepted_answers_exist(content: Content) -> Iterator[Finding]:
    """Find what the evaluation accepts and is no fact, contact, small talk or distress (amid a conversation)."""
    known = content.facts.keys() | {label for label, _ in content.labels if "/" not in label} | {"detresse"}
    for asked in content.asked:
        for fact_id in sorted(asked.accepted - known):
            problem = f"« {fact_id} », sous « attendu », n'existe pas dans knowledge/ ; corrigez cet identifiant."
            yield Finding(ERROR, asked.place, problem)


def responses_are_said(content: Content) -> Iterator[Finding]:
    """Find responses that nothing says, and names of responses that do not exist."""
    said = {**said_by_code(content.knowledge, (label for label, _ in content.labels)), **content.ruled}
    for name, response in content.responses.items():
        if name not in said:
            problem = f"aucune règle et aucun code ne dit la réponse « {name} » ; corrigez son nom ou retirez-la."
            yield Finding(ERROR, response.place, problem)
    for name in said.keys() - content.responses.keys():
        yield Finding(
            ERROR, said[name], f"la réponse « {name} » est dite ici et manque ; ajoutez-la à data/responses/."
        )


CHECKS: tuple[Callable[[Content], Iterator[Finding]], ...] = (
    rows_are_questions,
    labels_name_facts,
    facts_have_enough,
    questions_stand_once,
    the_same_words_are_of_one_kind,
    facts_are_told_apart,
    evaluation_is_apart,
    accepted_answers_exist,
    responses_are_said,
)


def _questions(content: Content) -> Iterator[Question]:
    """Yield the rows that Rasa reads."""
    return (question for question in content.questions if question.text and question.row.startswith("-"))


def _is_answered(question: Question) -> bool:
    return question.label == CONTACT or question.label.startswith("fait/")


def _taught_too(how: str, question: Question) -> str:
    return f"cette question est {how} dans l'apprentissage ({question.place}) ; récrivez autrement celle de data/."


def _named(key: str, finder: MentionFinder) -> set[str]:
    """Return the numbers of a question, and the subjects, names and places of the knowledge."""
    found = finder.find(key)
    mentions = (*found.subjects, *found.other_names, *found.countries, *found.places)
    return {mention.key for mention in mentions} | set(re.findall(r"\d+", key))


def _alike(some: Sequence[str], others: Sequence[str]) -> list[tuple[int, int]]:
    """Return the positions of texts that are nearly the same, in order.

    What is nearly the same is nearly as long: only such texts are compared, a fifth of all pairs.
    """
    ours, theirs = _by_length(some), _by_length(others)
    found = []
    for length, ones in ours.items():
        twos = [two for other, twos in theirs.items() if _may_be_alike(length, other) for two in twos]
        near = [others[two] for two in twos]
        for start in range(0, len(ones), _AT_ONCE):
            these = ones[start : start + _AT_ONCE]
            ratios = process.cdist(
                [some[one] for one in these], near, scorer=fuzz.ratio, score_cutoff=NEARLY_THE_SAME, dtype=np.uint8
            )
            found += [(these[one], twos[two]) for one, two in np.argwhere(ratios)]
    return sorted(found)


def _by_length(texts: Sequence[str]) -> dict[int, list[int]]:
    """Return the positions of the texts of each length."""
    positions: dict[int, list[int]] = {}
    for position, text in enumerate(texts):
        positions.setdefault(len(text), []).append(position)
    return positions


def _may_be_alike(length: int, other: int) -> bool:
    """Return whether texts of two lengths may be nearly the same: what one has more is not in the other."""
    return 100 * abs(length - other) <= (100 - NEARLY_THE_SAME) * (length + other)
