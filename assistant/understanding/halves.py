"""A message that may hold two questions, cut in two: « Quand l'OCAM a-t-elle été créée, et par qui ? »."""

import re

#: How many places a message may be cut at: longer ones tell a story, their last places count.
MOST_CUTS = 6

_LINK = r"(?:et|puis|é|&|\+|plus|ainsi que|mais aussi)"
_ADDS = r"(?:\s+(?:aussi|puis|ensuite|sinon|enfin|alors|également|surtout|en plus|par ailleurs|au passage))?"
#: Where a second question may begin: behind a mark, or behind a word that adds something.
_CUT = re.compile(
    rf"\s*(?:[?!;]+|\.(?=\s)|,|:(?=\s)|\s[-–]\s)\s*(?:{_LINK}{_ADDS}\b\s*,?|(?:ensuite|sinon|enfin|aussi)\b\s*,?)?"
    rf"|\s+{_LINK}{_ADDS}(?=\s)|\s+(?:ensuite|sinon)(?=\s)",
    re.IGNORECASE,
)
_ASKING = (
    r"(?:(?:à la demande de|de|par|pour|depuis|en|dans|à|avec)\s+)?"
    r"(?:quand|où|ou|qui|quoi|pourquoi|pk|comment|combien|kan|ki|(?:quel|kel)(?:le)?s?\s+\w+)"
)
#: « Quand et où l'OCAM a-t-elle été créée ? »: both question words ask about the same words.
_TWO_ASKED = re.compile(
    rf"^(?P<one>{_ASKING})\s*(?:,|\s{_LINK})\s*(?P<other>{_ASKING})\s+(?P<rest>.+\s.+)$", re.IGNORECASE
)


def halves(text: str) -> tuple[tuple[str, str], ...]:
    """Return the ways to cut a message into two questions; whether it holds two is for others to decide.

    >>> halves("Quand et où l'OCAM est-elle née ?")[0]
    ("Quand l'OCAM est-elle née ?", "où l'OCAM est-elle née ?")
    >>> halves("C'est quoi le SICA ? Et qui est M. Pisani ?")
    (("C'est quoi le SICA ?", 'qui est M. Pisani ?'), ("C'est quoi le SICA ? Et qui est M", 'Pisani ?'))
    """
    found = []
    asked = _TWO_ASKED.match(text)
    if asked:
        found.append((f"{asked['one']} {asked['rest']}", f"{asked['other']} {asked['rest']}"))
    for cut in list(_CUT.finditer(text))[-MOST_CUTS:]:
        mark = "?" if "?" in cut[0] else ""
        first, second = f"{text[: cut.start()].strip()} {mark}".strip(), text[cut.end() :].strip(" ,")
        if re.search(r"\w", first) and re.search(r"\w", second):
            found.append((first, second))
    return tuple(found)
