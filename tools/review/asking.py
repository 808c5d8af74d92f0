"""What is asked in the terminal, or of what is piped in."""

import sys

from assistant.french import fold
from channels.guard import clean


def asked(question: str) -> str:
    """Return what is typed, without what a key leaves that no one sees.

    Raises:
        EOFError: nothing comes any more.
    """
    said = clean(input(question))
    if not sys.stdin.isatty():
        print(said)  # as a terminal shows what is typed in it
    return said


def asked_if_any(question: str) -> str:
    """Return what is typed; nothing where nothing comes any more."""
    try:
        return asked(question)
    except EOFError:
        print()
        return ""


def agreed(question: str, default: bool) -> bool:
    """Return whether a question is answered with yes; it is not where nothing comes any more."""
    while True:
        try:
            said = fold(asked(question))
        except EOFError:
            print()
            return False
        if said in {"", "o", "oui", "n", "non"}:
            return said.startswith("o") if said else default
