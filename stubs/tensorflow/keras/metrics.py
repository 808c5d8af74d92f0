"""Stand-in for `tensorflow.keras.metrics`."""


class Metric:
    """Base class of Rasa's metrics."""
