"""Which sentence of a source seems to answer some questions: the one that has their words."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.knowledge.base import Knowledge
from assistant.knowledge.loader import same_passage
from assistant.understanding.normalise import normalise
from assistant.understanding.stemming import stems

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Þ«])|\n")
#: A line of a menu is no sentence.
_FEWEST_WORDS = 6
#: A sentence seems to answer if it has this much of what most questions say, counting rare words for more.
_ENOUGH = 0.75
#: The fewest such words: one alone says nothing.
_FEWEST_SHARED = 2
#: Words that ask, and say nothing of what is asked.
_ASKING = frozenset(
    stems(
        "a ai as au aux avec avoir c ca ce cela ces cet cette comment combien contre d dans de des dire dit donc du "
        "elle elles en est et etait etre existe fait faire faut il ils j je l la le les leur leurs lui ma "
        "mais me mes moi mon n ne non nos notre nous on ont ou par pas peut peux plus pour pourquoi pouvez "
        "puis qu quand que quel quelle quelles quels qui quoi s sa savoir se ses si son sont sur t te tu un "
        "une va veut veux voudrais vos votre vous y "
    ).split()
)


@dataclass(frozen=True)
class Passage:
    """A sentence of a source.

    Attributes:
        source: the source's id.
        text: the sentence, word for word.
    """

    source: str
    text: str

    @property
    def words(self) -> frozenset[str]:
        """The stems that say something."""
        return content_words(self.text)


def content_words(text: str) -> frozenset[str]:
    """Return the stems of a text that say what it is about."""
    return frozenset(stems(normalise(text)).split()) - _ASKING


def passages(knowledge: Knowledge, folder: Path) -> list[Passage]:
    """Return the sentences of all sources.

    Args:
        knowledge: what the assistant knows.
        folder: the folder of the knowledge.
    """
    found = []
    for source in knowledge.sources.values():
        for sentence in _SENTENCE.split((folder / source.file).read_text("utf-8")):
            text = same_passage(sentence)
            if len(text.split()) >= _FEWEST_WORDS:
                found.append(Passage(source.id, text))
    return found


def passage_on(questions: Iterable[str], among: Sequence[Passage]) -> Passage | None:
    """Return the sentence that has what most of some questions say, if there is one."""
    asked = [content_words(question) for question in questions]
    times = Counter(word for words in asked for word in words)
    shared = {word for word, count in times.items() if count * 2 >= len(asked)}
    if len(shared) < _FEWEST_SHARED or not among:
        return None
    known = Counter(word for passage in among for word in passage.words)
    weights = {word: 1 + math.log((1 + len(among)) / (1 + known[word])) for word in shared}
    share = {
        passage: sum(weights[word] for word in shared & passage.words) / sum(weights.values()) for passage in among
    }
    best = max(among, key=lambda passage: share[passage])
    return best if share[best] >= _ENOUGH and len(shared & best.words) >= _FEWEST_SHARED else None
