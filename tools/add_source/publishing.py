"""A draft that is filled in goes live: checked on a copy first, then all its files at once, or none."""

import json
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.loader import DRAFTS, load_knowledge
from assistant.knowledge.yaml_files import Document, Location, read_yaml
from assistant.understanding.claims import claims
from tools.add_source.drafts import BLANK, QUESTIONS
from tools.add_source.writing import Line, appended, folded, plain
from tools.lint_faq.__main__ import unreadable
from tools.lint_faq.checks import CHECKS, LEAST
from tools.lint_faq.content import read_content
from tools.lint_faq.findings import ERROR, Finding, Place, errors

KEEP = "garder"
EVALUATION = Path("evaluation", "questions", "dev", "faits.yml")
SUBJECTS = Path("knowledge", "subjects.yml")
#: What is read when the content is checked.
_CONTENT = ("knowledge", "data", "evaluation/questions")
_EMPTY = {"", BLANK}
_TEXTS = {"question": "la question", "reponse": "la réponse"}


class IncompleteError(Exception):
    """A draft that cannot go live yet: what is wrong with it, by line."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, findings)))


@dataclass(frozen=True)
class Ready:
    """A draft that was checked.

    Attributes:
        files: what to write, by path in the project; None is to be removed.
        facts: the ids of the facts that go live.
    """

    files: dict[Path, str | None]
    facts: tuple[str, ...]


def draft_path(topic: str) -> Path:
    """Return where the draft of a topic stands in the project."""
    return Path("knowledge", DRAFTS, f"{topic}.yml")


def ready(root: Path, topic: str) -> Ready:
    """Check the draft of a topic.

    Args:
        root: the project folder.
        topic: the name of the draft, and of its file of facts.

    Raises:
        KnowledgeError: the draft, or the knowledge of today, cannot be read.
        IncompleteError: something in it is missing or wrong, or does not go with what is there.
    """
    path = root / draft_path(topic)
    draft = _Draft(read_yaml(path), draft_path(topic).as_posix(), path.read_text("utf-8").split("\n"))
    kept = [location for location in draft.facts() if draft.is_kept(location)]
    known = load_knowledge(root / "knowledge").facts
    findings = [finding for location in kept for finding in (*draft.missing(location), *draft.taken(location, known))]
    target = Path("knowledge", "facts", f"{topic}.yml")
    taught = Path("data", "nlu", topic, "faits.yml")
    for file in (file for file in (target, taught) if (root / file).exists()):
        findings.append(draft.finding(("faits",), f"{file} existe déjà ; donnez un autre nom à ce brouillon."))
    if not kept and not draft.findings:
        findings.append(draft.finding(("faits",), "aucun fait n'est gardé ; écrivez « garder: oui » à l'un d'eux."))
    findings = sorted({*draft.findings, *findings})
    if findings:
        raise IncompleteError(findings)
    written: dict[Path, list[str | Line]] = {
        SUBJECTS: draft.subjects_lines(root / SUBJECTS, kept),
        target: ["# Mode d'emploi : docs/guide-redaction.md", "faits:", *draft.facts_lines(kept)],
        taught: ['version: "3.1"', "nlu:", *draft.taught_lines(kept)],
        EVALUATION: [*(root / EVALUATION).read_text("utf-8").splitlines(), *draft.asked_lines(kept)],
    }
    texts: dict[Path, str | None] = {}
    for file, lines in written.items():
        texts[file] = "".join(f"{line.text if isinstance(line, Line) else line}\n" for line in lines)
    ids = tuple(str(draft.value((*location, "id"))) for location in kept)
    findings = [_in_draft(finding, written, draft) for finding in _found(root, texts, ids)]
    if findings:
        raise IncompleteError(sorted(set(findings)))
    return Ready({**texts, draft_path(topic): None}, ids)


def _found(root: Path, texts: dict[Path, str | None], ids: tuple[str, ...]) -> list[Finding]:
    """Return the errors that a copy of the content has with the new files, as far as these bring them."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in _CONTENT:
            shutil.copytree(root / name, copy / name)
        for file, text in texts.items():
            (copy / file).parent.mkdir(parents=True, exist_ok=True)
            (copy / file).write_text(text or "", "utf-8")
        try:
            content = read_content(copy)
        except KnowledgeError as error:
            return [unreadable(error, copy)]
        found = errors(finding for check in CHECKS for finding in check(content))
        new = {file.as_posix() for file in texts} - {EVALUATION.as_posix()}
    names = (
        *(f"« {fact_id} »" for fact_id in ids),
        *(f"/{fact_id} »" for fact_id in ids),
        *(f"({file}:" for file in new),
    )
    return [finding for finding in found if finding.place.file in new or any(name in finding.problem for name in names)]


