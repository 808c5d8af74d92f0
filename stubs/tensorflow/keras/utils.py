"""Stand-in for `tensorflow.keras.utils`."""


class Sequence:
    """Base class of Rasa's batch generators."""
