"""The records of understanding: what is read in a message."""

from dataclasses import asdict, dataclass
from typing import Any

Ranked = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Half:
    """One of the two questions that a message may ask.

    Attributes:
        text: it; the whole message where nothing parts the two.
        label: the label of the fact that it asks for.
        score: how likely it asks for that one.
    """

    text: str
    label: str
    score: float


@dataclass(frozen=True)
class Double:
    """The two questions that a message would ask, and how likely it asks both (0 to 1)."""

    one: Half
    other: Half
    score: float


@dataclass(frozen=True)
class Reading:
    """A message as the classifier reads it.

    Attributes:
        ranked: labels with their probabilities, best first.
        language: two letters or `autre`, and its probability.
        double: the two questions that it would ask, if it asked two.
        gibberish: whether most of its words, names aside, are none that was ever learnt.
        premise: by which margin it takes for true what a fact puts right, or confirms; below 0 less likely.
    """

    ranked: Ranked = ()
    language: tuple[str, float] = ("fr", 1.0)
    double: Double | None = None
    gibberish: bool = False
    premise: float = -1.0

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> "Reading":
        """Return the reading that `as_dict` kept, or that JSON made of it."""
        language, score = kept["language"]
        double = kept["double"]
        return cls(
            tuple((label, score) for label, score in kept["ranked"]),
            (language, score),
            double and Double(Half(**double["one"]), Half(**double["other"]), double["score"]),
            kept["gibberish"],
            kept["premise"],
        )
