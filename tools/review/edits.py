"""The files that a step changes: checked before they are written, and put back byte for byte."""

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from assistant.knowledge.base import Knowledge
from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.live import Current
from assistant.knowledge.loader import load_knowledge
from assistant.understanding.mentions import MentionFinder
from tools.add_source.drafts import draft_on, text_of
from tools.add_source.publishing import draft_path
from tools.add_source.writing import write_all
from tools.lint_faq.checks import evaluation_is_apart, questions_stand_once, rows_are_questions
from tools.lint_faq.content import Content, Question, blocks_of, comparable
from tools.lint_faq.findings import Finding, Place, errors
from tools.report.proposals import UNKNOWNS, files_by_label
from tools.review.steps import Quote, Step

_EVALUATION = "evaluation/"
_OF_EVALUATION = (
    "elle est, mot pour mot ou presque, parmi les questions d'évaluation, qui ne s'apprennent pas ; récrivez-la "
    "autrement, ou retirez-la."
)


class RefusedError(Exception):
    """A step that would break something: nothing was changed. The message says what and what to do, in French."""


@dataclass(frozen=True)
class Project:
    """Where the content is.

    Attributes:
        root: the project's folder.
        knowledge: the folder of the knowledge that the assistant reads.
    """

    root: Path
    knowledge: Path

    @property
    def unknowns(self) -> Path:
        """The file of what the sources lack."""
        return self.knowledge / Path(UNKNOWNS).name


@dataclass(frozen=True)
class Edit:
    """Files as they are before and after a step.

    Attributes:
        before: what was in each file; None where it was not there.
        after: what is in it then.
        content: the training data and the knowledge as they are then.
        advice: what may be better, though it breaks nothing.
    """

    before: Mapping[Path, bytes | None]
    after: Mapping[Path, bytes]
    content: Content
    advice: tuple[str, ...]

    def write(self) -> None:
        """Write the files, all of them or none.

        Raises:
            OSError: one cannot be written.
        """
        write_all(self.after)

    def undo(self) -> None:
        """Make the files what they were, byte for byte.

        Raises:
            RefusedError: somebody has changed one since.
            OSError: one cannot be written.
        """
        for path, content in self.after.items():
            if _bytes(path) != content:
                raise RefusedError(f"{path} a changé depuis ; défaites-le vous-même (git diff).")
        write_all(self.before)


def edit_of(step: Step, content: Content, project: Project) -> Edit:
    """Return what a step changes, after checking that all still holds together then.

    Raises:
        RefusedError: it does not, or the step is empty.
        KnowledgeError: a file that is there cannot be read.
        OSError: the same.
    """
    if step.is_empty:
        raise RefusedError("Il ne reste rien à écrire : é l'écarte.")
    after: dict[Path, bytes] = {}
    advice: list[str] = []
    if step.unknown:
        after[project.unknowns] = _with_line_behind(project.unknowns.read_bytes(), step.unknown_line)
        content = replace(content, knowledge=_knowledge_with(after[project.unknowns], project))
    if step.quote:
        file = draft_path(step.topic)
        after[project.root / file] = _draft(step.quote, step, content.knowledge)
        places = (Place(str(file), number) for number, _ in enumerate(step.rows, 1))
        new = [
            Question(f"- {row}", f"fait/{step.topic}", place, comparable(row))
            for row, place in zip(step.rows, places, strict=True)
        ]
        advice = _checked(step.rows, new, content.questions, content)
    elif step.label and step.rows:
        file = Path(files_by_label(content)[step.label])
        text, lines = with_rows((project.root / file).read_bytes().decode("utf-8"), step.label, step.rows)
        after[project.root / file] = text.encode("utf-8")
        there = _questions(text, file, step, project, Current.of(content.knowledge, quoting=False))
        new = [question for question in there if question.place.line in lines]
        others = [question for question in content.questions if question.place.file != str(file)]
        others += [question for question in there if question.place.line not in lines]
        advice = _checked(step.rows, new, others, content)
        content = replace(content, questions=(*others, *new))
    return Edit({path: _bytes(path) for path in after}, after, content, tuple(advice))


