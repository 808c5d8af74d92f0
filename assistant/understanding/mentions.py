"""What a message names: subjects, unknown attributes, countries, and names that no source has."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale

from assistant.french import fold
from assistant.knowledge.base import Knowledge

#: Territories whose French name is an everyday word here ("la réunion") or no country ("Nations Unies").
_NOT_COUNTRIES = {"RE", "UN", "EU", "EZ", "ZZ", "XA", "XB", "QO"}


@dataclass(frozen=True)
class Mention:
    """A name found in a message.

    Attributes:
        key: what it stands for: a subject's id, an unknown's id, a country's code, a folded name.
        start: the position of its first word among the message's folded words.
        length: how many words it has.
    """

    key: str
    start: int
    length: int


@dataclass(frozen=True)
class Mentions:
    """All that a message names, each kind in the order of the message."""

    subjects: tuple[Mention, ...]
    unknowns: tuple[Mention, ...]
    other_names: tuple[Mention, ...]
    countries: tuple[Mention, ...]

    @property
    def subject(self) -> str | None:
        """The id of the first subject named that is more precise than the OIM, else of the first one."""
        ids = [mention.key for mention in self.subjects]
        return next((key for key in ids if key != "oim"), ids[0] if ids else None)


class MentionFinder:
    """Finds the names of a knowledge in messages; made once for each version of the knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._subjects = _Names((name, s.id) for s in knowledge.subjects.values() for name in (s.name, *s.names))
        self._unknowns = _Names((word, u.id) for u in knowledge.unknowns.values() for word in u.wordings)
        self._other_names = _Names((name, name) for name in knowledge.other_names)

    def names_subject(self, text: str) -> bool:
        """Return whether a message names a subject."""
        return bool(self._subjects.find(fold(text)))

    def find(self, text: str) -> Mentions:
        """Return what a message names; of names that overlap the first counts, of several there the longest."""
        folded = fold(text)
        return Mentions(
            self._subjects.find(folded),
            self._unknowns.find(folded),
            self._other_names.find(folded),
            _countries().find(folded),
        )


class _Names:
    """Names by their first word, the longest first."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._beginnings: dict[str, str] = {}
        for name, key in names:
            words = tuple(_singular(word) for word in fold(name).split())
            if name.endswith("*") and len(words) == 1:
                self._beginnings[fold(name)] = key
            elif words:
                self._by_first.setdefault(words[0], []).append((words, key))
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def find(self, folded: str) -> tuple[Mention, ...]:
        """Return the names that stand in a folded text."""
        words = [_singular(word) for word in folded.split()]
        whole = folded.split()
        found: list[Mention] = []
        position = 0
        while position < len(words):
            mention = self._at(words, whole, position)
            if mention:
                found.append(mention)
            position += mention.length if mention else 1
        return tuple(found)

    def _at(self, words: list[str], whole: list[str], position: int) -> Mention | None:
        """Return the longest name that begins at a word."""
        for name, key in self._by_first.get(words[position], ()):
            if tuple(words[position : position + len(name)]) == name:
                return Mention(key, position, len(name))
        for beginning, key in self._beginnings.items():
            if whole[position].startswith(beginning):
                return Mention(key, position, 1)
        return None


def _singular(word: str) -> str:
    """Return a word without the s or x of a plural, where it is long enough to have one."""
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


@lru_cache(maxsize=1)
def _countries() -> _Names:
    territories = Locale("fr").territories
    return _Names((name, code) for code, name in territories.items() if code.isalpha() and code not in _NOT_COUNTRIES)
