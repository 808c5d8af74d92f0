"""Reading YAML that people edit: strict, with the line of every key, so that an error can say where it is."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from assistant.knowledge.errors import KnowledgeError

#: Where a value stands in a document: keys and list positions from the top.
Location = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """A YAML file's content and the line (from 1) of each value in it."""

    path: Path
    content: dict[str, Any]
    lines: dict[Location, int]

    def line(self, location: Location) -> int:
        """Return the line of a value, or of the nearest one around it."""
        while location not in self.lines:
            location = location[:-1]
        return self.lines[location]


def read_yaml(path: Path) -> Document:
    """Read a YAML mapping.

    Args:
        path: a UTF-8 file that holds one mapping.

    Raises:
        KnowledgeError: the file is missing, is not UTF-8, has tabs, is not YAML, is not a mapping, or has a key twice.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise KnowledgeError(path, "ce fichier manque ; remettez-le (git checkout).") from None
    except OSError as error:
        raise KnowledgeError(path, f"ce fichier ne peut pas être lu ({error.strerror}).") from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise KnowledgeError(path, "ce fichier n'est pas en UTF-8 ; enregistrez-le en UTF-8.", line) from None
    for number, row in enumerate(text.split("\n"), 1):
        if "\t" in row:
            raise KnowledgeError(path, "il y a une tabulation ; remplacez-la par des espaces.", number)
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)  # libyaml: the same nodes, fourteen times as fast
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = "ce n'est pas du YAML correct ; vérifiez les deux-points, guillemets et retraits de cette ligne."
        raise KnowledgeError(path, problem, mark.line + 1 if mark else None) from None
    except yaml.YAMLError as error:
        raise KnowledgeError(path, f"ce n'est pas du YAML correct ({error}).") from None
    if not isinstance(node, yaml.MappingNode):
        raise KnowledgeError(path, "le fichier doit commencer par une clé (« faits: », « sujets: », ...).", 1)
    lines: dict[Location, int] = {(): 1}
    content = _build(path, node, (), lines, ())
    return Document(path, content, lines)


def _build(path: Path, node: yaml.Node, location: Location, lines: dict[Location, int], around: tuple[int, ...]) -> Any:
    """Return the value of a node, and note the lines of everything in it; `around` are the nodes that it stands in."""
    line = node.start_mark.line + 1
    lines.setdefault(location, line)
    if id(node) in around:
        raise KnowledgeError(path, "cette valeur se contient elle-même (&, *) ; écrivez-la en entier.", line)
    around = (*around, id(node))
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            inner = (*location, key)
            lines[inner] = key_node.start_mark.line + 1
            if key in mapping:
                raise KnowledgeError(path, "cette clé est écrite deux fois ; gardez-en une.", lines[inner], key)
            mapping[key] = _build(path, value_node, inner, lines, around)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_build(path, item, (*location, number), lines, around) for number, item in enumerate(node.value)]
    return _scalar(path, node, line)


def _scalar(path: Path, node: yaml.Node, line: int) -> Any:
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (yaml.YAMLError, ValueError):
        raise KnowledgeError(path, "cette valeur n'est pas lisible ; mettez-la entre guillemets.", line) from None
