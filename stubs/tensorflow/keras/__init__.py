"""Stand-in for `tensorflow.keras`: base classes that Rasa's unused layers inherit from."""

from tensorflow.keras import backend, callbacks, layers, metrics, utils

__all__ = ["backend", "callbacks", "layers", "metrics", "utils"]
