"""Import-only stand-in for TensorFlow: the names that Rasa 3.6.21 touches while it is imported."""

from typing import Any, Callable, TypeVar

from tensorflow import keras, python, types

__version__ = "2.12.0"
__all__ = ["keras", "python", "types", "Tensor", "SparseTensor", "TensorShape", "TensorSpec", "function"]

_F = TypeVar("_F", bound=Callable[..., Any])


class Tensor:
    """Named in annotations only."""


class SparseTensor:
    """Named in annotations only."""


class TensorShape:
    """Named in annotations only."""


class TensorSpec:
    """Named in annotations only."""


def function(decorated: _F) -> _F:
    """Return the decorated function unchanged."""
    return decorated
