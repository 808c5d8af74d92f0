"""What a text costs as an SMS, and how the same is said in fewer segments."""

import re
import unicodedata
from collections.abc import Iterable

from assistant.dialogue.wording import source_line
from assistant.knowledge.records import Source

#: The letters and signs of GSM 03.38 that take one place, and those that take two. « Ç » is among them, « ç » is not.
_ONE = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWO = frozenset("^{}\\[~]|€")
_GSM = _ONE | _TWO
#: The places of an SMS of one segment, and of each of several.
_GSM_PLACES = (160, 153)
_UNICODE_PLACES = (70, 67)
#: Signs that say the same with those of GSM 03.38.
_SIGNS = {
    "« ": '"',
    " »": '"',
    "«": '"',
    "»": '"',
    "“": '"',
    "”": '"',
    "\u2019": "'",
    "…": "...",
    "–": "-",
    "—": "-",
    "\u00a0": " ",
    "\u202f": " ",
}
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
_LETTERS = {"œ": "oe", "Œ": "OE"}


def segments(text: str) -> int:
    """Return how many segments an SMS is sent in: each is paid for."""
    if _GSM.issuperset(text):
        places, (alone, each) = sum(2 if character in _TWO else 1 for character in text), _GSM_PLACES
    else:
        places, (alone, each) = len(text.encode("utf-16-le")) // 2, _UNICODE_PLACES
    return 1 if places <= alone else -(-places // each)


def brief(text: str, sources: Iterable[Source]) -> str:
    """Return what a text says in as few segments as it can be said without leaving out a word of the answer.

    The line of the source loses the title, which who asks for the source is told. One letter that GSM 03.38 lacks
    (ç, ê, ô, œ) more than halves the room of the whole SMS: such letters lose their accents where that saves segments.
    No é, è, à or ù is touched, and no text in a script that has other letters.
    """
    for source in sources:
        text = text.replace(source_line(source), source_line(source, titled=False))
    plain = text
    for sign, other in _SIGNS.items():
        plain = plain.replace(sign, other)
    bare = "".join(map(_bare, plain))
    # The longest comes first: `min` takes it where the others cost as much. An address is never written otherwise.
    same = [one for one in (text, plain, bare) if _ADDRESS.findall(one) == _ADDRESS.findall(text)]
    return min(same, key=segments)


def _bare(character: str) -> str:
    """Return a character without what GSM 03.38 lacks of it, as far as that can be."""
    if character in _GSM:
        return character
    decomposed = unicodedata.normalize("NFD", _LETTERS.get(character, character))
    return "".join(part for part in decomposed if not unicodedata.combining(part))
