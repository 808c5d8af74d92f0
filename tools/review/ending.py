"""What follows a review: the linter, a model on trial, both measured, and only then, if it is wanted, online."""

import sys
from dataclasses import dataclass

from assistant.french import fold
from assistant.knowledge.base import Knowledge
from assistant.knowledge.errors import KnowledgeError
from assistant.settings import Settings
from evaluation.understanding import ModelError
from tools import kept_models
from tools.kept_models import MODEL, kept, pinned, place_of
from tools.lint_faq.__main__ import lint
from tools.lint_faq.findings import errors, summary
from tools.review.asking import agreed, asked_if_any
from tools.review.edits import Project, RefusedError
from tools.review.measuring import Difference, measure, table, verdict
from tools.review.memory import Memory
from tools.review.session import Session
from tools.train import TrainingError, fingerprint, is_current, train_apart
from tools.versions import LATEST, VersionError, activate
from tools.words import not_written

_TRY = "Entraîner et comparer maintenant (trois minutes ; l'assistant en place reste le même) ? [O/n] > "
_ONLINE = "Mettre en ligne ? {keys} > "
_UNDO = "d défaire les changements de cette revue, Entrée les garder pour plus tard > "
#: What is true whenever changes stay in the files without being measured.
LEFT = (
    "Les changements restent dans les fichiers, et le modèle en place reste le même.\n"
    "« make revue » y revient ; « make train » et « make run » entraîneraient sans comparer."
)


@dataclass(frozen=True)
class Ending:
    """The end of a review.

    Attributes:
        project: where the content is.
        settings: the settings of the assistant.
        session: the review that it is the end of.
        memory: what was decided, which is kept by now.
        known: what the assistant knew before it.
    """

    project: Project
    settings: Settings
    session: Session
    memory: Memory
    known: Knowledge

    def run(self) -> int:
        """Go as far as whoever reviews wants; return the exit code.

        Raises:
            KeyboardInterrupt: they stopped it; what they decided stays, and nothing is online.
        """
        root = self.project.root
        if is_current(root):
            self._say_what_is_online()
            return 0
        if not (root / MODEL).is_file():
            print("Il n'y a pas encore de modèle à comparer : make train l'entraîne.")
            return 0
        if not self.session.written:
            print("Les données ont changé depuis que le modèle en place a été entraîné.")
        if not agreed(_TRY, default=True):
            print(LEFT)
            return 0
        findings = lint(root)
        wrong = errors(findings)
        advice = (one for one in findings if one not in wrong and root / one.place.file in self.session.written)
        print(*wrong, *advice, summary(findings), sep="\n")
        if wrong:
            print(f"À corriger d'abord. {LEFT}", file=sys.stderr)
            return 1
        try:
            return self._measured()
        except (TrainingError, ModelError, KnowledgeError, VersionError) as error:
            print(f"{error}\n{LEFT}", file=sys.stderr)
        except OSError as error:
            print(f"{not_written(error)}\n{LEFT}", file=sys.stderr)
        return 1

    def _measured(self) -> int:
        """Train, measure, and put online what is wanted; return the exit code."""
        root = self.project.root
        before = kept_models.keep(root / MODEL)
        trained = next((one.version for one in kept(root) if one.inputs == fingerprint(root)), "")
        version = trained or train_apart(root)
        print("Mesure des deux modèles sur les mêmes questions (une demi-minute)...", flush=True)
        models = (place_of(root, before), place_of(root, version))
        difference = measure(root, (self.known, self.project.knowledge), models, self.settings.passages)
        print("", table(difference), "", *verdict(difference), sep="\n")
        if self._wanted(difference):
            print(activate(version, self.settings, root))
            return 0
        return self._not_online(before, version)

    @staticmethod
    def _wanted(difference: Difference) -> bool:
        fell = bool(difference.losses)
        return agreed(_ONLINE.format(keys="[o/N]" if fell else "[O/n]"), default=not fell)

    def _not_online(self, before: str, version: str) -> int:
        """Undo the review or keep it for later; either way the model of before stays in use."""
        if self.session.written and fold(asked_if_any(_UNDO)).startswith("d"):
            accepted = [group for group, decision in self.session.decided if decision == "accepted"]
            try:
                self.session.undo_all()
            except RefusedError as error:
                print(error, file=sys.stderr)
                return 1
            self.memory.forget(accepted)
            kept_models.forget(self.project.root, version)
            print("Tous les fichiers sont comme avant la revue. Rien n'est en ligne.")
            return 0
        if not pinned(self.project.root):
            kept_models.pin(self.project.root, before)
        print(
            f"Le modèle {before} reste en place, épinglé : make run et make train le gardent.\n"
            f"Les changements attendent dans les fichiers. Pour les mettre en ligne : make revenir VERSION={LATEST}"
        )
        return 0

    def _say_what_is_online(self) -> None:
        """Say what became of a review that changed nothing that is learnt from."""
        if self.project.unknowns in self.session.written:
            print("Rien à entraîner : l'assistant en marche lit déjà le nouvel inconnu.")
