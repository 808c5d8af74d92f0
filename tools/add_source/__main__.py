"""`python -m tools.add_source`: add a document, prepare its facts as a draft, and put a finished draft online."""

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError
from tabulate import tabulate

from assistant.french import straight_apostrophes
from assistant.knowledge.base import Knowledge
from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.loader import knowledge_version, load_knowledge, same_passage
from assistant.knowledge.records import Source
from assistant.settings import ROOT
from assistant.understanding.mentions import MentionFinder
from tools.add_source.drafts import draft_of, slug, text_of
from tools.add_source.publishing import IncompleteError, draft_path, ready
from tools.add_source.reading import MOST_BYTES, Text, UnreadableError, read_text
from tools.add_source.sentences import Document, read_document
from tools.add_source.touched import Touched, names_no_longer_unknown, touched
from tools.add_source.writing import appended, write_all
from tools.lint_faq.content import read_responses

_DESCRIPTION = """\
Ajoute un document : le copie dans knowledge/sources, le décrit dans knowledge/sources.yml, et prépare un brouillon des
faits qu'il semble contenir, à compléter dans knowledge/brouillons. Avec --publier, vérifie un brouillon complété et met
ses faits en ligne. Le guide (docs/guide-redaction.md, « Ajouter une source ») montre chaque étape.
"""
SOURCES = Path("knowledge", "sources.yml")
_LONGEST_ID = 40
_LONGEST_TITLE = 200
_SHOWN = (28, 30, 52)
#: What the ready-made responses say while there is one source only.
_ONE_PAGE = re.compile(r"\b(?:une|seule|la) page\b")


class RefusedError(Exception):
    """A document that is not added; the message says why and what to do, in French."""


class Given(NamedTuple):
    """What is said of a document by who adds it; nothing of it is made up."""

    title: str
    publisher: str
    language: str
    address: str | None
    date: str | None


def main(root: Path = ROOT) -> int:
    """Do what was asked for; return the exit code."""
    options = _options()
    try:
        if bool(options.fichier) == bool(options.publier):
            raise RefusedError('Donnez un document (FILE=communique.txt), ou un brouillon (ARGS="--publier …").')
        return publish(root, options.publier) if options.publier else add(root, options)
    except (RefusedError, UnreadableError, KnowledgeError) as error:
        print(_short(str(error), root), file=sys.stderr)
    except OSError as error:
        print(f"{error.filename or 'Un fichier'} : {error.strerror}. Rien n'a changé.", file=sys.stderr)
    except (KeyboardInterrupt, EOFError):
        print("\nInterrompu. Rien n'a changé.", file=sys.stderr)
    return 1


def add(root: Path, options: argparse.Namespace) -> int:
    """Copy a document in, describe it, write the draft of its facts, and say what it touches; return the exit code.

    Raises:
        RefusedError, UnreadableError: the document is not added, and nothing has changed.
        KnowledgeError: the knowledge of today, or what it would become, cannot be read.
    """
    path = Path(options.fichier)
    text = _read(path)
    knowledge = load_knowledge(root / "knowledge")
    _check_new(root, knowledge, text.text)
    document = read_document(text.text)
    given = _given(options, document)
    source = _source(root, knowledge, given, path)
    finder = MentionFinder(knowledge)
    touches = touched(document.sentences, knowledge, finder)
    draft = draft_of(source, document.sentences, knowledge, finder, touches)
    row = source.dict(by_alias=True, exclude_unset=True)
    write_all(
        {
            root / "knowledge" / source.file: text.text,
            root / draft_path(source.id): text_of(draft),
            root / SOURCES: appended(root / SOURCES, "sources", [row]),  # last: it is what makes the document known
        }
    )
    print(*text.said, *_added(source, draft_path(source.id)), sep="\n")
    kept = len([proposal for proposal in draft.proposals if proposal.kept])
    picked = f"{_counted(len(draft.proposals), 'phrase ressemble à un fait', 'phrases ressemblent à des faits')}"
    print(f"\n{picked}, dont {kept} à garder d'après ce qui est déjà su.")
    unpicked = _counted(len(draft.unpicked), "autre phrase", "autres phrases")
    lines = _counted(len(document.left_out), "ligne sans phrase", "lignes sans phrase")
    print(f"Laissé de côté : {unpicked} (à la fin du brouillon) ; {lines} (menus, liens, titres courts).")
    if draft.contacts:
        print(f"{_counted(len(draft.contacts), 'contact possible', 'contacts possibles')}, à la fin du brouillon.")
    print(
        *_touched_lines(touches),
        *_no_longer_true(root, names_no_longer_unknown(document.sentences, knowledge, finder)),
        sep="\n",
    )
    print(f'\nComplétez {draft_path(source.id)}, puis : make source ARGS="--publier {source.id}"')
    return 0


