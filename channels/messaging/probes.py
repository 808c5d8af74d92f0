"""Calls that change nothing and show whether an app takes what the operator gave: `make channels-check` makes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

#: Says, in French, what an app's answer shows to be wrong, or nothing; it quotes nothing of the answer.
Problem = Callable[[Mapping[str, Any]], str]


def no_problem(answer: Mapping[str, Any]) -> str:
    """Find nothing wrong in an answer."""
    return ""


@dataclass(frozen=True)
class Probe:
    """One such call.

    Attributes:
        what: what it asks, in French; no secret.
        url: its address, which may hold a secret.
        headers: its headers, which may hold one too.
        method: its method.
        problem: what is wrong although the app took the call.
    """

    what: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    problem: Problem = no_problem
