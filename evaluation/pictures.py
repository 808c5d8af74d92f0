"""The pictures of the report, drawn with Matplotlib."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from assistant.dialogue.records import Thresholds
from evaluation.curve import Point
from evaluation.scoring import Scored

#: The rows of the confusion: more cannot be read.
_MOST_ROWS = 20
_STYLES = {"dev": "-", "sealed": "--"}
_NO_FACT = {"voisins": "(voisine, sans réponse)", "hors_sujet": "(hors sujet)"}


def draw_curve(points: Mapping[str, Sequence[Point]], path: Path) -> None:
    """Draw right answers against wrong ones, one line for each half and each way to be wrong."""
    figure = Figure(figsize=(8, 6), constrained_layout=True)
    axes = figure.add_subplot()
    for half, along in points.items():
        right = [100 * point.right for point in along]
        wrong, near = [100 * point.wrong for point in along], [100 * point.near for point in along]
        axes.plot(wrong, right, _STYLES[half], color="tab:red", label=f"{half} : question de la page, fait faux")
        axes.plot(near, right, _STYLES[half], color="tab:blue", label=f"{half} : question voisine, un fait donné")
        (used,) = [number for number, point in enumerate(along) if point.threshold == Thresholds().answer]
        label = (
            f"seuil en service : {Thresholds().answer:.2f}".replace(".", ",") if half == next(iter(points)) else None
        )
        at = [wrong[used], near[used]]
        axes.plot(at, [right[used]] * 2, "o", color="black", label=label)
    axes.set_xlabel("part qui reçoit un fait à tort (%)")
    axes.set_ylabel("questions de la page : le bon fait tout de suite (%)")
    axes.set_title("Ce que le seuil de réponse fait gagner et perdre")
    axes.set_xlim(left=0)
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right")
    figure.savefig(path, dpi=120)


def draw_confusion(scored: Iterable[Scored], path: Path) -> None:
    """Draw what came instead of which fact: a row for each fact that was missed most, a column for what came."""
    missed = Counter(pair for pair in map(confused, scored) if pair)
    rows = [name for name, _ in _totals(missed, 0).most_common(_MOST_ROWS)]
    kept = Counter({pair: times for pair, times in missed.items() if pair[0] in rows})
    columns = [name for name, _ in _totals(kept, 1).most_common()]
    counts = np.array([[kept[row, column] for column in columns] for row in rows]).reshape(len(rows), len(columns))
    figure = Figure(figsize=(3.5 + 0.4 * len(columns), 2.5 + 0.3 * len(rows)), constrained_layout=True)
    axes = figure.add_subplot()
    axes.set_title("Ce qui est venu à la place (nombre de questions)")
    if missed:
        axes.imshow(counts, cmap="Reds", vmin=0, vmax=counts.max() * 1.5, aspect="auto")
        axes.set_xticks(range(len(columns)), columns, rotation=90)
        axes.set_yticks(range(len(rows)), rows)
        for row, column in zip(*np.nonzero(counts), strict=True):
            axes.text(column, row, counts[row, column], ha="center", va="center")
    axes.set_ylabel("fait attendu")
    axes.set_xlabel("donné")
    figure.savefig(path, dpi=120)


def confused(scored: Scored) -> tuple[str, str] | None:
    """Return what a question expected and what came instead; None where it is not missed, or expects no one fact."""
    question = scored.question
    if question.kind == "faits" and not scored.right:
        wrong = next((given[0] for given in scored.given if not set(given) & set(question.facts)), None)
        return question.facts[0], wrong or ("[choix]" if scored.choices else "[refus ou autre]")
    if question.kind in _NO_FACT and scored.given:
        return _NO_FACT[question.kind], scored.given[0][0]
    return None


def _totals(pairs: "Counter[tuple[str, str]]", side: int) -> "Counter[str]":
    totals: Counter[str] = Counter()
    for pair, times in pairs.items():
        totals[pair[side]] += times
    return totals
