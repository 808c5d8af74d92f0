"""Stand-in for `tensorflow.keras.callbacks`."""


class Callback:
    """Base class of Rasa's training callbacks."""
