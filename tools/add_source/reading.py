"""From the bytes of a document to its text: what is changed is said, what cannot be trusted is refused."""

import codecs
import re
from typing import NamedTuple

from yaml.reader import Reader

#: A communiqué has some 5 kB; what is larger is a report, of which the useful part is to be chosen by a person.
MOST_BYTES = 200_000

_FORMATS = {
    b"%PDF": "un PDF",
    b"PK\x03\x04": "un document Word ou LibreOffice (ou une archive)",
    b"\xd0\xcf\x11\xe0": "un ancien document Word",
    b"{\\rtf": "un document RTF",
}
_AS_TEXT = "ouvrez-le, copiez son texte dans un éditeur de texte simple et enregistrez-le en UTF-8"
_HTML = re.compile(r"<(?:!doctype|html|head|body|div|span|p|br|a|li|ul|h[1-6]|table|script)\b[^<>]*>", re.IGNORECASE)
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
#: UTF-8 that was read as Windows-1252: « Ã© » for « é », « â€™ » for an apostrophe.
_MOJIBAKE = re.compile("[ÃÂ][\u0080-\u00bf€-™Œœ-Ÿƒˆ˜]|â€")
_LINE_ENDS = re.compile("\r\n|[\r\f\v\x85\u2028\u2029]")


class UnreadableError(Exception):
    """A document that is refused; the message says why and what to do, in French."""


class Text(NamedTuple):
    """A document's text, its lines ended by line feeds, and what was done to get it, one sentence each."""

    text: str
    said: tuple[str, ...]


def read_text(content: bytes) -> Text:
    """Return the text of a document.

    Args:
        content: the file as it is, at most `MOST_BYTES` bytes.

    Raises:
        UnreadableError: it is empty, too large, no plain text, or in an encoding that is not recognised.
    """
    if len(content) > MOST_BYTES:
        problem = f"il a {len(content) // 1000} ko, il en faut au plus {MOST_BYTES // 1000}"
        raise UnreadableError(f"{problem} ; n'en gardez que la partie utile, ou coupez-le en plusieurs documents.")
    for beginning, name in _FORMATS.items():
        if content.startswith(beginning):
            raise UnreadableError(f"c'est {name}, et non un texte simple ; {_AS_TEXT}.")
    text, said = _decoded(content)
    if _MOJIBAKE.search(text):
        text = _repaired(text)
        said.append("Les accents étaient abîmés (« Ã© » pour « é ») : ils sont réparés dans la copie. Relisez-la.")
    if _LINE_ENDS.search(text):
        text = _LINE_ENDS.sub("\n", text)
        said.append("Les fins de ligne sont devenues celles du projet, dans la copie.")
    if not text.strip():
        raise UnreadableError("il est vide ; enregistrez-y le texte du document.")
    if len(_HTML.findall(text)) > 1:
        raise UnreadableError(f"c'est une page HTML, avec ses balises, et non un texte simple ; {_AS_TEXT}.")
    _check_characters(text)
    return Text(text, tuple(said))


def _decoded(content: bytes) -> tuple[str, list[str]]:
    encoding = _UTF_16.get(content[:2]) or _utf_16_without_mark(content)
    if encoding:
        try:
            return content.decode(encoding), ["Le fichier était en UTF-16 : la copie est en UTF-8."]
        except UnicodeDecodeError:
            raise UnreadableError(f"ce n'est pas un texte lisible ; {_AS_TEXT}.") from None
    if b"\0" in content:
        raise UnreadableError(f"ce n'est pas un texte simple, mais un autre genre de fichier ; {_AS_TEXT}.")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return _from_windows(content)
    if text.startswith("\ufeff"):
        return text[1:], ["Le fichier commençait par une marque d'UTF-8 (BOM) : la copie ne l'a pas."]
    return text, []


def _utf_16_without_mark(content: bytes) -> str | None:
    """Return the encoding of a text with a NUL at every second place."""
    half = len(content) // 2
    if half and content[1::2].count(0) > 0.7 * half:
        return "utf-16-le"
    return "utf-16-be" if half and content[::2].count(0) > 0.7 * half else None


def _from_windows(content: bytes) -> tuple[str, list[str]]:
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problem = f"son encodage n'est pas reconnu (ligne {line}) ; enregistrez-le en UTF-8"
        raise UnreadableError(f"{problem}, depuis un éditeur de texte simple.") from None
    return text, ["Le fichier était en Windows-1252 (Latin-1) : la copie est en UTF-8. Relisez-en les accents."]


def _repaired(text: str) -> str:
    for encoding in ("cp1252", "latin-1"):
        try:
            repaired = text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        if not _MOJIBAKE.search(repaired):
            return repaired
    found = _MOJIBAKE.search(text)
    line = text[: found.start() if found else 0].count("\n") + 1
    problem = f"des accents sont abîmés (« Ã© » pour « é »), les premiers à la ligne {line}"
    raise UnreadableError(f"{problem} ; copiez de nouveau le texte depuis le document, ou corrigez-les.")


def _check_characters(text: str) -> None:
    """Stop at a sign that no text has, and YAML neither: what stood there is lost, or this is no text."""
    for number, line in enumerate(text.split("\n"), 1):
        if "\ufffd" in line:
            problem = f"des lettres sont perdues (« \ufffd »), les premières à la ligne {number}"
            raise UnreadableError(f"{problem} ; copiez de nouveau le texte depuis le document.")
        if Reader.NON_PRINTABLE.search(line):
            raise UnreadableError(f"la ligne {number} a des signes qui ne sont pas du texte ; {_AS_TEXT}.")
