"""From what the assistant says to what an app can show: parts within its limits, short titles, numbered lists."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.dialogue.records import Button
from assistant.dialogue.wording import SOURCE_LINE

#: Where a text may be cut, best first: between lines, between sentences, between words. Addresses hold no space.
_CUTS = (re.compile(r"\n+"), re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Þ«])"), re.compile(r"\s+"))
_ELLIPSIS = "…"


@dataclass(frozen=True)
class Said:
    """One thing that the assistant says.

    Attributes:
        text: the text; the last line of an answer names its source.
        choices: what may be chosen, in order.
    """

    text: str
    choices: tuple[Button, ...] = ()


def source_apart(text: str) -> tuple[str, str]:
    r"""Return a text without the line that names its source, and that line, or nothing.

    >>> source_apart("En 1990.\nSource : « Une page »")
    ('En 1990.', 'Source : « Une page »')
    """
    body, _, last = text.rpartition("\n")
    return (body, last) if body and last.startswith(SOURCE_LINE) else (text, "")


def parts(text: str, most: int) -> list[str]:
    """Return a text in parts of at most so many characters, cut where it hurts least; nothing is lost.

    >>> parts("Une phrase. Une autre.", 12)
    ['Une phrase.', 'Une autre.']
    """
    return list(_parts(text.strip(), most))


def _parts(text: str, most: int) -> Iterator[str]:
    while len(text) > most:
        end, begin = _cut(text, most)
        yield text[:end].rstrip()
        text = text[begin:].lstrip()  # the limit may stand within a run of blanks
    if text:
        yield text


def _cut(text: str, most: int) -> tuple[int, int]:
    """Return where the first part of a text ends, and where the next one begins."""
    for cut in _CUTS:
        found = [place for place in cut.finditer(text[: most + 1]) if 0 < place.start() <= most]
        if found:
            return found[-1].start(), found[-1].end()
    return most, most  # no word of ours is as long


def short_titles(titles: Sequence[str], most: int) -> list[str]:
    """Return titles of at most so many characters, each unlike the others.

    They are cut at a word, and told apart by their number where that leaves two alike.

    >>> short_titles(["Qu'est-ce que l'OIM ?", "Autre chose"], 15)
    ["Qu'est-ce que…", 'Autre chose']
    """
    short = [_short(title, most) for title in titles]
    return [
        _numbered(number, title, most) if short.count(short[number - 1]) > 1 else short[number - 1]
        for number, title in enumerate(titles, start=1)
    ]


def _numbered(number: int, title: str, most: int) -> str:
    mark = f"{number}. "
    return mark + _short(title, most - len(mark))


def _short(title: str, most: int) -> str:
    if len(title) <= most:
        return title
    end, _ = _cut(title[:most], most - len(_ELLIPSIS)) if " " in title[:most] else (most - len(_ELLIPSIS), 0)
    return title[:end].rstrip(" ,;:") + _ELLIPSIS


def numbered(said: Said) -> str:
    """Return a text with its choices as a numbered list, for apps without buttons: the number is the answer."""
    if not said.choices:
        return said.text
    lines = (f"{number}. {choice.title}" for number, choice in enumerate(said.choices, start=1))
    return "\n".join([said.text, *lines])


def full_titles(said: Said, short: Sequence[str]) -> str:
    """Return a text followed by the whole question of each choice whose title had to be shortened."""
    whole = [choice.title for choice, title in zip(said.choices, short, strict=True) if choice.title != title]
    return "\n".join([said.text, *(f"- {title}" for title in whole)])
