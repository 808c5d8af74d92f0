"""Which responses the assistant says: those that its code names, and those whose names its code puts together."""

import ast
import re
from collections.abc import Iterable, Iterator

from assistant.dialogue.decide import TOPICS
from assistant.dialogue.records import Decision
from assistant.dialogue.wording import word
from assistant.knowledge.base import Knowledge
from assistant.settings import ROOT
from tools.lint_faq.findings import Place

_CODE = ("assistant", "actions", "channels", "components", "rasa_plus")
#: The name of a response, or its beginning; `utter_action` is a key of Rasa's own.
_NAME = re.compile(r"utter_(?!action$)\w*")


def said_by_code(knowledge: Knowledge, labels: Iterable[str]) -> dict[str, Place]:
    """Return the responses that the code says, each with the line that names it or begins its name.

    Args:
        knowledge: what the wording takes its words from.
        labels: the labels of the training data; languages are among them.
    """
    named: dict[str, Place] = {}
    for name, place in _named():
        named.setdefault(name, place)
    beginnings = sorted((name for name in named if name.endswith("_")), key=len)
    said = {name: place for name, place in named.items() if not name.endswith("_")}
    for decision in decisions_with_own_response(labels):
        response = word(decision, knowledge).response
        if response and response not in said:
            said[response] = named[[name for name in beginnings if response.startswith(name)][-1]]
    return said


def decisions_with_own_response(labels: Iterable[str]) -> list[Decision]:
    """Return the decisions that are worded by topic or language: each small talk, each language that is taught."""
    languages: dict[str, list[str]] = {"detresse": [], "autre_langue": []}
    for label in sorted(set(labels)):
        intent, _, language = label.partition("/")
        if intent in languages:
            languages[intent].append(language)
    return [
        *(Decision("small_talk", "", topic=topic) for topic in sorted(TOPICS)),
        *(Decision("distress", "", language=language) for language in [None, *languages["detresse"]]),
        *(Decision("other_language", "", language=language) for language in languages["autre_langue"]),
    ]


def _named() -> Iterator[tuple[str, Place]]:
    """Yield the names of responses, and beginnings of names, that stand in the code."""
    for path in (path for folder in _CODE for path in sorted((ROOT / folder).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and _NAME.fullmatch(str(node.value)):
                yield str(node.value), Place(path.relative_to(ROOT).as_posix(), node.lineno)
