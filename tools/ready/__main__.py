"""`python -m tools.ready`: say what is missing before the assistant goes online, or ask for it."""

import argparse
import sys
from datetime import date

from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.loader import load_knowledge
from assistant.settings import Settings
from tools.channels_check import CredentialsError
from tools.ready.contents import check_contents
from tools.ready.environment import check_environment
from tools.ready.filling import Filling
from tools.ready.findings import Finding, missing, summary
from tools.servers import stop_signals_interrupt

_DESCRIPTION = """\
Dit ce qui manque encore avant de mettre l'assistant en ligne. Chaque ligne dit le fichier et la ligne à changer, ou la
variable à donner. Le code de sortie est 1 tant qu'il manque quelque chose ; un conseil n'empêche rien.
"""


def check(settings: Settings, today: date) -> list[Finding]:
    """Return how everything stands that the assistant needs to go online.

    Raises:
        KnowledgeError: a file of the knowledge cannot be trusted.
        CredentialsError: the file of channels cannot be read.
    """
    knowledge = load_knowledge(settings.knowledge)
    return [*check_contents(settings.knowledge, knowledge, today), *check_environment(settings, knowledge)]


def main() -> int:
    """Print how everything stands, after asking for what is missing where that is wanted; return the exit code."""
    options = _options()
    try:
        with stop_signals_interrupt():
            settings, today = Settings.read(), date.today()
            if options.remplir:
                check(settings, today)  # what cannot be read is told before anything is asked
                Filling(settings.knowledge, today).fill(settings)
                print()
            findings = check(settings, today)
    except (ValueError, KnowledgeError, CredentialsError) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Ce fichier ne peut pas être écrit ({error.strerror} : {error.filename}).", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrompu.", file=sys.stderr)
        return 130
    shown = missing(findings) if options.remplir else findings
    print(*shown, summary(findings), sep="\n")
    return 1 if missing(findings) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make pret", description=_DESCRIPTION, add_help=False)
    parser.add_argument("-h", "--help", action="help", help="montrer cette aide")
    parser.add_argument("--remplir", action="store_true", help="demander une à une les choses qui manquent")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
