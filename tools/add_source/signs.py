"""What makes a sentence look like a fact: numbers, dates, names, roles; and what makes it a contact."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from assistant.french import fold

_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_DATE = re.compile(rf"\b(?:(?:1er|\d{{1,2}}) )?(?:{_MONTHS})(?: (?:19|20)\d\d)?\b|\b(?:1[89]|20)\d\d\b", re.IGNORECASE)
_NUMBER = re.compile(r"\b\d+(?:[ \u00a0\u202f.,]\d+)*(?: ?(?:%|pour ?cent\b)|(?:ème|er|ère|e)\b)?", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<!\w)(?:\+|00)\d(?:[ .()-]{0,2}\d){7,13}(?!\w)|(?<!\w)0\d(?:[ .-]?\d\d){4}(?!\w)")
_ROLE = re.compile(
    r"\b((?:vice[- ])?(?:directrices?|directeurs?|présidente?s?|cheffes?|chefs?|ministres?|coordinat(?:eur|rice)s?|"
    r"coordonnat(?:eur|rice)s?|secrétaires? général(?:e|es)?|secrétaires?|porte-parole|ambassad(?:eur|rice)s?|maires?|"
    r"responsables?|délégué(?:e|es|s)?|représentante?s?|commissaires?|conseill(?:er|ère)s?|fondat(?:eur|rice)s?|"
    r"trésori(?:er|ère)s?|rapporteu(?:r|se)s?)(?: général(?:e|es)?| régional(?:e|es)?| adjointe?s?)*)\b",
    re.IGNORECASE,
)
_ROLE_BEHIND = re.compile(
    rf",? (?:l['’]|le |la |alors |nouvelle |nouveau |ancien(?:ne)? )*{_ROLE.pattern}", re.IGNORECASE
)
_ROLE_BEFORE = re.compile(rf"{_ROLE.pattern}(?:[^.;,]{{0,80}},)? $", re.IGNORECASE)
_WORD = r"(?![LDJCSNM]['’])[A-ZÀ-ÖØ-Þ][\w-]*(?:['’][A-ZÀ-ÖØ-Þ][\w-]*)*"
_NAME = re.compile(rf"\b{_WORD}(?:(?: (?:de la|de|du|des|van|el|ben)| d['’]| de l['’])? ?(?<=[ '’]){_WORD})*")
#: A capital that only begins a sentence: articles, pronouns, prepositions.
_OPENING = re.compile(
    r"(?:Les?|La|Une?|Des?|Du|Ces?|Cette|Cet|Ils?|Elles?|On|Nous|Vous|En|Au|Aux|À|Dans|Pour|Pendant|Par|Sur|Avec|Selon|"
    r"Depuis|Lors|Son|Sa|Ses|Leurs?|Tous|Toutes|Plus|Après|Avant|Chaque)(?: |$)"
)
_BEGINS = re.compile(r"(?:^|[.!?…:«“–—-])[\s\"(«“\[]*$")
_ACRONYM = re.compile(r"[A-ZÀ-Þ][A-ZÀ-Þ0-9-]+")
_IN_BRACKETS = re.compile(r"\(([A-ZÀ-Þ][A-ZÀ-Þ0-9-]{1,11})\)")
_LONGEST_FULL_NAME = 12
_ARTICLE = re.compile(r"(?:\b(la|le|les|du|des|au|aux) |\b(?:de la |de |à la )?([ld])['’])$", re.IGNORECASE)
_ARTICLES = {"la": "la", "le": "le", "les": "les", "du": "le", "au": "le", "des": "les", "aux": "les"}


@dataclass(frozen=True)
class Signs:
    """What a sentence has that facts have, each as it stands there.

    Attributes:
        numbers: numbers, percentages and ranks that are no date.
        contacts: e-mail addresses and telephone numbers.
    """

    dates: tuple[str, ...]
    numbers: tuple[str, ...]
    names: tuple[str, ...]
    roles: tuple[str, ...]
    contacts: tuple[str, ...]

    @property
    def look_like_a_fact(self) -> bool:
        """Whether there is any."""
        return bool(self.dates or self.numbers or self.names or self.roles)


class Named(NamedTuple):
    """A name that may be a new subject: its article, its short and full forms, whether it is a person."""

    article: str
    name: str
    names: tuple[str, ...]
    person: bool


def signs_of(sentence: str) -> Signs:
    """Return what a sentence has that facts have."""
    contacts = [*_EMAIL.findall(sentence), *_PHONE.findall(sentence)]
    rest = sentence
    for contact in contacts:
        rest = rest.replace(contact, " ")
    dates = [found[0] for found in _DATE.finditer(rest)]
    numbers = [found[0] for found in _NUMBER.finditer(_DATE.sub(" ", rest))]
    return Signs(_once(dates), _once(numbers), _once(_names(rest)), _once(_ROLE.findall(rest)), _once(contacts))


def named_in(sentence: str) -> list[Named]:
    """Return the organisations (a full name with its acronym in brackets) and persons (with a role) of a sentence."""
    found = [named for bracket in _IN_BRACKETS.finditer(sentence) if (named := _organisation(sentence, bracket))]
    for name in _names(sentence):
        words = name.split()
        in_full = 2 <= len(words) <= 3 and all(word[0].isupper() and not _ACRONYM.fullmatch(word) for word in words)
        if in_full and not _ROLE.search(name) and _has_a_role(sentence, name):
            found.append(Named("", name, (name, words[-1]), True))
    return found


def _has_a_role(sentence: str, name: str) -> bool:
    """Return whether a role stands right before or behind a name: « Ana Roy, maire », « la maire, Ana Roy »."""
    before, _, behind = sentence.partition(name)
    return bool(_ROLE_BEHIND.match(behind) or _ROLE_BEFORE.search(before))


def _organisation(sentence: str, bracket: "re.Match[str]") -> Named | None:
    """Return the name before an acronym in brackets: from the word that begins as it does, behind an article."""
    before = sentence[: bracket.start()].rstrip()
    starts = [found for found in re.finditer(rf"\b{_WORD}", before)]
    starts = [start for start in starts if len(before[start.start() :].split()) <= _LONGEST_FULL_NAME]
    with_article = [start for start in starts if _ARTICLE.search(before[: start.start()])]
    alike = [start for start in with_article or starts if fold(start[0])[:1] == fold(bracket[1])[:1]]
    best = (alike or with_article[-1:] or starts[-1:])[:1]
    if not best:
        return None
    full = before[best[0].start() :]
    article = _article(before[: best[0].start()])
    opening = re.match(r"(La|Le|Les) (?=\w)", full)  # « Le cercle (CRC) », where nothing else has a capital
    if opening:
        article, full = opening[1].lower(), full[opening.end() :]
    return Named(article, bracket[1], (bracket[1], full), False)


def _article(before: str) -> str:
    found = _ARTICLE.search(before)
    return "" if not found else "l'" if found[2] else _ARTICLES[found[1].lower()]


def _names(sentence: str) -> Iterator[str]:
    """Yield acronyms, and words in capitals; one that begins a sentence is a name only with another behind it."""
    for found in _NAME.finditer(sentence):
        opening = _OPENING.match(found[0])
        name = found[0][opening.end() :] if opening else found[0]
        alone = " " not in name and not _ACRONYM.fullmatch(name)
        if name and not (alone and not opening and _BEGINS.search(sentence[: found.start()])):
            yield name


def _once(found: Iterator[str] | list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))
