"""What understanding the questions of the evaluation gained and lost, in process: the model in use beside a new one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tabulate import tabulate

from assistant.knowledge.base import Knowledge
from assistant.knowledge.loader import load_knowledge
from evaluation.questions import HALVES, read_questions
from evaluation.reference import SIGNIFICANCE, Compared, Loss, compared, concerned, fingerprint, losses, reference_of
from evaluation.scoring import Scored, run
from evaluation.understanding import Assistant, read_model
from tools.bench.figures import french

_HEAD = ("", "avant", "après", "gagnées", "perdues", "p")
_NOTHING = "-"


@dataclass(frozen=True)
class Difference:
    """Two models on the same questions.

    Attributes:
        figures: each figure before and after.
        losses: those that fell by more than chance.
    """

    figures: Sequence[Compared]
    losses: Sequence[Loss]

    @classmethod
    def of(cls, before: Sequence[Scored], after: Sequence[Scored]) -> "Difference":
        """Return how scored questions differ."""
        reference = reference_of(before)
        return cls([one for one in compared(reference, after) if one.total], losses(reference, after))


def measure(
    root: Path, knowledge: tuple[Path | Knowledge, Path], models: tuple[Path, Path], quoting: bool
) -> Difference:
    """Return what became of the questions of the evaluation.

    Args:
        root: the project's folder, which has the questions.
        knowledge: what was known before, and the folder of what is known now.
        models: the model in use, and the new one.
        quoting: whether sentences of the sources are quoted.

    Raises:
        ModelError: a file is no model.
        KnowledgeError: the questions or the knowledge cannot be read.
    """
    folder = root / "evaluation" / "questions"
    known = load_knowledge(knowledge[1])
    conversations = [one for half in HALVES for one in read_questions(known, half, folder=folder)]
    scored = [
        run(conversations, Assistant(read_model(model).classifier, knows, quoting).ask, title)
        for model, knows, title in zip(models, (knowledge[0], known), ("avant", "après"), strict=True)
    ]
    return Difference.of(*scored)


def table(difference: Difference) -> str:
    """Return the figures for a terminal."""
    rows = [
        (
            one.name,
            _share(one.before, one.total),
            f"{_share(one.now, one.total)} ({one.now}/{one.total})",
            len(one.better) or _NOTHING,
            len(one.worse) or _NOTHING,
            french(one.p, 3) if one.worse else _NOTHING,
        )
        for one in difference.figures
    ]
    return str(tabulate(rows, _HEAD, "simple", colalign=("left", *["right"] * 5), disable_numparse=True))


def verdict(difference: Difference) -> Iterator[str]:
    """Yield which facts lost questions, and which figures fell by more than chance."""
    lost = {fingerprint(scored.question): scored for one in difference.figures for scored in one.worse}
    won = {fingerprint(scored.question) for one in difference.figures for scored in one.better}
    if not lost and not won:
        yield "Aucune question n'a changé de résultat."
    if lost:
        facts = Counter(map(concerned, lost.values()))
        yield "Questions perdues, par fait : " + ", ".join(f"{fact} ({times})" for fact, times in facts.most_common())
    for loss in difference.losses:
        yield f"Recul significatif : {loss}"
    if lost and not difference.losses:
        yield f"Aucun recul n'est significatif (p au moins {french(SIGNIFICANCE, 2)}) : ce peut être le hasard."


def _share(count: int, total: int) -> str:
    return f"{french(100 * count / total, 1)} %"
