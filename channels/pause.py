"""The pause switch: a small file beside the conversations, which every channel looks at."""

import json
import logging
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assistant.files import write_whole
from assistant.french import fold
from assistant.settings import Settings
from channels.texts import TEXTS

logger = logging.getLogger(__name__)

#: How often, in seconds, the file is looked at.
INTERVAL = 1.0
#: What says, folded, that a line tells already whom to call in danger.
_WHOM_TO_CALL = "appelez le numero d urgence"


@dataclass(frozen=True)
class Pause:
    """A pause of the assistant.

    Attributes:
        message: the operator's line; empty for the default one.
        since: when it began.
    """

    message: str
    since: datetime

    def told(self, services: str = "") -> str:
        """Return what a visitor reads, whom to call in danger included.

        Args:
            services: the lines of the emergency services that the operator entered, each after a line break.
        """
        line = self.message or TEXTS["pause"]
        if _WHOM_TO_CALL not in fold(line):
            line = f"{line}\n{TEXTS['urgence']}"
        return f"{line}{services}"


def pause_file(settings: Settings) -> Path:
    """Return the file that is there as long as the assistant is paused."""
    return settings.database.with_name("pause.json")


def write_pause(path: Path, pause: Pause) -> None:
    """Begin a pause, or change its line.

    Raises:
        OSError: the file cannot be written.
    """
    content = {"message": pause.message, "depuis": pause.since.isoformat(timespec="seconds")}
    write_whole(path, json.dumps(content, ensure_ascii=False).encode())


def read_pause(path: Path) -> Pause | None:
    """Return the pause that a file tells of, or None without one; a damaged file is a pause with the default line."""
    try:
        content = json.loads(path.read_text("utf-8"))
        return Pause(str(content["message"]), datetime.fromisoformat(content["depuis"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        logger.error("Le fichier %s est illisible (%s) : l'assistant reste en pause.", path.name, type(error).__name__)
        return Pause("", datetime.now().astimezone())


class PauseSwitch:
    """Whether the assistant is paused, as its file says, looked at once a second at most.

    Args:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._looked = float("-inf")
        self._pause: Pause | None = None

    @property
    def pause(self) -> Pause | None:
        """The pause that there is, or None."""
        now = time.monotonic()
        if now - self._looked >= INTERVAL:
            self._looked = now
            self._pause = read_pause(self._path)
        return self._pause
