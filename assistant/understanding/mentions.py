"""What a message names: subjects, unknown attributes, countries, and names that no source has."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from assistant.french import COUNTRIES, fold
from assistant.knowledge.base import Knowledge
from assistant.knowledge.records import Fact
from assistant.understanding.claims import (
    Claims,
    claims,
    contradict,
    not_of_oneself,
    takes_value_for_true,
    takes_word_for_true,
    without_oneself,
)
from assistant.understanding.normalise import normalise, standard_spelling

#: Territories whose French name is an everyday word here ("la réunion").
_EVERYDAY = {"RE"}
#: Words before a place (normalised).
_IN = {"en", "au", "aux", "a"}


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
    """All that a message names, each kind in the order of the message.

    Attributes:
        facts: ids of the facts that are not about other names than those of the message.
        contradicted_by: ids of the facts that say otherwise than the message takes for true.
        denied_by: ids of those among them that deny a word of it.
        confirmed_by: ids of the facts that state a value of the message: a year, a number, a place, ...
        silent: where it asks of a place that no fact names (« Que fait l'OIM au Mali ? »), ids of the facts about
            what is at no place.
    """

    subjects: tuple[Mention, ...]
    unknowns: tuple[Mention, ...]
    other_names: tuple[Mention, ...]
    countries: tuple[Mention, ...]
    places: tuple[Mention, ...]
    facts: frozenset[str]
    contradicted_by: frozenset[str] = frozenset()
    denied_by: frozenset[str] = frozenset()
    confirmed_by: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()

    @property
    def subject(self) -> str | None:
        """The id of the first subject named that is more precise than the OIM, else of the first one."""
        return _most_precise(self.subjects)


def places_of(names: Iterable[Mention]) -> set[int]:
    """Return the places, among a message's folded words, of the words of names."""
    return {place for name in names for place in range(name.start, name.start + name.length)}


class MentionFinder:
    """Finds the names of a knowledge in messages; made once for each version of the knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        subjects = knowledge.subjects.values()
        misspelt = {fold(name) for s in subjects if s.proper for name in s.names}
        self._subjects = _Names(((name, s.id) for s in subjects for name in (s.name, *s.names)), misspelt)
        self._unknowns = _Names((word, u.id) for u in knowledge.unknowns.values() for word in u.wordings)
        self._other_names = _Names((name, name) for name in knowledge.other_names)
        self._proper = _Names(((name, s.id) for s in subjects if s.proper for name in (s.name, *s.names)), misspelt)
        self._facts = {
            fact.id: self._names_in(fact, knowledge.subjects[fact.subject].name) for fact in knowledge.facts.values()
        }
        self._places = _Names((place, place) for place in knowledge.places)
        self._deniers = _deniers(knowledge)
        self._denied = _Names((word, word) for word in self._deniers)
        self._claims = {fact.id: self._claims_of(fact) for fact in knowledge.facts.values()}
        self._known_places = {place for _, known in self._claims.values() for place in known.of_kind("lieu")}
        placed = {f.subject for f in knowledge.facts.values() if "ou" in f.asked and self._places_in(f.answer)}
        self._nowhere = frozenset(f.id for f in knowledge.facts.values() if f.subject not in placed)

    def _may_answer(self, folded: str, subjects: tuple[Mention, ...], others: tuple[Mention, ...]) -> frozenset[str]:
        """Return the facts that are not about other names than those of a message.

        « Qui a fondé l'OIM ? » is not answered by who founded the OCAM; « C'est INTERPOL qui a proposé le projet ? » is
        about the project, which it names.
        """
        named = {mention.key for mention in subjects}
        proper = {mention.key for mention in self._proper.find(folded)}
        first = subjects[0].start if subjects else others[-1].start + 1 if others else 0
        needed = {mention.key for mention in others if mention.start < first}
        return frozenset(
            fact_id
            for fact_id, (subject, fact_proper, fact_others) in self._facts.items()
            if subject in named
            or (needed <= fact_others and (not proper or not fact_proper or bool(proper & fact_proper)))
        )

    def _names_in(self, fact: Fact, about: str) -> tuple[str, frozenset[str], frozenset[str]]:
        """Return a fact's subject, the proper names that it speaks of, and its names that are no subjects.

        Args:
            fact: the fact.
            about: the name of its subject: whatever is said of « réunion de l'OCAM » is about the OCAM too.
        """
        folded = fold(f"{fact.question} {fact.answer} {about}")
        proper, others = self._proper.find(folded), self._other_names.find(folded)
        return fact.subject, frozenset(m.key for m in proper), frozenset(m.key for m in others)

    def _claims_of(self, fact: Fact) -> tuple[Claims, Claims]:
        """Return what a fact's answer states, and what it states with its quotes and question."""
        whole = " . ".join((fact.question, fact.answer, *fact.quotes))
        return claims(fact.answer, self._places_in(fact.answer)), claims(whole, self._places_in(whole))

    def _places_in(self, text: str) -> set[str]:
        """Return the countries and other places that a text names, as keys."""
        return {mention.key for mention in self._all_places(fold(text))}

    def _all_places(self, folded: str) -> tuple[Mention, ...]:
        return (*_countries().find(folded), *self._places.find(folded))

    def _asks_of_unknown_place(self, text: str) -> bool:
        """Return whether a message asks of a place that no fact names: « C'est pour un exposé au Mali » does not."""
        parts = not_of_oneself(text)
        naming = [self.names_subject(part) for part in parts]
        return any(
            self._is_of_unknown_place(part, names or not any(naming)) for part, names in zip(parts, naming, strict=True)
        )

    def _is_of_unknown_place(self, part: str, at_its_end: bool) -> bool:
        """Return whether a part begins or ends with « en », « au », « aux » or « à » and a place no fact names."""
        normal = normalise(part)
        words = normal.split()
        unknown = (place for place in self._all_places(normal) if place.key not in self._known_places)
        return any(
            words[place.start - 1] in _IN
            for place in unknown
            if place.start == 1 or (at_its_end and 1 < place.start == len(words) - place.length)
        )

    def _denied_by(self, text: str) -> frozenset[str]:
        """Return the facts that deny a word which a message takes for true."""
        words = self._denied.find(fold(text)) if takes_word_for_true(text) else ()
        return frozenset(fact_id for mention in words for fact_id in self._deniers[mention.key])

    def _say_otherwise(self, text: str, said: Claims) -> frozenset[str]:
        """Return the facts that state other values than a message takes for true."""
        if not said.values or not takes_value_for_true(text):
            return frozenset()
        return frozenset(
            fact_id for fact_id, (stated, known) in self._claims.items() if contradict(said, stated, known)
        )

    def names_subject(self, text: str) -> bool:
        """Return whether a message names a subject."""
        return bool(self._subjects.find(fold(text)))

    def without_names(self, text: str) -> str:
        """Return the folded words of a message that are in no name of a subject."""
        folded = fold(text)
        named = places_of(self._named(folded)[0])
        return " ".join(word for place, word in enumerate(folded.split()) if place not in named)

    def subject(self, text: str) -> str | None:
        """Return the subject that `find` would, without looking for anything else."""
        return _most_precise(self._named(fold(text))[0])

    def may_answer(self, text: str) -> frozenset[str]:
        """Return the facts that `find` would, without looking for anything else."""
        folded = fold(text)
        return self._may_answer(folded, *self._named(folded))

    def _named(self, folded: str) -> tuple[tuple[Mention, ...], tuple[Mention, ...]]:
        """Return the subjects that a folded text names, and the names that no source has; no subject within those."""
        others = self._other_names.find(folded)
        inside = places_of(others)
        return tuple(mention for mention in self._subjects.find(folded) if mention.start not in inside), others

    def find(self, text: str) -> Mentions:
        """Return what a message names; of names that overlap the first counts, of several there the longest."""
        folded = fold(text)
        subjects, others = self._named(folded)
        claimed = without_oneself(text)
        said = claims(claimed, self._places_in(claimed))
        denied_by = self._denied_by(claimed)
        return Mentions(
            subjects,
            self._unknowns.find(folded),
            others,
            _countries().find(folded),
            self._places.find(folded),
            self._may_answer(folded, subjects, others),
            denied_by | self._say_otherwise(claimed, said),
            denied_by,
            frozenset(fact_id for fact_id, (_, known) in self._claims.items() if said.values & known.values),
            self._nowhere if self._asks_of_unknown_place(text) else frozenset(),
        )


def _most_precise(subjects: tuple[Mention, ...]) -> str | None:
    """Return the id of the first subject that is more precise than the OIM, else of the first one."""
    ids = [mention.key for mention in subjects]
    return next((key for key in ids if key != "oim"), ids[0] if ids else None)


def _deniers(knowledge: Knowledge) -> dict[str, set[str]]:
    """Return, for each word that some fact denies, the ids of those facts."""
    found: dict[str, set[str]] = {}
    for fact in knowledge.facts.values():
        for word in fact.denies:
            found.setdefault(word, set()).add(fact.id)
    return found


class _Names:
    """Names by their first word, the longest first.

    Args:
        names: each name, and what it stands for.
        misspelt: words of them of which other spellings are found too: « loim », « locam ».
    """

    def __init__(self, names: Iterable[tuple[str, str]], misspelt: Collection[str] = ()) -> None:
        self._misspelt = misspelt
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
        words = [self._word(word) for word in folded.split()]
        whole = folded.split()
        found: list[Mention] = []
        position = 0
        while position < len(words):
            mention = self._at(words, whole, position)
            if mention:
                found.append(mention)
            position += mention.length if mention else 1
        return tuple(found)

    def _word(self, word: str) -> str:
        """Return a word of a text as it would stand in a name."""
        spelt = standard_spelling(word).split()[-1]
        return spelt if spelt in self._misspelt else _singular(word)

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
    """Return the names of countries: « Myanmar (Birmanie) » and « Congo-Kinshasa » by each of their parts too."""
    names = [(name, code) for code, name in COUNTRIES.items() if code not in _EVERYDAY]
    parts = [(part.strip(" )"), code) for name, code in names if "(" in name for part in name.split("(")]
    return _Names(names + parts)