def publish(root: Path, topic: str) -> int:
    """Put the facts of a finished draft online; return the exit code.

    Raises:
        RefusedError: there is no such draft.
        KnowledgeError: the draft, or what is there, cannot be read.
        OSError: a file could not be written; nothing has changed.
    """
    name = topic.removesuffix(".yml").rsplit("/", maxsplit=1)[-1]
    if not (root / draft_path(name)).is_file():
        drafts = sorted(path.stem for path in (root / draft_path(name)).parent.glob("*.yml"))
        there = f"il y a : {', '.join(drafts)}" if drafts else "il n'y en a aucun ; commencez par make source FILE=…"
        raise RefusedError(f"Le brouillon « {name} » n'existe pas ; {there}.")
    try:
        checked = ready(root, name)
    except IncompleteError as error:
        print(error)
        count = _counted(len(error.findings), "chose", "choses")
        print(f"Rien n'a changé : {count} à corriger dans le brouillon.", file=sys.stderr)
        return 1
    write_all({root / file: text for file, text in checked.files.items()})
    written = [file.as_posix() for file, text in checked.files.items() if text is not None]
    print(f"{_counted(len(checked.facts), 'fait en ligne', 'faits en ligne')} : {', '.join(checked.facts)}.")
    print(f"Fichiers écrits : {', '.join(written)}. Le brouillon est retiré.")
    print(f"Connaissances : version {knowledge_version(root / 'knowledge')}.")
    print("Pour que l'assistant comprenne les questions : make train. Puis essayez : make shell.")
    return 0


