"""What a message names: subjects, unknown attributes, countries, and names that no source has."""

import re
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
    """Names compiled to one pattern, the longest first."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        entries = sorted(((_pattern(name), key) for name, key in names), key=lambda entry: -len(entry[0]))
        self._keys = [key for _, key in entries]
        self._pattern = re.compile(r"\b(?:" + "|".join(f"({pattern})" for pattern, _ in entries) + r")\b")

    def find(self, folded: str) -> tuple[Mention, ...]:
        """Return the names that stand in a folded text."""
        return tuple(
            Mention(self._keys[found.lastindex - 1], folded.count(" ", 0, found.start()), found[0].count(" ") + 1)
            for found in self._pattern.finditer(folded)
            if found.lastindex
        )


def _pattern(name: str) -> str:
    """Return a pattern of a name in folded text: "financ*" begins a word; longer words may be plural."""
    if name.endswith("*"):
        return fold(name) + r"\w*"
    return " ".join(word + "[sx]?" if len(word) > 3 else word for word in fold(name).split())


@lru_cache(maxsize=1)
def _countries() -> _Names:
    territories = Locale("fr").territories
    return _Names((name, code) for code, name in territories.items() if code.isalpha() and code not in _NOT_COUNTRIES)
