"""The records of understanding: what is read in a message."""

from dataclasses import asdict, dataclass
from typing import Any

Ranked = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Half:
    """One of the two questions that a message may hold, with its ranked labels."""

    text: str
    ranked: Ranked


@dataclass(frozen=True)
class Halves:
    """A way to cut a message into two questions; a weak one has only a comma, or a half not worded as a question."""

    one: Half
    other: Half
    weak: bool = False


@dataclass(frozen=True)
class Reading:
    """A message as the classifier reads it.

    Attributes:
        ranked: labels with their probabilities, best first.
        language: two letters or `autre`, and its probability.
        halves: the ways to cut it into two questions.
    """

    ranked: Ranked = ()
    language: tuple[str, float] = ("fr", 1.0)
    halves: tuple[Halves, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> "Reading":
        """Return the reading that `as_dict` kept, or that JSON made of it."""
        language, score = kept["language"]
        return cls(
            _ranked(kept["ranked"]),
            (language, score),
            tuple(Halves(_half(cut["one"]), _half(cut["other"]), cut["weak"]) for cut in kept["halves"]),
        )


def _half(kept: dict[str, Any]) -> Half:
    return Half(kept["text"], _ranked(kept["ranked"]))


def _ranked(kept: list[list[Any]]) -> Ranked:
    return tuple((label, score) for label, score in kept)
