"""The sentences of a document, and what of it is none: menus, links to share it, headings of one word."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.french import fold
from assistant.knowledge.loader import same_passage

_END = re.compile(r"[.!?…]+[»”\"')\]]*(?=\s+[«“\"(\[–—-]*\s*[A-ZÀ-ÖØ-Þ0-9])")
#: What a full stop does not end: « M. », « Mme. », « art. », « J.-C. », an initial.
_ABBREVIATION = re.compile(
    r"(?:\b(?:MM?|Mr|Mme|Mlle|Dr|Pr|Me|Mgr|St|Ste|cf|ex|art|al|p|pp|vol|no|n°|nᵒ|env|av|apr|janv|févr|avr|juill|sept|oct|"
    r"nov|déc|tél|adr|bd|min|max)|(?<!\w)[A-ZÀ-Þ](?:\.-?[A-ZÀ-Þ])*)\.$"
)
#: What stays together: a quotation with who said it, a remark in brackets.
_TOGETHER = re.compile(r"«[^«»]*»|“[^“”]*”|\([^()]*\)")
_SENTENCE_END = re.compile(r"[.!?…][»”\"')\]\s]*$")
#: Behind such an end of a line, the sentence goes on in the next.
_GOES_ON = re.compile(
    r"(?:[,;:(]|\b(?:le|la|les|de|du|des|à|au|aux|et|ou|en|par|pour|sur|dans|un|une|que|qui|[ldcsnjm]'))$"
)
_ITEM = re.compile(r"^(?:[-–—•*·▪]|\d+[.)])(?:\s+|$)")
#: How long the lines are of a paragraph that was broken into lines of one width.
_BROKEN = range(45, 121)
_FEWEST_WORDS = 5
#: Letters of a sentence: what is longer is a table or noise, and no quote.
_LONGEST = 2000
#: How far back an abbreviation may begin.
_BACK = 20
_OF_THE_PAGE = re.compile(
    r"\b(?:partager|partagez|imprimer|cookies?|newsletter|abonnez vous|suivez nous|facebook|twitter|linkedin|whatsapp|"
    r"instagram|youtube|lire aussi|en savoir plus|haut de page|plan du site|mentions legales|tous droits reserves|"
    r"se connecter|rechercher|copier le lien)\b"
)
_MOST_WORDS_OF_LINKS = 12


class Document(NamedTuple):
    """The sentences of a document, in order, word for word but for white space, and what was left out of it."""

    sentences: tuple[str, ...]
    left_out: tuple[str, ...]


def read_document(text: str) -> Document:
    """Return the sentences of a text; lines without a sentence (menus, links, short headings) are left out."""
    kept: list[str] = []
    left_out: list[str] = []
    for paragraph in _paragraphs(text):
        if _is_noise(paragraph):
            left_out.append(paragraph)
            continue
        for sentence in split(paragraph):
            (kept if len(sentence) <= _LONGEST else left_out).append(sentence)
    return Document(tuple(dict.fromkeys(kept)), tuple(left_out))


def split(paragraph: str) -> list[str]:
    """Return the sentences of a paragraph.

    >>> split("M. J. Roy est venu. « Merci. À vous », dit-il. Il y a 1.5 pt.")
    ['M. J. Roy est venu.', '« Merci. À vous », dit-il.', 'Il y a 1.5 pt.']
    """
    together = [found.span() for found in _TOGETHER.finditer(paragraph)]
    found, start = [], 0
    for end in _END.finditer(paragraph):
        inside = any(first < end.start() and end.end() < last for first, last in together)
        if not inside and not _ABBREVIATION.search(paragraph, max(start, end.end() - _BACK), end.end()):
            found.append(paragraph[start : end.end()].strip())
            start = end.end()
    return [sentence for sentence in (*found, paragraph[start:].strip()) if sentence]


def _paragraphs(text: str) -> Iterator[str]:
    """Yield what stands on a line, or goes on over several, as one line."""
    for block in re.split(r"\n\s*\n", text):
        lines = [same_passage(line) for line in block.split("\n")]
        lines = [_without_label(line, before) for line, before in zip(lines, ["", *lines], strict=False) if line]
        yield from [same_passage(" ".join(lines))] if _is_broken(lines) else _joined(lines)


def _is_broken(lines: Sequence[str]) -> bool:
    """Return whether a paragraph was broken into lines of one width."""
    return len(lines) > 1 and all(len(line) in _BROKEN and not _ITEM.match(line) for line in lines[:-1])


def _joined(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines; one that goes on in the next, with it."""
    pending = ""
    for line in lines:
        goes_on = pending and not _SENTENCE_END.search(pending) and (line[0].islower() or _GOES_ON.search(pending))
        if pending and not goes_on:
            yield pending
            pending = ""
        pending = f"{pending} {line}".strip()
    if pending:
        yield pending


def _without_label(line: str, before: str) -> str:
    """Return a line without the menu's label, the line before, that some pages glue to its front."""
    rest = line[len(before) :]
    return rest if before and line.startswith(before) and rest[:1].isupper() else line


def _is_noise(paragraph: str) -> bool:
    """Return whether a paragraph is a menu entry, links to share, or too short for a statement."""
    folded = fold(paragraph)
    words = folded.split()
    if _OF_THE_PAGE.search(folded) and len(words) <= _MOST_WORDS_OF_LINKS:
        return True
    if _SENTENCE_END.search(paragraph) or "@" in paragraph:
        return not words
    return bool(_ITEM.match(paragraph)) or len(words) < _FEWEST_WORDS