def _read(path: Path) -> Text:
    """Return the text of a file.

    Raises:
        RefusedError: it cannot be read.
        UnreadableError: it is no text.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        size = path.stat().st_size
    except OSError as error:
        raise RefusedError(f"{path} ne peut pas être lu ({error.strerror}) ; vérifiez le nom du fichier.") from None
    if size > MOST_BYTES:
        problem = f"il a {size // 1000} ko, il en faut au plus {MOST_BYTES // 1000}"
        raise RefusedError(f"{path} : {problem} ; n'en gardez que la partie utile, ou coupez-le en plusieurs.")
    try:
        return read_text(content)
    except UnreadableError as error:
        raise RefusedError(f"{path} : {error}") from None


def _check_new(root: Path, knowledge: Knowledge, text: str) -> None:
    """Stop at a document that is there already.

    Raises:
        RefusedError: it is.
    """
    for source in knowledge.sources.values():
        if same_passage((root / "knowledge" / source.file).read_text("utf-8")) == same_passage(text):
            raise RefusedError(f"Ce texte est déjà là : c'est la source « {source.id} » (knowledge/{source.file}).")


def _given(options: argparse.Namespace, document: Document) -> Given:
    """Return what is said of a document, on the command line or, where somebody is there to answer, when asked.

    Raises:
        RefusedError: what must be known is not.
    """
    first = next((line for line in document.sentences if len(line) <= _LONGEST_TITLE), "")
    asks = sys.stdin.isatty() and sys.stdout.isatty()
    title, publisher = options.titre, options.editeur
    address, date = options.adresse, options.date
    if asks:
        title = title or _asked("Titre", first)
        while not publisher:
            publisher = _asked("Éditeur (qui publie ce document)")
        address = address or _asked("Adresse de la page (Entrée si inconnue)")
        date = date or _asked("Date du document (Entrée si inconnue)")
    if not publisher:
        raise RefusedError("Qui publie ce document ? Ajoutez par exemple ARGS=\"--editeur 'site de la ville'\".")
    if address and not re.fullmatch(r"https?://[^\s/]+\.\S+", address):
        raise RefusedError(f"« {address} » n'est pas l'adresse d'une page (https://…).")
    if not re.fullmatch(r"[a-z]{2}", options.langue):
        raise RefusedError(f"« {options.langue} » n'est pas une langue en deux lettres, comme fr.")
    title = title or first
    if not title:
        raise RefusedError("Ce document n'a pas de phrase qui en soit le titre ; ajoutez ARGS=\"--titre '…'\".")
    return Given(title, publisher, options.langue, address or None, date or None)


def _asked(question: str, default: str = "") -> str:
    shown = f" [{default}]" if default else ""
    return same_passage(input(f"{question}{shown} : ")) or default


def _source(root: Path, knowledge: Knowledge, given: Given, path: Path) -> Source:
    """Return the record of a new document, under an id that nothing has yet.

    Raises:
        RefusedError: what was said of it cannot be shown to visitors.
    """
    whole = slug(path.stem, "-") or slug(given.title, "-") or "document"
    name = whole if len(whole) <= _LONGEST_ID else whole[: _LONGEST_ID + 1].rpartition("-")[0] or whole[:_LONGEST_ID]
    source_id, number = name, 1
    while source_id in knowledge.sources or any(file.exists() for file in _files_of(root, source_id)):
        number += 1
        source_id = f"{name}-{number}"
    said = {"titre": given.title, "editeur": given.publisher, "langue": given.language}
    said |= {key: value for key, value in (("adresse", given.address), ("date", given.date)) if value}
    row = {key: same_passage(straight_apostrophes(value)) for key, value in said.items()}
    try:
        return Source.parse_obj({"id": source_id, **row, "fichier": f"sources/{source_id}.txt"})
    except ValidationError as error:
        key = error.errors()[0]["loc"][0]
        raise RefusedError(f"« {key} » est vide ; écrivez-le.") from None


def _files_of(root: Path, source_id: str) -> Iterator[Path]:
    yield root / "knowledge" / "sources" / f"{source_id}.txt"
    yield root / "knowledge" / "facts" / f"{source_id}.yml"
    yield root / draft_path(source_id)


def _added(source: Source, draft: Path) -> Iterator[str]:
    yield f"Source « {source.id} » : knowledge/{source.file}, décrite dans {SOURCES}."
    yield f"  titre : {source.title}"
    yield f"  éditeur : {source.publisher} ; langue : {source.language}"
    yield f"  adresse : {source.address or 'inconnue, omise'} ; date : {source.date or 'inconnue, omise'}"
    yield f"Brouillon des faits : {draft}"


def _touched_lines(touches: Sequence[Touched]) -> Iterator[str]:
    """Yield the facts of today that a document touches, and what to do about them."""
    if not touches:
        yield "\nCe texte ne touche aucun fait déjà su."
        return
    yield "\nFaits déjà sus que ce texte touche :"
    again = [str(touch.fact.id) for touch in touches if touch.how == "redit"]
    rows: list[Any] = []
    for touch in (touch for touch in touches if touch.how != "redit"):
        values = " ; ".join(f"{today} → {new}" for today, new in touch.values)
        rows.append(
            (f"{touch.fact.id}\n({touch.how}{' : ' * bool(values)}{values})", touch.fact.answer, touch.sentence)
        )
    if rows:
        head = ("fait", "l'assistant dit", "le nouveau texte dit")
        yield str(tabulate(rows, head, "grid", maxcolwidths=list(_SHOWN), disable_numparse=True))
    if again:
        yield f"Redits, rien à faire : {', '.join(again)}."
    if any(touch.how.startswith("autre") for touch in touches):
        yield "Laquelle vaut aujourd'hui ? Corrigez le fait qui n'est plus vrai : guide, « Garder les faits à jour »."


def _no_longer_true(root: Path, names: Sequence[str]) -> Iterator[str]:
    """Yield what the assistant says and is no longer true with another source."""
    for name in names:
        yield f"knowledge/other_names.yml : ce texte parle de « {name} » ; si vous en faites un fait, retirez sa ligne."
    for name, response in read_responses(root).items():
        if name != "utter_source" and any(_ONE_PAGE.search(text) for text in response.texts):
            yield f"{response.place} : cette phrase parle encore d'une seule page ; récrivez-la."


def _counted(count: int, one: str, several: str) -> str:
    return f"{count} {several if count > 1 else one}"


def _short(message: str, root: Path) -> str:
    return message.replace(f"{root}/", "")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make source", description=_DESCRIPTION, add_help=False)
    parser.add_argument("-h", "--help", action="help", help="montrer cette aide")
    parser.add_argument("fichier", nargs="?", metavar="FICHIER", help="le document à ajouter, en texte simple")
    parser.add_argument("--editeur", metavar="TEXTE", help="qui publie le document (demandé s'il manque)")
    parser.add_argument("--titre", metavar="TEXTE", help="son titre (par défaut, sa première phrase)")
    parser.add_argument("--langue", default="fr", metavar="LANGUE", help="sa langue, en deux lettres (par défaut : fr)")
    parser.add_argument("--adresse", metavar="ADRESSE", help="l'adresse de la page, si vous la connaissez")
    parser.add_argument("--date", metavar="DATE", help="la date du document, si vous la connaissez")
    parser.add_argument(
        "--publier", metavar="BROUILLON", help="vérifier un brouillon complété et mettre ses faits en ligne"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