def with_rows(text: str, label: str, rows: Sequence[str]) -> tuple[str, range]:
    """Return a file of training data with more rows, and the lines (from 1) of these: behind those of their label.

    A label that has none in the file, or only such as follow a certain fact, gets a block at its end.
    """
    lines = text.split("\n")
    opening = rf"\s*- intent: {re.escape(label)}\s*(?:#.*)?"
    heads = [
        number
        for number, (line, below) in enumerate(pairwise(lines))
        if re.fullmatch(opening, line) and re.fullmatch(r"\s*examples:\s*\|\s*", below)
    ]
    if not heads:
        body = "".join(f"    - {row}\n" for row in rows)
        whole = f"{_ended(text)}- intent: {label}\n  examples: |\n{body}"
        last = whole.count("\n")
        return whole, range(last - len(rows) + 1, last + 1)
    first = heads[-1] + 2
    lead = re.match(r"\s*- ?", lines[first])
    end = first
    while end < len(lines) and lead and lines[end].startswith(lead[0].rstrip()):
        end += 1
    closing = "\r" * lines[first].endswith("\r")
    new = [f"{lead[0] if lead else '    - '}{row}{closing}" for row in rows]
    return "\n".join([*lines[:end], *new, *lines[end:]]), range(end + 1, end + len(rows) + 1)


def _with_line_behind(content: bytes, line: str) -> bytes:
    """Return a file with a line behind the last one of its list."""
    text = content.decode("utf-8")
    dashes = re.findall(r"^( *)- ", text, re.M)
    return f"{_ended(text)}{dashes[-1] if dashes else ''}{line}\n".encode()


def _ended(text: str) -> str:
    return text if text.endswith("\n") or not text else f"{text}\n"


def _draft(quote: Quote, step: Step, knowledge: Knowledge) -> bytes:
    source, finder = knowledge.sources[quote.source], MentionFinder(knowledge)
    return text_of(draft_on(source, quote.text, step.rows, knowledge, finder), step.topic).encode()


def _knowledge_with(unknowns: bytes, project: Project) -> Knowledge:
    """Return the knowledge as it would be with another file of what the sources lack.

    Raises:
        RefusedError: it would not be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(project.knowledge, folder, dirs_exist_ok=True))
        (copy / project.unknowns.name).write_bytes(unknowns)
        try:
            return load_knowledge(copy)
        except KnowledgeError as error:
            raise RefusedError(f"{error.path.relative_to(copy)}, ligne {error.line} : {error.problem}") from None


def _questions(text: str, file: Path, step: Step, project: Project, current: Current) -> list[Question]:
    """Return the questions that a file of training data would have: those of today, and the new rows as they are.

    Raises:
        RefusedError: it would have others.
    """
    blocks = blocks_of(project.root, project.root / file, current)
    before = [question for _, _, questions in blocks for question in questions]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / file
        path.parent.mkdir(parents=True)
        path.write_bytes(text.encode("utf-8"))
        try:
            after = [question for _, _, questions in blocks_of(Path(folder), path, current) for question in questions]
        except KnowledgeError as error:
            raise RefusedError(f"{file}, ligne {error.line} : {error.problem}") from None
    came = Counter((one.label, one.text) for one in after) - Counter((one.label, one.text) for one in before)
    if came != Counter((step.label, row) for row in step.rows) or len(after) != len(before) + len(step.rows):
        raise RefusedError(f"{file} a une forme que je ne sais pas compléter ; ajoutez les lignes vous-même.")
    return after


def _checked(rows: Sequence[str], new: Sequence[Question], others: Iterable[Question], content: Content) -> list[str]:
    """Return the linter's advice on new questions.

    Raises:
        RefusedError: the linter finds an error in them.
    """
    alone = replace(content, questions=tuple(new))
    places = {question.place for question in new}
    together = questions_stand_once(replace(content, questions=(*others, *new)))
    findings = [
        *rows_are_questions(alone),
        *evaluation_is_apart(alone),
        *(finding for finding in together if finding.place in places),
    ]
    wrong = errors(findings)
    if wrong:
        raise RefusedError("\n".join(_told(wrong, rows, new)))
    return list(_told(findings, rows, new))


def _told(findings: Iterable[Finding], rows: Sequence[str], new: Sequence[Question]) -> Iterator[str]:
    """Yield what the linter finds, by the numbers of the rows as they are shown."""
    for finding in findings:
        problem = _OF_EVALUATION if finding.place.file.startswith(_EVALUATION) else finding.problem
        for number, question in enumerate(new, 1):
            if question.place == finding.place or f"({question.place})" in finding.problem:
                yield f"ligne {number}, « {rows[number - 1]} » : {problem}"


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None
