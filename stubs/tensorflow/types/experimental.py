"""Stand-in for `tensorflow.types.experimental`."""


class TensorLike:
    """Named in annotations only."""
