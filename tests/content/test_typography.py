"""What visitors read is typed alike everywhere: straight apostrophes, plain spaces, accents on capitals."""

import re
from collections.abc import Iterator

import pytest

from channels.texts import TEXTS
from tests.content.corpus import knowledge, responses, statements

#: Languages of responses that the French rules are not for.
FOREIGN = re.compile(r"_(?:es|en|pt|ar|ht|autre)$")
#: Capitals that lack their accent: « Etat », « Etes-vous », « A qui », « Ca ».
BARE_CAPITAL = re.compile(
    r"\bE(?:tats?|t[ée]s?|tiez|taient|tait|tant|tudi\w*|tude\w*|tran\w*|cri\w*|col\w*|gal\w*|quip\w*|valu\w*|conom\w*|"
    r"dit\w*|lect\w*|lev\w*|poqu\w*|tape\w*|v[ée]n\w*|tre|mi\w*)\b|(?<![\w'])A(?= )|\bCa(?= )|"
    r"\bOu(?= (?:est|se |sont|puis|l'))|\bOEuvr\w*"
)


def french() -> Iterator[tuple[str, str]]:
    """Yield what visitors read in French, with the place that it stands in."""
    known = knowledge()
    for fact in statements(known):
        yield f"{fact.id} question", fact.question
        yield f"{fact.id} reponse", fact.answer
    for subject in known.subjects.values():
        yield f"subject {subject.id}", subject.name
    for unknown in known.unknowns.values():
        yield f"unknown {unknown.id}", unknown.label
    for other in known.other_names.values():
        yield f"other name {other.name}", other.name
    for contact in known.contacts:
        yield f"contact {contact.id}", f"{contact.name} {contact.role} {contact.office}"
    for source in known.sources.values():
        yield f"source {source.id}", f"{source.title} {source.publisher}"
    for service in known.emergency_services:
        yield f"service {service.name}", service.name
    for name, text in TEXTS.items():
        yield f"channels/textes.yml {name}", text
    for response, variants in responses().items():
        if not FOREIGN.search(response):
            yield from ((response, text) for text in variants)


def foreign() -> Iterator[tuple[str, str]]:
    for response, variants in responses().items():
        if FOREIGN.search(response):
            yield from ((response, text) for text in variants)


def ids(texts: Iterator[tuple[str, str]]) -> list[str]:
    return [place for place, _ in texts]


ALL = pytest.mark.parametrize(
    "text", [text for _, text in [*french(), *foreign()]], ids=[*ids(french()), *ids(foreign())]
)
FRENCH = pytest.mark.parametrize("text", [text for _, text in french()], ids=ids(french()))


@ALL
def test_apostrophes_are_straight(text: str) -> None:
    assert not re.search("[\u2018\u2019\u02bc\u00b4`\u2032]", text)


@ALL
def test_spaces_are_plain(text: str) -> None:
    assert not re.search("[^\\S \n]|[\u200b-\u200f\u2060\ufeff\u00ad]", text)


@FRENCH
def test_capitals_have_their_accents(text: str) -> None:
    assert not BARE_CAPITAL.search(text)


@FRENCH
def test_a_space_stands_before_double_punctuation(text: str) -> None:
    """« ? », « ! », « ; » and « : » follow a space in French (addresses aside)."""
    assert not re.search(r"[^\s?!][?!;]|[^\s]:(?!//)", text)
