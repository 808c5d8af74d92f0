"""Stand-in for `tensorflow.python.eager.wrap_function`."""


class WrappedFunction:
    """Named in annotations only."""
