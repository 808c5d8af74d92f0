"""`make run`: start the action server and Rasa together, say where they answer, stop them together."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from assistant.knowledge.errors import KnowledgeError
from assistant.settings import Settings
from channels.pause import pause_file, read_pause
from tools.servers import (
    CREDENTIALS,
    PATIENCE_SECONDS,
    Servers,
    StartError,
    address,
    check,
    environment,
    stop_signals_interrupt,
    wait_until_ready,
)
from tools.train import TrainingError, ensure_model

_READY = """
L'assistant répond.
  Page d'essai : {page}
  Adresse REST : {url}
  Un essai     : curl -s {url} -d '{{"sender": "moi", "message": "Que veut dire OIM ?"}}'
  Pour arrêter : Ctrl-C
"""


def main() -> int:
    """Start the assistant; return the exit code when it has stopped (0 when it was asked to)."""
    arguments = _arguments()
    try:
        with stop_signals_interrupt():
            settings = Settings.read()
            check(settings)
            servers = Servers(environment(settings, ensure_model(), arguments.credentials))
            return _run(servers, settings, arguments.discret)
    except (ValueError, StartError, KnowledgeError, TrainingError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrompu.", file=sys.stderr)
        return 130


def _run(servers: Servers, settings: Settings, quiet: bool) -> int:
    """Run the servers until they are stopped, and return the exit code."""
    announcement = threading.Timer(0.3, _announce, (servers, settings, quiet))
    announcement.daemon = True
    announcement.start()  # a moment later: the manager forks first, with one thread only
    if not quiet:
        print("Démarrage de l'assistant...", flush=True)
    servers.loop()
    if servers.failure:
        print(servers.failure, file=sys.stderr)
        return 1
    if not quiet:
        print("L'assistant est arrêté.")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make run",
        description="Démarre l'assistant.",
        epilog="Variables : ASSISTANT_HOTE, ASSISTANT_PORT, ASSISTANT_PORT_ACTIONS, ASSISTANT_BASE, "
        "ASSISTANT_HEURES_CONSERVATION, ASSISTANT_CONNAISSANCES, ASSISTANT_ORIGINES, "
        "ASSISTANT_JOURS_QUESTIONS, ASSISTANT_PASSAGES, ASSISTANT_SECRET "
        "(voir README.md).",
    )
    parser.add_argument("--credentials", type=Path, default=CREDENTIALS, help="les canaux à ouvrir")
    parser.add_argument("--discret", action="store_true", help="ne rien dire tant que tout va bien")
    return parser.parse_args()


def _announce(servers: Servers, settings: Settings, quiet: bool) -> None:
    """Say where the assistant answers once it does; stop it if it never does."""
    if wait_until_ready(settings, lambda: servers.stopping):
        if not quiet:
            here = address(settings)
            print(_READY.format(page=f"{here}/webhooks/website/", url=f"{here}/webhooks/rest/webhook"), flush=True)
            if read_pause(pause_file(settings)):
                print("Il est en pause et ne répond à aucune question ; pour qu'il réponde : make reprise", flush=True)
    elif not servers.stopping:
        servers.failure = f"L'assistant ne répond pas après {PATIENCE_SECONDS} secondes ; il est arrêté."
        os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
