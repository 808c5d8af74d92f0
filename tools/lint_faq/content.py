"""The content of a project folder, read once, with the line of each question, label, fact and response."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from assistant.french import fold
from assistant.knowledge.base import Knowledge
from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.live import Current
from assistant.knowledge.loader import load_knowledge
from assistant.knowledge.yaml_files import Document, Location, read_yaml
from assistant.names import BEFORE, CONTACT
from assistant.understanding.reading import training_text
from assistant.understanding.two_questions import KEY, read_two_questions
from tools.lint_faq.findings import Place

_T = TypeVar("_T", str, list[Any], dict[str, Any])

#: The line that opens a list of questions; in any other form of YAML text, lines would not be those of the file.
_EXAMPLES = re.compile(r"[\s-]*examples:\s*\|")
_KINDS = {str: "un texte (entre guillemets)", list: "une liste", dict: "des clés et leurs valeurs"}


@dataclass(frozen=True)
class Question:
    """One row of the training data.

    Attributes:
        row: the row as it is written, with its dash.
        label: such as `fait/ocam.role`.
        place: where it stands.
        learnt: what is learnt of it, folded: of a follow-up, the question with what it is about.
    """

    row: str
    label: str
    place: Place
    learnt: str

    @cached_property
    def text(self) -> str:
        """The question itself."""
        return _text(self.row)

    @cached_property
    def key(self) -> str:
        """What it is compared by."""
        return comparable(self.text)


class Double(NamedTuple):
    """One message of the training data that asks two questions, whole, and the facts that they ask for."""

    question: Question
    facts: tuple[str, str]


@dataclass(frozen=True)
class Asked:
    """One question of the evaluation, or one turn of a conversation, with the ids that it accepts."""

    text: str
    accepted: frozenset[str]
    place: Place

    @cached_property
    def key(self) -> str:
        """What it is compared by."""
        return comparable(self.text)


class Response(NamedTuple):
    """One response of `data/responses/`: its variants, and where it stands."""

    texts: tuple[str, ...]
    place: Place


@dataclass(frozen=True)
class Content:
    """What the linter looks at.

    Attributes:
        facts: where each fact stands, and under `contact` the contact.
        labels: each label of the training data, wherever it stands.
        ruled: where rules name a response as their action.
    """

    knowledge: Knowledge
    facts: Mapping[str, Place]
    labels: tuple[tuple[str, Place], ...]
    questions: tuple[Question, ...]
    doubles: tuple[Double, ...]
    asked: tuple[Asked, ...]
    responses: Mapping[str, Response]
    ruled: Mapping[str, Place]


def comparable(text: str) -> str:
    """Return a question folded, or as it is where it is all signs, such as an emoji."""
    return fold(text) or text


def read_content(root: Path) -> Content:
    """Read `knowledge/`, `data/` and `evaluation/questions/` of a project folder.

    Raises:
        KnowledgeError: at the first file that cannot be read, or lacks what it must have.
    """
    knowledge = load_knowledge(root / "knowledge")
    current = Current.of(knowledge, quoting=False)
    blocks = [block for path in _files(root / "data" / "nlu") for block in blocks_of(root, path, current)]
    return Content(
        knowledge=knowledge,
        facts=_facts(root),
        labels=tuple((label, place) for label, place, _ in blocks),
        questions=tuple(question for _, _, questions in blocks for question in questions),
        doubles=tuple(double for path in _files(root / "data" / KEY) for double in _doubles(root, path)),
        asked=tuple(asked for path in _files(root / "evaluation" / "questions") for asked in _asked(root, path)),
        responses=read_responses(root),
        ruled={name: place for path in _files(root / "data" / "rules") for name, place in _ruled(root, path)},
    )


def read_responses(root: Path) -> dict[str, Response]:
    """Read `data/responses/` of a project folder.

    Raises:
        KnowledgeError: at the first file that cannot be read, or lacks what it must have.
    """
    return {name: response for path in _files(root / "data" / "responses") for name, response in _responses(root, path)}


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.yml"))


def _place(root: Path, document: Document, location: Location) -> Place:
    return Place(document.path.relative_to(root).as_posix(), document.line(location))


def _part(document: Document, location: Location, kind: type[_T]) -> _T:
    """Return what stands at a location of a document; what is around it has been checked.

    Raises:
        KnowledgeError: nothing does, or something of another kind.
    """
    value: Any = document.content
    for key in location:
        value = value.get(key) if isinstance(value, dict) else value[key]
    if isinstance(value, kind):
        return value
    name = next(str(key) for key in reversed(location) if isinstance(key, str))
    raise KnowledgeError(document.path, f"il faut ici « {name} », avec {_KINDS[kind]}.", document.line(location), name)


def _each(document: Document, location: Location) -> Iterator[Location]:
    """Yield the location of each record of a list."""
    for number in range(len(_part(document, location, list))):
        _part(document, (*location, number), dict)
        yield (*location, number)


def _facts(root: Path) -> dict[str, Place]:
    """Return where each fact stands, and the first contact; the loader has checked them."""
    found = {}
    for path in _files(root / "knowledge" / "facts"):
        document = read_yaml(path)
        for number, row in enumerate(document.content["faits"]):
            found[row["id"]] = _place(root, document, ("faits", number, "id"))
    return found | {CONTACT: _place(root, read_yaml(root / "knowledge" / "contacts.yml"), ("contacts", 0, "id"))}


def _text(row: str) -> str:
    """Return the question of a row."""
    return row.strip().removeprefix("-").strip()


def blocks_of(root: Path, path: Path, current: Current) -> Iterator[tuple[str, Place, list[Question]]]:
    """Yield each label of a file of training data, its place and its questions."""
    document = read_yaml(path)
    rows = path.read_text("utf-8").split("\n")
    for block in _each(document, ("nlu",)):
        label = _part(document, (*block, "intent"), str)
        examples = _part(document, (*block, "examples"), str)
        before = document.content["nlu"][block[-1]].get("metadata", {}).get(BEFORE)
        file, line = _place(root, document, (*block, "examples"))
        if not _EXAMPLES.match(rows[line - 1]):
            problem = "il faut ici « examples: | », puis une question par ligne, derrière un tiret."
            raise KnowledgeError(path, problem, line, "examples")
        questions = [
            Question(row, label, Place(file, number), comparable(training_text(_text(row), before, current)))
            for number, row in enumerate(examples.splitlines(), line + 1)
        ]
        yield label, _place(root, document, (*block, "intent")), questions


def _doubles(root: Path, path: Path) -> Iterator[Double]:
    """Yield the messages of a file that ask two questions."""
    for double in read_two_questions(path):
        place = Place(path.relative_to(root).as_posix(), double.line)
        yield Double(Question(f"- {double.text}", KEY, place, comparable(double.text)), double.facts)


def _asked(root: Path, path: Path) -> Iterator[Asked]:
    """Yield the questions of a file of the evaluation; those of a conversation are its turns."""
    document = read_yaml(path)
    places = list(_each(document, ("questions",))) if "questions" in document.content else []
    if "conversations" in document.content:
        for conversation in _each(document, ("conversations",)):
            places += _each(document, (*conversation, "tours"))
    for location in places:
        text = _part(document, (*location, "question"), str)
        accepted = frozenset(_flat(_part(document, location, dict).get("attendu") or []))
        yield Asked(text, accepted, _place(root, document, (*location, "question")))


def _flat(accepted: Any) -> Iterator[str]:
    """Yield the ids of one, of a list, or of a list for each part of a double question."""
    if isinstance(accepted, list):
        for item in accepted:
            yield from _flat(item)
    else:
        yield str(accepted)


def _responses(root: Path, path: Path) -> Iterator[tuple[str, Response]]:
    document = read_yaml(path)
    for name in _part(document, ("responses",), dict):
        location: Location = ("responses", name)
        texts = tuple(_part(document, (*variant, "text"), str) for variant in _each(document, location))
        yield name, Response(texts, _place(root, document, location))


def _ruled(root: Path, path: Path) -> Iterator[tuple[str, Place]]:
    """Yield the responses that the rules of a file say themselves."""
    document = read_yaml(path)
    for rule in _each(document, ("rules",)):
        for step in _each(document, (*rule, "steps")):
            action = str(_part(document, step, dict).get("action"))
            if action.startswith("utter_"):
                yield action, _place(root, document, (*step, "action"))
