"""Questions that mean the same, found by their words and by what the assistant took them for."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix, hstack
from scipy.spatial.distance import squareform
from sklearn.feature_extraction import DictVectorizer
from sklearn.preprocessing import normalize

from assistant.understanding.features import Featurizer
from assistant.understanding.normalise import normalise
from channels.journal import Entry

#: Two groups of questions are one when their questions are, on average, this alike (cosine). Measured on the simulated
#: month (tests/tools/report/test_clusters.py).
ALIKE = 0.3
#: How much the words of a question count beside what the assistant took it for.
_WORDS, _TAKEN_FOR, _NAMED = 1.0, 0.45, 0.35
_SOMETHING = ("question", "question")
#: The most different questions that are compared with one another; rarer ones join the group of the one most like them.
MOST = 4000


@dataclass(frozen=True)
class Cluster:
    """Questions that mean the same.

    Attributes:
        entries: all of them, oldest first.
        questions: their texts, one of each spelling, the most asked first.
    """

    entries: tuple[Entry, ...]
    questions: tuple[str, ...]

    @property
    def representative(self) -> str:
        """The question that stands for all."""
        return self.questions[0]


def clusters(entries: Sequence[Entry]) -> list[Cluster]:
    """Return the groups of the questions that were kept, the most asked first."""
    alike: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.text:
            alike[normalise(entry.text)].append(entry)
    spellings = sorted(alike, key=lambda spelling: (-len(alike[spelling]), spelling))
    groups: dict[int, list[str]] = defaultdict(list)
    for spelling, number in zip(spellings, _numbers([alike[one] for one in spellings]), strict=True):
        groups[int(number)].append(spelling)
    found = [_cluster([alike[spelling] for spelling in group]) for group in groups.values()]
    return sorted(found, key=lambda cluster: (-len(cluster.entries), cluster.representative))


def _cluster(alike: Sequence[Sequence[Entry]]) -> Cluster:
    texts = (Counter(str(entry.text) for entry in entries).most_common() for entries in alike)
    # Of the spellings of one question, the most written; of those written as often, the longest has most accents.
    questions = [min(spelt, key=lambda item: (-item[1], -len(item[0].encode()), item[0]))[0] for spelt in texts]
    entries = sorted((entry for entries in alike for entry in entries), key=lambda entry: entry.at)
    return Cluster(tuple(entries), tuple(questions))


def _numbers(alike: Sequence[Sequence[Entry]]) -> NDArray[np.int64]:
    """Return the number of the group of each spelling."""
    vectors = _vectors([entries[0] for entries in alike])
    first = vectors[:MOST]
    if first.shape[0] < 2:
        return np.zeros(len(alike), dtype=np.int64)
    distances = np.clip(1 - (first @ first.T).toarray().astype(np.float32), 0, None)
    np.fill_diagonal(distances, 0)
    tree = linkage(squareform(distances, checks=False), "average")
    numbers: NDArray[np.int64] = fcluster(tree, 1 - ALIKE, "distance")
    if len(alike) <= MOST:
        return numbers
    nearest = np.asarray((vectors[MOST:] @ first.T).argmax(axis=1)).ravel()
    return np.concatenate([numbers, numbers[nearest]])


def _vectors(entries: Sequence[Entry]) -> csr_matrix:
    """Return a vector of length 1 for each question: its words and sounds, its likely labels, and what it names."""
    if not entries:
        return csr_matrix((0, 1))
    texts = [str(entry.text) for entry in entries]
    # Twice, since letters and sounds that come once count for nothing; and with a word, since all may be signs.
    featurizer = Featurizer().fit([*texts, *texts, *_SOMETHING])
    words = normalize(featurizer.transform(texts))
    labels = [{one.label: one.score**0.5 for one in entry.candidates} for entry in entries]
    named = [
        {f"{kind} {name}": 1.0 for kind, name in (("?", entry.unknown), ("=", entry.other_name)) if name}
        for entry in entries
    ]
    parts = [
        _WORDS * words,
        *(
            weight * normalize(DictVectorizer(dtype=np.float32).fit_transform(some))
            for weight, some in ((_TAKEN_FOR, labels), (_NAMED, named))
            if any(some)
        ),
    ]
    return normalize(hstack(parts).tocsr())