def _in_draft(finding: Finding, written: dict[Path, list[str | Line]], draft: "_Draft") -> Finding:
    """Return a finding with the place in the draft that its line came from, where it did."""
    lines = written.get(Path(finding.place.file), [])
    line = lines[finding.place.line - 1] if 0 < finding.place.line <= len(lines) else None
    if isinstance(line, Line) and line.origin:
        return finding._replace(place=Place(draft.file, line.origin))
    return finding


class _Draft:
    """A draft as it was filled in, with its lines."""

    def __init__(self, document: Document, file: str, rows: list[str]) -> None:
        self._document = document
        self._rows = rows
        self.file = file
        self.findings: list[Finding] = []
        for key in document.content:
            if key not in {"sujets", "faits"}:
                self.findings.append(self.finding((key,), f"la clé « {key} » n'existe pas ici ; retirez-la."))

    def finding(self, location: Location, problem: str) -> Finding:
        return Finding(ERROR, Place(self.file, self._document.line(location)), problem)

    def value(self, location: Location) -> Any:
        """Return what stands at a location, or None."""
        value: Any = self._document.content
        for key in location:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def facts(self) -> list[Location]:
        """Return where each fact stands."""
        return self._each("faits")

    def is_kept(self, location: Location) -> bool:
        said = self.value((*location, KEEP))
        if said not in {"oui", "non", None}:
            self.findings.append(self.finding((*location, KEEP), "écrivez « garder: oui » ou « garder: non »."))
        return bool(said != "non")

    def missing(self, location: Location) -> Iterator[Finding]:
        """Yield what is left to write of a fact, and the numbers of its answer that its quotes lack."""
        if not self._is_begun(location):
            fact_id = self.value((*location, "id"))
            yield self.finding(location, f"« {fact_id} » n'est pas rempli ; complétez-le, ou écrivez « garder: non ».")
            return
        for key, name in _TEXTS.items():
            text = self.value((*location, key))
            if not isinstance(text, str) or text.strip() in _EMPTY:
                yield self.finding((*location, key), f"{name} manque ; écrivez-la à la place de « {BLANK} ».")
            elif BLANK in text.split():
                yield self.finding((*location, key), f"il reste un « {BLANK} » ; remplacez-le.")
        for key, least in zip(QUESTIONS, LEAST, strict=True):
            yield from self._missing_questions((*location, key), least)
        answer, quotes = self.value((*location, "reponse")), self.value((*location, "citations"))
        if isinstance(answer, str) and isinstance(quotes, list):
            added = claims(answer).values - claims(" . ".join(map(str, quotes))).values
            for _, value in sorted(added):
                problem = f"« {value} » n'est pas dans la citation ; une réponse n'en dit pas plus que sa citation."
                yield self.finding((*location, "reponse"), problem)

    def taken(self, location: Location, known: Collection[str]) -> Iterator[Finding]:
        """Yield that another fact has the id of this one."""
        fact_id = self.value((*location, "id"))
        if fact_id in known:
            problem = f"l'identifiant « {fact_id} » existe déjà ; donnez-en un autre, ou corrigez le fait qui l'a."
            yield self.finding((*location, "id"), problem)

    def _is_begun(self, location: Location) -> bool:
        """Return whether anything of a fact was written."""
        texts = [str(self.value((*location, key)) or "").strip() for key in _TEXTS]
        texts += [text or "" for key in QUESTIONS for _, text in self._questions((*location, key))]
        return any(text not in _EMPTY for text in texts)

    def _missing_questions(self, location: Location, least: int) -> Iterator[Finding]:
        key = str(location[-1])
        rows = list(self._questions(location))
        if self.value(location) is not None and not self._is_block(location):
            yield self.finding(location, f"écrivez « {key}: | », puis une question par ligne, derrière un tiret.")
            return
        written = len([text for _, text in rows if text and text != BLANK])
        for line, text in rows if written else ():
            place = Place(self.file, line)
            if text is None:
                yield Finding(
                    ERROR, place, "cette ligne ne commence pas par un tiret ; mettez « - » devant la question."
                )
            elif text in _EMPTY:
                yield Finding(ERROR, place, "cette question manque ; écrivez-la, ou retirez la ligne.")
        if written < least:
            problem = f"« {key} » : {written} question{'s' * (written > 1)}, il en faut au moins {least}."
            yield self.finding(location, problem)

    def _questions(self, location: Location) -> Iterator[tuple[int, str | None]]:
        """Yield the line and the text of each row of a list of questions; None where it is no row."""
        text = self.value(location)
        first = self._document.line(location)
        if not self._is_block(location):
            return
        for line, row in enumerate(text.rstrip("\n").split("\n"), first + 1):
            stripped = row.strip()
            yield line, stripped[1:].strip() if stripped.startswith("-") else None

    def _is_block(self, location: Location) -> bool:
        """Return whether a list of questions is written so that its lines are those of the file."""
        row = self._rows[self._document.line(location) - 1]
        return isinstance(self.value(location), str) and bool(re.search(r":\s*\|\s*$", row))

    def facts_lines(self, kept: Sequence[Location]) -> Iterator[Line]:
        """Yield the file of facts."""
        for number, location in enumerate(kept):
            if number:
                yield Line("")
            row = self.value(location)
            keys = [key for key in row if key not in {KEEP, *QUESTIONS}]
            for place, key in enumerate(keys):
                for inner, (text, *element) in enumerate(_fact_lines(key, row[key])):
                    origin = self._document.line((*location, key, *element))
                    yield Line(("- " if place == inner == 0 else "  ") + text, origin)

    def taught_lines(self, kept: Sequence[Location]) -> Iterator[Line]:
        """Yield the file of the questions that are learnt from."""
        for location in kept:
            fact_id = self.value((*location, "id"))
            for key, intent in (("questions", "fait"), ("voisines", "inconnu")):
                yield Line(f"- intent: {intent}/{fact_id}", self._document.line((*location, "id")))
                yield Line("  examples: |", self._document.line((*location, key)))
                yield from (Line(f"    - {text}", line) for line, text in self._questions((*location, key)))

    def asked_lines(self, kept: Sequence[Location]) -> Iterator[Line]:
        """Yield the questions of the evaluation."""
        for location in kept:
            for line, text in self._questions((*location, "evaluation")):
                yield Line(f"- question: {json.dumps(text, ensure_ascii=False)}", line)
                yield Line(f"  attendu: [{self.value((*location, 'id'))}]", line)

    def subjects_lines(self, path: Path, kept: Sequence[Location]) -> list[str | Line]:
        """Return the file of subjects with the new ones that the facts are about."""
        about = {str(self.value((*location, "id"))).split(".", maxsplit=1)[0] for location in kept}
        known = {row.get("id") for row in read_yaml(path).content.get("sujets") or []}
        new = [self.value(location) for location in self._each("sujets")]
        new = [row for row in new if row.get("id") in about - known]
        before = path.read_text("utf-8").rstrip("\n").split("\n")
        after = appended(path, "sujets", new).rstrip("\n").split("\n") if new else before
        line = self._document.line(("sujets",))
        return [*before, *(Line(text, line) for text in after[len(before) :])]

    def _each(self, key: str) -> list[Location]:
        rows = self.value((key,))
        if rows is not None and not isinstance(rows, list):
            self.findings.append(self.finding((key,), f"il faut ici « {key}: » suivi d'une liste."))
            return []
        found: list[Location] = [(key, number) for number in range(len(rows or []))]
        wrong = [location for location in found if not isinstance(self.value(location), dict)]
        self.findings += [self.finding(location, "il faut ici des clés et leurs valeurs.") for location in wrong]
        return [location for location in found if location not in wrong]


def _fact_lines(key: str, value: Any) -> Iterator[tuple[str] | tuple[str, int]]:
    """Yield a key of a fact as the other files of facts have it, a quote's lines with its number."""
    if key in _TEXTS and isinstance(value, str):
        yield from ((line,) for line in (f"{key}: >-", *folded(value, 2)))
    elif key == "citations" and isinstance(value, list):
        yield ("citations:",)
        for number, quote in enumerate(value):
            yield from ((line, number) for line in ("- >-", *folded(str(quote), 2)))
    else:
        yield from ((line,) for line in plain(key, value))
