"""`python -m evaluation.passages`: what quoting a sentence of the source gains and costs, as its sureness moves.

The page's facts state all its sentences, so nothing is quoted of it. A source that has few facts yet is made of it
here: the facts about half of the subjects, with the questions that teach them, are left out, then the other half. What
they answered may be quoted then; what comes near them may not.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from tabulate import tabulate

from assistant.dialogue.context import after
from assistant.dialogue.records import Context, Decision, Thresholds
from assistant.knowledge.base import Knowledge
from assistant.knowledge.loader import load_knowledge
from assistant.settings import ROOT
from assistant.understanding.classifier import Classifier
from evaluation.outcomes import stated_in
from evaluation.questions import HALVES, Conversation, Question, read_questions
from evaluation.taught import training_data
from evaluation.understanding import Assistant, read_model
from tools.train import ensure_model

#: The subjects whose facts are left out, one set after the other.
LEFT_OUT = (
    frozenset({"femmes", "politique", "sica", "interpol", "ocam"}),
    frozenset({"projet", "reunion", "pisani", "region", "travail", "oim"}),
)
GRID = (0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 1.0)


@dataclass(frozen=True)
class Setting:
    """A knowledge to be measured, and what it is called."""

    name: str
    assistants: Sequence[Assistant]


def main() -> None:
    """Train twice, and print how many sentences were quoted rightly and wrongly."""
    whole = load_knowledge(ROOT / "knowledge")
    page = read_model(ensure_model()).classifier
    taught = training_data()
    fewer = [(_without(taught, subjects), _fewer_facts(whole, subjects)) for subjects in LEFT_OUT]
    settings = [
        Setting("la page, phrases sans fait", [Assistant(page, whole)]),
        Setting("la page, toutes les phrases", [Assistant(page, _all_quotable(whole))]),
        Setting("faits ôtés, phrases sans fait", [Assistant(model, known) for model, known in fewer]),
        Setting("faits ôtés, toutes les phrases", [Assistant(model, _all_quotable(known)) for model, known in fewer]),
    ]
    rows = [row for setting in settings for half in HALVES for row in _rows(setting, half, whole)]
    print(tabulate(rows, ["", "moitié", "", *(f"{sure:.0%}" for sure in GRID)], "simple"))


def _rows(setting: Setting, half: str, whole: Knowledge) -> Iterator[list[str | int]]:
    """Yield what was quoted rightly and wrongly at each sureness."""
    asked = read_questions(whole, half)
    counts = [_counts(setting, asked, whole, replace(Thresholds(), passage=sure)) for sure in GRID]
    for name in ("juste", "voisine", "autre à tort"):
        yield [setting.name, half, name, *(count[name] for count in counts)]


def _counts(
    setting: Setting, asked: Sequence[Conversation], whole: Knowledge, thresholds: Thresholds
) -> "Counter[str]":
    """Return how many sentences were quoted: right, to a near-domain question, wrong otherwise."""
    counts: Counter[str] = Counter()
    for assistant in setting.assistants:
        for question, decision in _decided(assistant, asked, thresholds):
            passage = decision.quoted and whole.passage(decision.quoted.source, decision.quoted.position)
            if passage:
                right = set(stated_in(passage, whole)) & set(question.facts)
                near = question.kind in {"voisins", "passages_voisins"}
                counts["juste" if right else "voisine" if near else "autre à tort"] += 1
    return counts


def _decided(
    assistant: Assistant, asked: Sequence[Conversation], thresholds: Thresholds
) -> Iterator[tuple[Question, Decision]]:
    """Yield each question with each decision on it, in its conversation."""
    for conversation in asked:
        context = Context()
        for question in conversation:
            decisions = assistant.decide(question.text, context, thresholds)
            context = reduce(after, decisions, context)
            yield from ((question, decision) for decision in decisions)


def _fewer_facts(knowledge: Knowledge, subjects: frozenset[str]) -> Knowledge:
    """Return a knowledge without the facts about some subjects, whose sentences may be quoted then."""
    facts = {key: fact for key, fact in knowledge.facts.items() if fact.subject not in subjects}
    questions = {text: key for text, key in knowledge.questions.items() if key in facts}
    fewer = replace(knowledge, facts=facts, questions=questions)
    return replace(fewer, passages=tuple(replace(one, stated=bool(stated_in(one, fewer))) for one in fewer.passages))


def _all_quotable(knowledge: Knowledge) -> Knowledge:
    return replace(knowledge, passages=tuple(replace(one, stated=False) for one in knowledge.passages))


def _without(taught: tuple[list[str], list[str]], subjects: frozenset[str]) -> Classifier:
    """Return what is learnt from the questions that do not teach some subjects."""
    kept = [(text, label) for text, label in zip(*taught, strict=True) if _subject(label) not in subjects]
    return Classifier.train([text for text, _ in kept], [label for _, label in kept])


def _subject(label: str) -> str:
    return label.partition("/")[2].split(".")[0]


if __name__ == "__main__":
    main()
