"""`make bench`: the assistant's speed and size, against their targets and against Rasa as `rasa init` sets it up."""


class BenchError(Exception):
    """Something could not be measured; the message says why in French, then what the program at fault printed."""
