"""Stand-in for `tensorflow.keras.layers`."""


class Layer:
    """Base class of Rasa's layers."""


class Dense(Layer):
    """Base class of Rasa's sparse and masked dense layers."""


class Dropout(Layer):
    """Base class of Rasa's sparse dropout."""


class AbstractRNNCell(Layer):
    """Base class of a recurrent cell of Rasa's."""
