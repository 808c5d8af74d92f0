"""`make pause`, `make reprise`: have the assistant say one line instead of answering, on every channel, and go on."""

import argparse
import os
import sys
from datetime import datetime
from pathlib import Path

from assistant.settings import Settings
from channels.guard import clean
from channels.pause import Pause, pause_file, read_pause, write_pause
from tools.words import not_written, place, when

#: The longest line: with whom to call in danger it fits into one message of any app.
MAX_LENGTH = 500

_DESCRIPTION = """\
Met l'assistant en pause : sur tous les canaux, il dit une phrase au lieu de répondre, et qui appeler en cas de danger.
Cela prend effet en une seconde ou deux, sans rien redémarrer. « efface mes données » efface toujours.
"""


def pause(file: Path, message: str, now: datetime) -> str:
    """Begin a pause, or change the line of the one that there is; return what the operator reads.

    Args:
        file: the file that says that the assistant is paused.
        message: the operator's line; empty for the default one.
        now: the time, with its zone.

    Raises:
        ValueError: the line cannot be said; the message says why, in French.
        OSError: the file cannot be written.
    """
    line = _checked(message)
    before = read_pause(file)
    new = Pause(line, before.since if before else now)
    write_pause(file, new)
    changed = " ; sa phrase est changée" if before else ""
    shown = "\n".join(f"  {row}" for row in new.told().splitlines())
    return (
        f"L'assistant est en pause depuis le {when(new.since)} (dossier {place(file.parent)}){changed}.\n"
        f"Sur tous les canaux, d'ici deux secondes, un visiteur lit :\n{shown}\n"
        f"(puis les services de knowledge/urgences.yml, s'il y en a)\n"
        f"Pour qu'il réponde de nouveau : make reprise"
    )


def resume(file: Path) -> str:
    """End the pause, if there is one; return what the operator reads.

    Raises:
        OSError: the file cannot be taken away.
    """
    before = read_pause(file)
    where = f"dossier {place(file.parent)}"
    if before is None:
        return f"L'assistant n'était pas en pause ({where}) ; rien n'a changé."
    file.unlink()
    since = when(before.since)
    return f"L'assistant répond de nouveau, d'ici deux secondes ({where}). Il était en pause depuis le {since}."


def main() -> int:
    """Pause or go on; return the exit code."""
    parser = argparse.ArgumentParser(prog="make pause", description=_DESCRIPTION, add_help=False)
    parser.add_argument("-h", "--help", action="help", help="montrer cette aide")
    parser.add_argument(
        "action", choices=("pause", "reprise"), help='pause (MSG="…" donne la phrase) ou reprise', metavar="ACTION"
    )
    action = parser.parse_args().action
    try:
        file = pause_file(Settings.read())
        said = (
            pause(file, os.environ.get("MSG", ""), datetime.now().astimezone()) if action == "pause" else resume(file)
        )
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(not_written(error), file=sys.stderr)
        return 1
    print(said)
    return 0


def _checked(message: str) -> str:
    """Return an operator's line as visitors get it, if it can be said: its lines stay, spaces become ordinary ones."""
    if any("\ud800" <= character <= "\udfff" for character in message):  # bytes that were no UTF-8
        raise ValueError("MSG contient des caractères illisibles : récrivez la phrase en UTF-8.")
    line = "\n".join(map(clean, message.splitlines())).strip()
    if len(line) > MAX_LENGTH:
        raise ValueError(f"MSG a {len(line)} caractères, et peut en avoir {MAX_LENGTH} : raccourcissez la phrase.")
    return line


if __name__ == "__main__":
    sys.exit(main())
