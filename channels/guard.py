"""What every channel applies to a message before Rasa, a store or a log sees it. Pure functions."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from channels.texts import TEXTS

MAX_LENGTH = 500
#: What nobody can type usefully is cut before anything is looked for in it.
_MAX_READ = 10_000

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_YEAR = re.compile(r"(?:19|20)\d\d")
#: Digits in groups: telephone, social security, bank and identity numbers.
_DIGIT_GROUPS = re.compile(r"(?<!\w)\+?\(?\d+\)?(?:[ .\-\u00a0\u202f]{1,2}\(?\d+\)?)*(?!\w)")
#: Letters and digits mixed: passports, residence permits, IBAN.
_DOCUMENT = re.compile(r"(?<!\w)(?=(?:[A-Za-z]*\d){4})(?=\d*[A-Za-z])[A-Za-z0-9]{7,34}(?!\w)")
_IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]{4}){3,7}(?: ?[A-Za-z0-9]{1,3})?(?!\w)")
_FEWEST_DIGITS = 7
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
        for character in unicodedata.normalize("NFC", text)
        if character.isspace() or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    return " ".join("".join(visible).split())


def mask(text: str, spared: Collection[str] = ()) -> str:
    """Return a text with e-mail addresses, and telephone, document and account numbers masked.

    Years stay, alone or several; so does what the knowledge holds.
    """
    kept = {_bare(item) for item in spared}

    def hide(placeholder: str, found: re.Match[str]) -> str:
        return found[0] if _bare(found[0]) in kept else placeholder

    def hide_digits(found: re.Match[str]) -> str:
        groups = re.findall(r"\d+", found[0])
        few = sum(map(len, groups)) < _FEWEST_DIGITS
        years = not found[0].startswith("+") and all(_YEAR.fullmatch(group) for group in groups)
        return found[0] if few or years else hide(TEXTS["numero_masque"], found)

    text = _EMAIL.sub(lambda found: hide(TEXTS["adresse_masquee"], found), text)
    text = _IBAN.sub(lambda found: hide(TEXTS["numero_masque"], found), text)
    text = _DOCUMENT.sub(lambda found: hide(TEXTS["numero_masque"], found), text)
    return _DIGIT_GROUPS.sub(hide_digits, text)


def _bare(item: str) -> str:
    """Return an address or number as it is compared: lower case, without separators."""
    return re.sub(r"[\s().\-\u00a0\u202f]+", "", item.lower())
