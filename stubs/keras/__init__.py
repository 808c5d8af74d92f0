"""Import-only stand-in for Keras."""


class Model:
    """Base class of Rasa's unused models."""
