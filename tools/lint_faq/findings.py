"""What the linter says: one line for each finding, then a summary."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

#: An error must be mended before training; a warning is advice.
Severity = Literal["erreur", "avertissement"]
ERROR: Severity = "erreur"
WARNING: Severity = "avertissement"


class Place(NamedTuple):
    """A line, from 1, of a file of the project."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Finding(NamedTuple):
    """What is wrong somewhere, and what to do about it, in French for an editor."""

    severity: Severity
    place: Place
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.severity} : {self.problem}"


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings, errors first, each kind by file and line."""
    return sorted(findings, key=lambda finding: (finding.severity != ERROR, finding))


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that must be mended."""
    return [finding for finding in findings if finding.severity == ERROR]


def summary(findings: list[Finding]) -> str:
    """Return how many errors and warnings there are, in one line."""
    count = len(errors(findings))
    return f"Contenu : {_counted(count, ERROR)}, {_counted(len(findings) - count, WARNING)}."


def _counted(count: int, name: str) -> str:
    return f"{count} {name}{'s' if count > 1 else ''}"
