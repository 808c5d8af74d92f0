"""Small pure functions for French: folding for comparison, contractions, lists."""

import re
import unicodedata

from babel import Locale

#: The French names of countries and territories by their two ISO 3166 letters.
COUNTRIES: dict[str, str] = {
    code: name
    for code, name in Locale("fr").territories.items()
    if len(code) == 2 and code.isalpha() and code not in {"UN", "EU", "EZ", "ZZ", "XA", "XB", "QO"}
}
_APOSTROPHES = re.compile("[\u2019\u02bc\u2018\u00b4`]")
_NOT_WORD = re.compile(r"[^\w]+")


def straight_apostrophes(text: str) -> str:
    """Return the text with typographic apostrophes made straight."""
    return _APOSTROPHES.sub("'", text)


def fold(text: str) -> str:
    """Return the text for comparison: lower case, no accents, words parted by single spaces.

    >>> fold("L\u2019OCAM, où ?")
    'l ocam ou'
    """
    decomposed = unicodedata.normalize("NFKD", straight_apostrophes(text).lower().replace("œ", "oe"))
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _NOT_WORD.sub(" ", bare).strip()


def of(article: str, name: str) -> str:
    """Return « de » before a name with its article: « de l'OIM », « du projet », « des femmes », « d'Alba ».

    Args:
        article: `l'`, `le`, `la`, `les` or empty for a name without one.
        name: the name, without its article.
    """
    if article == "le":
        return f"du {name}"
    if article == "les":
        return f"des {name}"
    if article == "la":
        return f"de la {name}"
    if article == "l'":
        return f"de l'{name}"
    return f"d'{name}" if fold(name)[:1] in set("aeiouh") else f"de {name}"


def with_article(article: str, name: str) -> str:
    """Return a name behind its article: « l'OIM », « le SICA », « INTERPOL »."""
    if not article or article == "l'":
        return article + name
    return f"{article} {name}"


def split_article(phrase: str) -> tuple[str, str]:
    """Return the article of a name (empty if it has none) and the name: the inverse of `with_article`."""
    if phrase.startswith("l'"):
        return "l'", phrase[2:]
    first, _, rest = phrase.partition(" ")
    return (first, rest) if first in {"le", "la", "les"} else ("", phrase)
