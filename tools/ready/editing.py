"""Changing a file of `knowledge/` without losing its comments, and never into one that the assistant would refuse."""

import difflib
import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.loader import load_knowledge

#: Changes a document that was read.
Change = Callable[[Any], None]


def text(value: str) -> DoubleQuotedScalarString:
    """Return a text as it is written: in quotes, since YAML would read 0112 as a number and « no » as false."""
    quoted: DoubleQuotedScalarString = DoubleQuotedScalarString(value)
    return quoted


def mapping(**values: str | date) -> CommentedMap:
    """Return keys and values, each on a line of its own; texts are in quotes."""
    return CommentedMap({key: text(value) if isinstance(value, str) else value for key, value in values.items()})


def in_a_line(values: list[str]) -> CommentedSeq:
    """Return a list that is written as `[a, b]`."""
    row = CommentedSeq(values)
    row.fa.set_flow_style()
    return row


def change_file(folder: Path, name: str, change: Change) -> list[str]:
    """Change a file, unless the assistant would refuse the folder then.

    Args:
        folder: the folder of the knowledge.
        name: the file's name in it.
        change: what is done to its content.

    Returns:
        the lines that went (`- …`) and came (`+ …`).

    Raises:
        KnowledgeError: it would be refused, and nothing is written.
        OSError: it cannot be written, and stays as it was.
    """
    path = (folder / name).resolve()
    before = path.read_text("utf-8")
    after = _changed(path, before, change)
    _check(folder, name, after)
    _replace(path, after)
    shown = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [f"{line[0]} {line[1:]}" for line in list(shown)[2:] if not line.startswith("@@")]


def _changed(path: Path, before: str, change: Change) -> str:
    yaml: Any = YAML()  # its own annotations say that settings are None
    yaml.preserve_quotes = True
    yaml.width = 10**6  # no line is broken that was not
    try:
        document = yaml.load(before)
        change(document)
    except (YAMLError, AttributeError, KeyError, TypeError):
        raise KnowledgeError(
            path, "ce fichier a une forme que je ne sais pas changer ; écrivez-le vous-même."
        ) from None
    after = StringIO()
    yaml.dump(document, after)
    return after.getvalue()


def _check(folder: Path, name: str, after: str) -> None:
    """Read the whole folder as it would be, in a copy."""
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        (Path(copy) / name).write_text(after, "utf-8")
        load_knowledge(Path(copy))


def _replace(path: Path, after: str) -> None:
    """Put a new text in a file's place, whole at once; its name is hidden from the running assistant until then."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(after, "utf-8")
        shutil.copymode(path, draft)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
