"""Looking through the groups in the terminal: one at a time, each decision carried out at once and undone as easily."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.files import undisturbed
from assistant.french import fold
from assistant.knowledge.errors import KnowledgeError
from tools.lint_faq.content import Content
from tools.report.contents import STEPS, asked_times
from tools.report.proposals import Proposal
from tools.review.asking import asked
from tools.review.edits import Edit, Project, RefusedError, edit_of
from tools.review.memory import Decision, Past
from tools.review.steps import CHANGES, Step, changed, shown, step_of
from tools.words import not_written, when

_WELCOME = """\
Une lettre puis Entrée : a écrit ce qui est montré, é écarte le groupe (il ne revient que s'il grandit), d défait la
dernière décision, autant de fois qu'il faut, q s'arrête là (ce qui est décidé reste). Relisez chaque ligne, et
récrivez-la au moindre doute (m) : elle reste, les questions des visiteurs s'effacent."""
_KEYS = "a accepter, é écarter, p plus tard, m modifier, d défaire, q quitter > "
_CHANGE = "Quoi (Entrée : c'est bien ainsi, ? : aide) > "
_END = "C'était le dernier groupe. d défaire, Entrée terminer > "
_LETTERS = {"a": "accepter", "e": "écarter", "p": "plus tard", "m": "modifier", "d": "défaire", "q": "quitter"}
_DECIDED: dict[Decision, tuple[str, str]] = {
    "accepted": ("accepté", "acceptés"),
    "dismissed": ("écarté", "écartés"),
    "later": ("remis à plus tard", "remis à plus tard"),
}


@dataclass(frozen=True)
class Group:
    """Questions that got no answer, with what was decided on them before."""

    proposal: Proposal
    past: Past | None = None


@dataclass(frozen=True)
class _Done:
    """A decision of this session.

    Attributes:
        number: the group's.
        edit: what was written, for one that was accepted.
        content: the content before it.
    """

    number: int
    decision: Decision
    edit: Edit | None
    content: Content


class Session:
    """One review.

    Args:
        groups: what is to be decided on.
        content: the training data and the knowledge.
        project: where they are.
    """

    def __init__(self, groups: Sequence[Group], content: Content, project: Project) -> None:
        self._groups = groups
        self._content = content
        self._project = project
        self._done: list[_Done] = []
        self._number = 0
        self._kept: dict[int, Step] = {}  # as they were accepted, for groups that come back by an undo

    @property
    def decided(self) -> list[tuple[Proposal, Decision]]:
        """The groups that were decided on."""
        return [(self._groups[one.number].proposal, one.decision) for one in self._done]

    @property
    def written(self) -> list[Path]:
        """The files that were changed, each once."""
        return list(dict.fromkeys(path for one in self._done if one.edit for path in one.edit.after))

    def run(self) -> None:
        """Ask until all is decided on, or whoever reviews has had enough.

        Raises:
            EOFError, KeyboardInterrupt: they ended it otherwise; what was decided stays.
        """
        print(_WELCOME)
        while True:
            if self._number == len(self._groups):
                if fold(asked(_END)).startswith("d"):
                    self._undo()
                    continue
                return
            if not self._decide(self._groups[self._number]):
                return

    def undo_all(self) -> None:
        """Undo what was accepted, the last first.

        Raises:
            RefusedError: a file has changed since; what was undone before it stays so.
            OSError: a file cannot be written.
        """
        for one in reversed([one for one in self._done if one.edit]):
            with undisturbed():
                if one.edit:
                    one.edit.undo()
                self._done.remove(one)

    def _decide(self, group: Group) -> bool:
        """Have one group decided on; return False to stop."""
        proposed = step_of(group.proposal, self._content, lambda path: (self._project.root / path).exists())
        step = self._kept.pop(self._number, proposed)
        self._show(group, step)
        while True:
            letter = _letter()
            if letter == "q":
                return False
            if letter == "m":
                step = self._change(step)
            elif self._did(letter, step):
                return True

    def _did(self, letter: str, step: Step) -> bool:
        """Do what a letter says; return whether another group is to be shown."""
        if letter == "d":
            return self._undo()
        if letter == "a":
            return self._accept(step)
        self._note("dismissed" if letter == "e" else "later")
        return True

    def _accept(self, step: Step) -> bool:
        """Write a step, or say why it cannot be; return whether it was written."""
        try:
            edit = edit_of(step, self._content, self._project)
            with undisturbed():  # nothing is written that is not noted
                edit.write()
                self._note("accepted", edit)
        except (RefusedError, KnowledgeError) as error:
            print(f"Refusé, rien n'a changé :\n{error}")
            return False
        except OSError as error:
            print(f"Rien n'a changé : {not_written(error)}")
            return False
        print(
            f"Écrit : {', '.join(map(self._place, edit.after))}.",
            *(f"Conseil : {one}" for one in edit.advice),
            sep="\n",
        )
        if step.unknown:
            print("L'assistant en marche le lit déjà : ses refus nomment ce nouvel inconnu.")
        if step.quote:
            print(f'Complétez le brouillon, puis : make source ARGS="--publier {step.topic}"')
        self._kept[self._done[-1].number] = step
        return True

    def _note(self, decision: Decision, edit: Edit | None = None) -> None:
        self._done.append(_Done(self._number, decision, edit, self._content))
        self._number += 1
        if edit:
            self._content = edit.content

    def _undo(self) -> bool:
        """Undo the last decision; return whether there was one that could be."""
        if not self._done:
            print("Il n'y a rien à défaire.")
            return False
        last = self._done[-1]
        try:
            with undisturbed():
                if last.edit:
                    last.edit.undo()
                self._done.pop()
        except RefusedError as error:
            print(error)
            return False
        except OSError as error:
            print(not_written(error))
            return False
        self._number, self._content = last.number, last.content
        files = f" ; comme avant : {', '.join(map(self._place, last.edit.before))}" if last.edit else ""
        print(f"Défait{files}.")
        return True

    def _change(self, step: Step) -> Step:
        """Return a step as whoever reviews wants it."""
        while said := asked(_CHANGE):
            if said == "?":
                print(CHANGES)
                continue
            try:
                step = changed(step, said, self._content)
            except ValueError as error:
                print(error)
                continue
            print(*shown(step, self._content), sep="\n")
        return step

    def _show(self, group: Group, step: Step) -> None:
        one = group.proposal
        print(f"\n{self._number + 1} sur {len(self._groups)}. {STEPS[one.kind]} : « {one.representative} »")
        print(f"{asked_times(one).capitalize()}. Pourquoi : {one.reason}.", *_before(group.past), sep="\n")
        print(*shown(step, self._content), sep="\n")

    def _place(self, path: Path) -> str:
        return path.relative_to(self._project.root).as_posix() if path.is_relative_to(self._project.root) else str(path)


def told(decided: Sequence[tuple[Proposal, Decision]]) -> str:
    """Return how many groups were decided on, and how."""
    counts = Counter(decision for _, decision in decided)
    parts = [
        f"{counts[decision]} {names[counts[decision] > 1]}" for decision, names in _DECIDED.items() if counts[decision]
    ]
    return ", ".join(parts) or "rien de décidé"


def _before(past: Past | None) -> Iterator[str]:
    """Yield what was decided on a group before."""
    if past:
        grown = "" if past.decision == "later" else " ; demandé bien plus souvent depuis"
        yield f"({_DECIDED[past.decision][0].capitalize()} le {when(past.at)}{grown}.)"


def _letter() -> str:
    """Return the first letter of what is typed, once it is one that does something, or its word."""
    while True:
        said = fold(asked(_KEYS))
        if said and fold(_LETTERS.get(said[0], "")).startswith(said):
            return said[0]
        print("Une de ces lettres, puis Entrée.")
