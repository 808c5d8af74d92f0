"""What every channel applies to a message before Rasa, a store or a log sees it. Pure functions."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from channels.texts import TEXTS

MAX_LENGTH = 500
#: What nobody can type usefully is cut before anything is looked for in it.
_MAX_READ = 10_000

_EMAIL = re.compile(
    r"([\w.+-]+ ?(?:@|\((?i:at|arobase)\)|\[(?i:at)\]|(?<= )(?i:arobase)(?= )) ?"
    r"[\w-]+(?:(?: ?\.| point )(?! [A-ZÀ-Þ]) ?[\w-]+)+)",
)
#: Digits with what people put between them: telephone, social security, bank and identity numbers.
_DIGITS = re.compile(r"(?<!\d)[+(]{0,2}\d(?:[\W_]{0,3}\d)+\)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
#: « 2 500 000 »: an amount, no identity.
_ROUND = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})*[ \u00a0\u202f]000")
#: Letters and digits mixed: passports and residence permits, French passports, social security of Corsica, IBAN.
_DOCUMENTS = re.compile(
    r"(?<!\w)(?:(?=(?:[A-Za-z]*\d){4})(?=\d*[A-Za-z])[A-Za-z0-9]{7,34}|\d{2} ?[A-Za-z]{2} ?\d{5}"
    r"|[12] ?\d{2} ?\d{2} ?2[ABab](?: ?\d{3}){2}(?: ?\d{2})?"
    r"|[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]{4}){3,7}(?: ?[A-Za-z0-9]{1,3})?)(?!\w)"
)
#: A shorter number is one of a document where the document is named before it.
_NAMED_DOCUMENT = re.compile(
    r"(?i)(\b(?:passeport|passport|pasaporte|carte d'identité|titre de séjour|récépissé|matricule|dui|dpi)\b\D{0,15})"
    r"[A-Za-z]{0,3}\d[\d ]{3,}"
)
_FEWEST_DIGITS = 7
#: Unicode categories that show nothing: control, format, surrogate, private use; and letters that are blank.
_INVISIBLE = {"Cc", "Cf", "Cs", "Co"}
_BLANK_LETTERS = set("\u115f\u1160\u2800\u3164\uffa0")
#: A payload that nobody offered: only its word is read, so that no id in it is taken for a question.
_NOT_OFFERED = re.compile(r"^/\s*(\w*)\s*\{.*$")


@dataclass(frozen=True)
class Passed:
    """A message that Rasa may see."""

    text: str


@dataclass(frozen=True)
class Stopped:
    """A message that goes no further, and what is said instead."""

    reply: str


def guard(
    text: object, offered: Collection[str] = (), spared: Collection[str] = (), commands: Collection[str] = ()
) -> Passed | Stopped:
    """Return what Rasa may see of a message.

    Args:
        text: what came in; anything but a text counts as empty.
        offered: payloads of the buttons that this conversation was offered: they pass as they are.
        spared: addresses and numbers that the knowledge holds: they are not masked.
        commands: commands that this channel lets through, such as `/pourquoi` in the shell.
    """
    if not isinstance(text, str):
        return Stopped(TEXTS["vide"])
    if text in offered or text.strip() in commands:
        return Passed(text.strip())
    if len(text) > _MAX_READ:
        return Stopped(TEXTS["trop_long"].format(maximum=MAX_LENGTH))
    readable = _NOT_OFFERED.sub(r"\1", clean(text)).lstrip("/ ")
    if not readable:
        return Stopped(TEXTS["vide"])
    if len(readable) > MAX_LENGTH:
        return Stopped(TEXTS["trop_long"].format(maximum=MAX_LENGTH))
    return Passed(mask(readable, spared))


def clean(text: str) -> str:
    """Return a text without control, invisible and direction characters, each run of blanks made one space."""
    visible = (
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", text.replace("\uff20", "@"))
        if character.isspace() or not _is_invisible(character)
    )
    return " ".join("".join(visible).split())


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in _INVISIBLE or character in _BLANK_LETTERS


def mask(text: str, spared: Collection[str] = ()) -> str:
    """Return a text with e-mail addresses, and telephone, document and account numbers masked.

    Years stay, alone or several, and so do round amounts and what the knowledge holds.
    """
    kept = {_bare(item) for item in spared}

    def hide(found: re.Match[str]) -> str:
        return found[0] if _bare(found[0]) in kept else TEXTS["numero_masque"]

    def hide_digits(found: re.Match[str]) -> str:
        groups = re.findall(r"\d+", found[0])
        few = sum(map(len, groups)) < _FEWEST_DIGITS
        years = not found[0].startswith("+") and groups == sorted(filter(_YEAR.fullmatch, groups))
        return found[0] if few or years or _ROUND.fullmatch(found[0]) else hide(found)

    parts = _EMAIL.split(text)  # addresses stand at the odd places
    for number, part in enumerate(parts):
        if number % 2 == 0:
            named = _NAMED_DOCUMENT.sub(rf"\g<1>{TEXTS['numero_masque']}", part)
            parts[number] = _DIGITS.sub(hide_digits, _DOCUMENTS.sub(hide, named))
        elif _bare(part) not in kept:
            parts[number] = TEXTS["adresse_masquee"]
    return "".join(parts)


def _bare(item: str) -> str:
    """Return an address or number as it is compared: lower case, without separators."""
    return re.sub(r"[\s().\-\u00a0\u202f]+", "", item.lower())
