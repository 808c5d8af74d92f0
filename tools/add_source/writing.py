"""YAML for people, with where each line came from, and files that are written all or not at all."""

import os
import re
import shutil
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.loader import same_passage
from assistant.knowledge.yaml_files import read_yaml

_WIDTH = 116


class Line(NamedTuple):
    """A line of a file to write, and the line (from 1) of the draft that it comes from, where it comes from one."""

    text: str
    origin: int | None = None


def folded(text: str, indent: int) -> list[str]:
    """Return a text as the lines below `>-`: nothing in it needs a quotation mark or a backslash."""
    width = _WIDTH - indent
    lines = textwrap.wrap(same_passage(text), width, break_long_words=False, break_on_hyphens=False)
    return [" " * indent + line for line in lines]


def plain(key: str, value: Any) -> list[str]:
    """Return a key and its value as YAML's own writer puts them."""
    text: str = yaml.safe_dump({key: value}, allow_unicode=True, sort_keys=False, width=_WIDTH)
    return text.splitlines()


def record(row: Mapping[str, Any], indent: int = 0) -> list[str]:
    """Return a record as an element of a list; a list in it stands on one line."""
    lines: list[str] = []
    for key, value in row.items():
        flow = isinstance(value, list | tuple)
        text = yaml.safe_dump({key: list(value) if flow else value}, allow_unicode=True, width=10_000)
        if flow:
            inner = yaml.safe_dump(list(value), allow_unicode=True, default_flow_style=True, width=10_000)
            text = f"{key}: {inner}"
        lines += text.splitlines()
    return [" " * indent + ("- " if number == 0 else "  ") + line for number, line in enumerate(lines)]


def appended(path: Path, key: str, rows: Iterable[Mapping[str, Any]]) -> str:
    """Return a file of the knowledge with records at the end of its list; all that is there stays as it is.

    Raises:
        KnowledgeError: the file cannot be read, or is written in a way that records cannot be put behind.
    """
    document = read_yaml(path)
    text = path.read_text("utf-8")
    indent = min((len(dash) for dash in re.findall(r"^( *)- ", text, re.MULTILINE)), default=0)
    whole = text.rstrip("\n") + "\n" + "".join(f"{line}\n" for row in rows for line in record(row, indent))
    before = document.content.get(key)
    try:
        after = yaml.safe_load(whole)[key]
    except (yaml.YAMLError, KeyError, TypeError):
        after = None
    if after != [*(before or []), *(dict(row) for row in rows)]:
        problem = f"rien ne peut être ajouté à la fin de cette liste ; mettez « {key} » et ses éléments en lignes."
        raise KnowledgeError(path, problem, document.line((key,)), key)
    return whole


def write_all(files: Mapping[Path, str | bytes | None]) -> None:
    """Write files, or remove those without a content; if one fails, or on Ctrl-C, all are as before.

    Raises:
        OSError: one cannot be written.
    """
    before = {path: path.read_bytes() if path.exists() else None for path in files}
    try:
        for path, content in files.items():
            _put(path, content.encode("utf-8") if isinstance(content, str) else content)
    except BaseException:
        for path, old in before.items():
            _put(path, old)
        raise


def _put(path: Path, content: bytes | None) -> None:
    """Have a file hold that content, at once for who reads it meanwhile."""
    if content is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.nouveau")
    try:
        beside.write_bytes(content)
        if path.exists():
            shutil.copymode(path, beside)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
