"""The search for a passage that answers a question: French full text in memory, and how sure it is."""

import math
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.french import fold
from assistant.knowledge.passages import Passage
from assistant.understanding.normalise import normalise
from assistant.understanding.stemming import stems

#: How many words of a message are searched for; more is a letter, not a question.
MOST_TERMS = 30
#: How many passages the full text hands over to be weighed.
_BEST = 5
#: Words that carry nothing of what is asked, folded: grammar, politeness, what frames a question. What denies (« pas »,
#: « sans ») is none of them: a sentence that says otherwise is no answer.
_EMPTY = frozenset(
    (
        "a afin ai aimerais ainsi alors annee as au aussi aux avaient avait avec avez avons bonjour c ca car ce "
        "ceci cela celle celles celui ces cet cette chez chose cite citer combien comment connaitre d dans date de "
        "des dire dis dit dites dois doit donc donne donner donnez dont du elle elles en entre est et etaient etait "
        "etant ete etes etre eu exactement explique expliquer expliquez faire fait faut furent fut il ils indique "
        "indiquer j je jusqu l la laquelle le lequel les lesquelles lesquels leur leurs lors lorsque lui m ma mais "
        "me meme merci mes moi mon n ne nombre non nos notre nous on ont ou par parce parle parler parlez pendant "
        "peu peut peuvent peux plus pour pourquoi pourrais pourriez pouvez preciser puis qu quand que quel quelle "
        "quelles quelque quelques quels qui quoi s sa sais savez savoir se sera serait seront ses si soit son sont "
        "sous stp suis sur svp t ta te tel telle tes toi ton tous tout toute toutes tu un une vers veut veux vos "
        "votre voudrais voulez vous vraiment y"
    ).split()
)


@dataclass(frozen=True)
class Found:
    """A passage found for a message.

    Attributes:
        passage: the passage.
        sure: how much of what the message asks stands in it, from 0 to 1; a word counts the more, the rarer it is.
        words: how many words of the message stand in it.
    """

    passage: Passage
    sure: float
    words: int


class PassageIndex:
    """Finds the passages of a knowledge; made once for each version of it.

    Args:
        passages: all passages.
    """

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._terms = [frozenset(_terms(passage.text)) for passage in passages]
        self._frequency = Counter(term for terms in self._terms for term in terms)
        self._table = sqlite3.connect(":memory:", check_same_thread=False)
        self._table.execute("CREATE VIRTUAL TABLE passages USING fts5(terms, tokenize=\"unicode61 tokenchars '_'\")")
        rows = ((number, " ".join(_terms(passage.text))) for number, passage in enumerate(passages))
        self._table.executemany("INSERT INTO passages(rowid, terms) VALUES (?, ?)", rows)

    def find(self, text: str) -> Found | None:
        """Return the passage that has most of what a message asks, or None where none has anything of it."""
        terms = list(dict.fromkeys(_terms(text)))[:MOST_TERMS]
        if not terms:
            return None
        # Folded words have no quotes; quoted, none of them is an operator (NEAR, OR, a column).
        asked = " OR ".join(f'"{term}"' for term in terms)
        rows = self._table.execute(
            "SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?", (asked, _BEST)
        )
        found = [self._weighed(number, terms) for (number,) in rows]
        return max(found, key=lambda one: one.sure, default=None)

    def _weighed(self, number: int, terms: Sequence[str]) -> Found:
        there = [term for term in terms if term in self._terms[number]]
        whole = sum(map(self._weight, terms))
        return Found(self._passages[number], sum(map(self._weight, there)) / whole, len(there))

    def _weight(self, term: str) -> float:
        """Return how much a word tells: the inverse frequency of its passages; a word that none has tells most."""
        return math.log(1 + len(self._passages) / (self._frequency[term] + 0.5))


def _terms(text: str) -> list[str]:
    """Return the stems of the words of a text that carry something."""
    telling = [word for word in fold(text).split() if word not in _EMPTY]  # before « un » is taken for the UN
    return [stem for word in normalise(" ".join(telling)).split() if word not in _EMPTY for stem in [stems(word)]]
