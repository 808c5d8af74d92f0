"""The errors of this package.

KnowledgeError            anything wrong with a file of `knowledge/`: file, line, key and what to do
"""

from pathlib import Path


class KnowledgeError(Exception):
    """A knowledge file that cannot be used, told to the person who edits it (in French).

    Args:
        path: the file.
        problem: what is wrong and what to do, in French.
        line: its line, counted from 1, where one is known.
        key: the YAML key concerned, where there is one.
    """

    def __init__(self, path: Path, problem: str, line: int | None = None, key: str | None = None) -> None:
        self.path = path
        self.problem = problem
        self.line = line
        self.key = key
        place = f"{path}" + (f", ligne {line}" if line else "") + (f", clé « {key} »" if key else "")
        super().__init__(f"{place} : {problem}")
