"""A choice told by its place: « 2 », « le deuxième », « la dernière »."""

import re
from collections.abc import Sequence

from assistant.french import fold

_PLACES = (
    r"1|1ere?|un|une|premiere?",
    r"2|2e|2eme|deux|deuxieme|seconde?",
    r"3|3e|3eme|trois|troisieme",
    r"4|4e|4eme|quatre|quatrieme",
)
_TOLD = re.compile(
    r"(?:et |alors |donc |bon |ok |oui |plutot |je (?:veux|prends|choisis) |ce serait |c est )*"
    r"(?:(?:la|le|l|numero|n|no|num|choix|option|question|reponse|celle|celui) ?)*"
    + "(?:"
    + "|".join(f"(?P<p{number}>{place})" for number, place in enumerate(_PLACES))
    + r"|(?P<last>derniere?))(?: (?:question|choix|option|svp|merci|s il vous plait|la))*"
)


def offer_taken_up(text: str, offered: Sequence[str]) -> str | None:
    """Return which of the things offered a message means, or None if it means none by its place.

    >>> offer_taken_up("la deuxième, merci", ["oim.role", "ocam.role"])
    'ocam.role'
    """
    told = _TOLD.fullmatch(fold(text))
    if not told or not offered:
        return None
    if told["last"]:
        return offered[-1]
    place = next(number for number in range(len(_PLACES)) if told[f"p{number}"])
    return offered[place] if place < len(offered) else None
