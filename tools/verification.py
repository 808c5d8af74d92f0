"""Noting in the files of `knowledge/` that records were verified: only these lines change, comments and layout stay."""

import json
import os
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import yaml

from assistant.knowledge.loader import load_knowledge
from assistant.knowledge.records import Verification

#: The key of a verification, and behind which key of its record it is written.
_KEY = "verifie"
_BEHIND = ("source", "fichier")


class NotationError(Exception):
    """A record that no verification can be written into; the message says what to do, in French."""


def noted(text: str, key: str, number: int, verified: Verification) -> str:
    """Return a knowledge file in which a record is verified.

    Args:
        text: the file; it can be read.
        key: the key of its list, such as `faits`.
        number: the place of the record in that list, from 0.
        verified: who verified it, when, and until when it holds.

    Raises:
        NotationError: it is written in such a form (in braces, with `*`) that this would change anything else.
    """
    said = verified.dict(by_alias=True)
    values = {
        name: value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)
        for name, value in said.items()
    }
    line = f"{_KEY}: {{" + ", ".join(f"{name}: {value}" for name, value in values.items()) + "}"
    record = _children(_children(yaml.compose(text, Loader=yaml.SafeLoader))[key])[number]
    keys = _children(record)
    changed = _replaced(text, _children(keys[_KEY]), values) if _KEY in keys else _with_line(text, record, line)
    expected = yaml.safe_load(text)
    expected[key][number][_KEY] = said
    try:
        if yaml.safe_load(changed) == expected:
            return changed
    except yaml.YAMLError:
        pass
    raise NotationError(f"la forme de cet élément ne permet pas de l'y écrire ; ajoutez-y vous-même « {line} ».")


def write_checked(folder: Path, texts: Mapping[Path, str]) -> None:
    """Write knowledge files; where the knowledge cannot be read afterwards, or anything else stops it, undo that.

    Raises:
        assistant.knowledge.errors.KnowledgeError: the knowledge could not be read with them.
        OSError: a file cannot be written.
    """
    before = {path: path.read_bytes() for path in texts}
    try:
        for path, text in texts.items():
            _write(path, text.encode("utf-8"))
        load_knowledge(folder)
    except BaseException:  # Ctrl-C too
        for path, content in before.items():
            _write(path, content)
        raise


def _children(node: yaml.Node | None) -> dict[str | int, yaml.Node]:
    """Return what stands in a node, by its key or its place."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): value for key, value in node.value}
    return dict(enumerate(node.value)) if node else {}


def _with_line(text: str, record: yaml.Node, line: str) -> str:
    """Return a text with a line more in a record, behind what it comes from."""
    behind = next(value for name, value in _children(record).items() if name in _BEHIND)
    end = behind.end_mark.index
    if behind.end_mark.column:  # else a text under `>-`, which ends where the next key begins
        end = text.find("\n", end) + 1 or len(text)
    newline = "\r\n" if "\r\n" in text else "\n"
    before = text[:end] if text[:end].endswith("\n") else text[:end] + newline
    return f"{before}{' ' * record.value[0][0].start_mark.column}{line}{newline}{text[end:]}"


def _replaced(text: str, nodes: Mapping[str | int, yaml.Node], values: Mapping[str, str]) -> str:
    """Return a text with other values in the place of the scalars that are there."""
    there = [(nodes[name], value) for name, value in values.items() if name in nodes]
    for node, value in sorted(
        there, key=lambda pair: -pair[0].start_mark.index
    ):  # what comes before stays in its place
        text = text[: node.start_mark.index] + value + text[node.end_mark.index :]
    return text


def _write(path: Path, content: bytes) -> None:
    """Write a file whole, or not at all."""
    path = path.resolve()  # of a link, what it leads to
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        shutil.copymode(path, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
