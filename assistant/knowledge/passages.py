"""The passages of the sources: their sentences, word for word, without the menus and headings of a web page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: A passage has at least this many words, and at most this many characters: less is a heading, more is no sentence.
LEAST_WORDS = 6
MOST_CHARACTERS = 600
#: What ends a sentence; a colon or semicolon leaves one open, and a question states nothing.
_END = re.compile(r"[.!\u2026][\u00bb\")\u2019]*$|[.!\u2026]\s\u00bb$")
#: What begins a sentence that only the one before it explains; « Il faut » is none of them.
_LEANS = re.compile(
    r"(?:Il (?!faut|y a|existe|s['\u2019]agit|est (?:interdit|possible|obligatoire|n\u00e9cessaire|conseill\u00e9))|"
    r"(?:Elle|Ils|Elles|Celui|Celle|Ceux|Celles|Cela|\u00c7a)\b)"
)
#: Where one may end inside a paragraph: not behind an initial or an abbreviation, and not inside « ... ».
_BREAK = re.compile(
    r"(?:(?<=[.!?\u2026])|(?<=[.!?\u2026]\u00bb)|(?<=[.!?\u2026]\s\u00bb))"
    r"(?<![\s.][A-Z]\.)(?<!\bM\.)(?<!\bMM\.)(?<!\bDr\.)(?<!\bSt\.)(?<!\bart\.)(?<!\bcf\.)(?<!\bex\.)(?<!\benv\.)"
    r"(?<!\bt\u00e9l\.)(?<!\bn\.)(?<!\bp\.)\s+(?=[A-Z\u00c0-\u00de\u0152\u00ab\"(0-9])"
)


@dataclass(frozen=True)
class Passage:
    """A sentence of a source.

    Attributes:
        source: the id of its source.
        position: how many sentences of that source stand before it.
        text: the sentence, word for word, line breaks as spaces.
        stated: whether a fact or a contact quotes of it: who asks for that is answered, or refused, by what was taught.
    """

    source: str
    position: int
    text: str
    stated: bool = False

    def says(self, quote: str) -> bool:
        """Return whether a quote stands in it, or it in the quote; line breaks are spaces."""
        quoted = " ".join(quote.split())
        return quoted in self.text or self.text in quoted


def sentences(text: str) -> tuple[str, ...]:
    r"""Return the sentences of a document: not its headings, menu entries, list items and what is left open.

    >>> sentences("Accueil\nAccueilLe club compte douze membres\ndepuis 2001. Il est à Lyon.")
    ('Le club compte douze membres depuis 2001.',)
    """
    return tuple(filter(_is_whole, (sentence for paragraph in _paragraphs(text) for sentence in _split(paragraph))))


def _is_whole(sentence: str) -> bool:
    """Return whether a text is a sentence that says something by itself."""
    closed = sentence.count("\u00ab") == sentence.count("\u00bb")
    long_enough = len(sentence.split()) >= LEAST_WORDS and len(sentence) <= MOST_CHARACTERS
    return bool(_END.search(sentence)) and not _LEANS.match(sentence) and closed and long_enough


def _paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs: a line that goes on in lower case is one with the line before it."""
    paragraph = heading = ""
    for line in (" ".join(line.split()) for line in text.splitlines()):
        if paragraph and line[:1].islower() and not _END.search(paragraph):
            paragraph = f"{paragraph} {line}"
            continue
        if paragraph:
            yield paragraph
        # « NotreNotre travail » and « Notre travailEn tant que ... »: a page repeats its heading without a space.
        glued = heading and line.startswith(heading) and line[len(heading) : len(heading) + 1].isupper()
        paragraph = line[len(heading) :] if glued else line
        heading = line
    if paragraph:
        yield paragraph


def _split(paragraph: str) -> Iterator[str]:
    """Yield the sentences of a paragraph; what somebody said, between « and », stays whole."""
    start = 0
    for found in _BREAK.finditer(paragraph):
        if paragraph.count("\u00ab", start, found.start()) == paragraph.count("\u00bb", start, found.start()):
            yield paragraph[start : found.start()]
            start = found.end()
    yield paragraph[start:]
