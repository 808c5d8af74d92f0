"""The questions that are asked: a sample of the project's NLU data that is the same at each run."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from assistant.knowledge.base import Knowledge
from assistant.knowledge.records import Fact

LABELS = 20
EXAMPLES = 15
_SEED = 2
#: What marks an entity in an example; Rasa would read it as such.
_MARKUP = set("[](){}")


@dataclass(frozen=True)
class Topic:
    """A fact and some ways to ask for it; the fact's own question is the first."""

    fact: Fact
    examples: tuple[str, ...]

    @property
    def intent(self) -> str:
        """The fact's id as a plain intent."""
        return self.fact.id.replace(".", "_")


def draw(knowledge: Knowledge, nlu: Path) -> tuple[Topic, ...]:
    """Return `LABELS` facts with `EXAMPLES` questions each.

    Args:
        knowledge: the facts.
        nlu: the folder of the NLU data.
    """
    asked = _examples(nlu)
    chance = random.Random(_SEED)
    enough = [fact for fact in sorted(asked) if fact in knowledge.facts and len(asked[fact]) >= EXAMPLES]
    return tuple(_topic(knowledge.facts[fact], asked[fact], chance) for fact in chance.sample(enough, LABELS))


def questions(sample: Sequence[Topic], number: int) -> list[str]:
    """Return questions of all topics in turn, none twice while there are others."""
    all_of_them = [topic.examples[place] for place in range(EXAMPLES) for topic in sample]
    return [all_of_them[place % len(all_of_them)] for place in range(number)]


def conversation(sample: Sequence[Topic], turns: int) -> list[str]:
    """Return the turns of a conversation that asks each topic's own question, over and over."""
    return [sample[turn % len(sample)].examples[0] for turn in range(turns)]


def _topic(fact: Fact, examples: Sequence[str], chance: random.Random) -> Topic:
    others = [example for example in examples if example != fact.question]
    return Topic(fact, (str(fact.question), *chance.sample(others, EXAMPLES - 1)))


def _examples(nlu: Path) -> dict[str, list[str]]:
    """Return the examples of each fact of the NLU data, by the fact's id."""
    found: dict[str, list[str]] = {}
    for path in sorted(nlu.rglob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            kind, _, fact = block.get("intent", "").partition("/")
            if kind == "fait":
                found.setdefault(fact, []).extend(_lines(block["examples"]))
    return found


def _lines(examples: str) -> Iterator[str]:
    for line in examples.splitlines():
        example = line.removeprefix("- ").strip()
        if example and not _MARKUP & set(example):
            yield example
