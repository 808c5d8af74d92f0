"""`make revue`: decide on the questions that got no answer, one group at a time; then train, compare and put online."""

import argparse
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path

from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.loader import load_knowledge
from assistant.settings import ROOT, Settings
from channels.journal import Journal
from tools.lint_faq.content import Content, read_content
from tools.report.contents import NO_TEXTS, NOTHING_ASKED
from tools.report.period import Period, days_back
from tools.report.proposals import Proposal, propose
from tools.review.edits import Project
from tools.review.ending import LEFT, Ending
from tools.review.memory import Memory
from tools.review.session import Group, Session, told
from tools.servers import stop_signals_interrupt
from tools.words import not_written

_DESCRIPTION = """\
Passe en revue les questions restées sans réponse, groupe par groupe, comme make rapport les propose. Accepter écrit ce
qui est montré dans data/ ou knowledge/ ; écarter et remettre à plus tard sont retenus ; tout se défait. À la fin, un
nouveau modèle est entraîné à part et comparé à celui qui est en place ; rien n'est en ligne avant votre accord.
"""


@dataclass(frozen=True)
class _Found:
    """What there is to review.

    Attributes:
        groups: what is to be decided on.
        all: every group that the report has something to do about.
        idle: how many groups it has nothing to do about.
    """

    groups: Sequence[Group]
    all: Sequence[Proposal]
    idle: int


def main(root: Path = ROOT) -> int:
    """Review; return the exit code."""
    options = _options()
    try:
        settings = Settings.read()
        with stop_signals_interrupt():
            return _review(options.jours, settings, Project(root, settings.knowledge))
    except sqlite3.Error as error:
        print(f"Le journal ne peut pas être lu ({type(error).__name__} : {error}).", file=sys.stderr)
        return 1
    except OSError as error:
        print(not_written(error), file=sys.stderr)
        return 1
    except (KnowledgeError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrompu.", file=sys.stderr)
        return 130


def _review(jours: float, settings: Settings, project: Project) -> int:
    """Have all that there is decided on, and go on to put it online; return the exit code."""
    print("Lecture des questions et des données...", flush=True)
    now = datetime.now(timezone.utc)
    content = replace(read_content(project.root), knowledge=load_knowledge(project.knowledge))
    memory = Memory(settings.review, settings.question_days, now)
    days = min(jours, settings.question_days)
    found = _find(settings, Period.last(jours, now), content, memory, days)
    print(*_overview(found, settings), sep="\n")
    session = Session(found.groups, content, project)
    try:
        stopped = _decide(session) if found.groups else None
    finally:
        memory.keep(session.decided, days)
    if stopped is not None:
        return stopped
    return _end(Ending(project, settings, session, memory, content.knowledge))


def _decide(session: Session) -> int | None:
    """Have the groups decided on; return an exit code if that is the end of it."""
    try:
        session.run()
    except (EOFError, KeyboardInterrupt) as end:
        print(f"\nCe qui est décidé est gardé : {told(session.decided)}.")
        if session.written:
            print(LEFT)
        return 130 if isinstance(end, KeyboardInterrupt) else 0
    print(f"\nRevue : {told(session.decided)}.")
    return None


def _end(ending: Ending) -> int:
    try:
        return ending.run()
    except KeyboardInterrupt:
        print(f"\nInterrompu. {LEFT}", file=sys.stderr)
        return 130


def _find(settings: Settings, period: Period, content: Content, memory: Memory, days: float) -> _Found:
    """Return what there is to review of a period, without what was decided on and has not grown since."""
    journal = Journal(settings.journal, settings.question_days)
    try:
        entries = journal.entries(period.before.start, period.end)
    finally:
        journal.close()
    proposed = propose(entries, period, content.knowledge, settings.knowledge, content)
    todo = [one for one in proposed if one.kind != "nothing"]
    memory.refresh(todo)
    groups = [Group(one, memory.past(one)) for one in todo]
    left = [one for one in groups if one.past is None or not one.past.settles(one.proposal.count, days)]
    return _Found(left, todo, len(proposed) - len(todo))


def _overview(found: _Found, settings: Settings) -> list[str]:
    """Return what there is to review."""
    if not found.all and not found.idle:
        return [NOTHING_ASKED if settings.question_days else NO_TEXTS]
    counted = f"{len(found.groups)} groupe{'s' * (len(found.groups) > 1)} à passer en revue."
    settled = len(found.all) - len(found.groups)
    again = [f"Déjà décidé lors d'une autre revue : {settled}."] if settled else []
    idle = [f"Sans suite proposée : {found.idle} (make rapport montre les plus demandés)."] if found.idle else []
    return [" ".join([counted, *again, *idle])]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make revue", description=_DESCRIPTION, add_help=False)
    parser.add_argument("-h", "--help", action="help", help="montrer cette aide")
    parser.add_argument("--jours", type=days_back, default=30.0, metavar="N", help="les N derniers jours (30)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
