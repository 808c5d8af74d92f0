"""Stand-in for `keras.utils.control_flow_util`."""

from typing import Any, NoReturn


def smart_cond(*_: Any, **__: Any) -> NoReturn:
    """Say that the real one is absent: only TensorFlow components call it."""
    raise RuntimeError("TensorFlow is not installed: this Rasa component cannot be used (see stubs/README.md).")
