"""Stand-in for `tensorflow.types`."""

from tensorflow.types import experimental

__all__ = ["experimental"]
