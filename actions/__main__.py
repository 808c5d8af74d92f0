"""The action server: `python -m actions`. Stops with one line when the knowledge cannot be trusted."""

import logging
import os
import sys

from rasa_sdk.endpoint import run

from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.live import live_knowledge
from assistant.knowledge.snapshots import Snapshots, snapshots_folder
from assistant.settings import Settings


def main() -> None:
    """Serve the actions on the port of the settings."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("rasa_sdk").setLevel(logging.WARNING)
    logging.getLogger("sanic").setLevel(logging.WARNING)
    settings = Settings.read()
    os.environ.setdefault("SANIC_HOST", "127.0.0.1")
    try:
        # This process words the answers: what it knows is what visitors read, and what is kept to go back to.
        live_knowledge().note_use(Snapshots(snapshots_folder(settings)).keep)
    except KnowledgeError as error:
        sys.exit(f"Les connaissances ne peuvent pas être lues. {error}")
    run("actions", port=settings.actions_port)


if __name__ == "__main__":
    main()
