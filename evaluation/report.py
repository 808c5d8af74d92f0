"""The report of an evaluation: tables in French, for the terminal and as Markdown, and its folder."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tabulate import tabulate

from assistant.dialogue.records import Thresholds
from assistant.knowledge.base import Knowledge
from evaluation.curve import Point
from evaluation.misses import COLUMNS, SHOWN, missed, row, write_table
from evaluation.pictures import draw_confusion, draw_curve
from evaluation.questions import HALVES, REGISTERS
from evaluation.scoring import FACTS, FIGURES, Figure, Scored, Share, share
from tools.bench import rasa_default
from tools.bench.figures import french

#: How many points a register may be under the mean.
MOST_UNDER = 5.0
NOTHING = "-"
BOTH = "ensemble"
_ACT = """\
1. `ratees.csv` montre les questions ratées de `dev`, à ouvrir dans un tableur. Pour chacune, écrivez dans `data/nlu/`
   **d'autres** questions de la même sorte : sous le fait attendu s'il n'a pas été reconnu, sous ses questions voisines
   (`inconnu/...`) si un fait a été donné à tort. La question ratée elle-même n'y entre jamais.
2. Si le fait donné convient aussi, ajoutez-le sous `attendu`.
3. `make eval` de nouveau, puis `make test` : un recul significatif y échoue. Quand il est voulu, `make eval-reference`
   prend les résultats du jour pour référence.

De `sealed`, seuls les chiffres sont montrés : ses questions ne se lisent pas."""


@dataclass(frozen=True)
class Evaluation:
    """What was asked, and what came.

    Attributes:
        direct: the questions with their outcomes, in process.
        rest: the same over REST; None if nothing was asked over it.
        base: the same, asked of what the assistant is compared with; None if it is not.
        points: the curve of each half.
        about: what the report says of how it was made: model, knowledge, code, ...
    """

    direct: Sequence[Scored]
    rest: Sequence[Scored] | None
    base: Sequence[Scored] | None
    points: Mapping[str, Sequence[Point]]
    about: Mapping[str, str]

    @property
    def different(self) -> list[Scored]:
        """The questions that got something else over REST than in process, with what came over REST."""
        pairs = zip(self.direct, self.rest or (), strict=False)
        return [over_rest for one, over_rest in pairs if one.outcomes != over_rest.outcomes]

    def columns(self) -> dict[str, Sequence[Scored]]:
        """Return the scored questions by column of the table: each half, both together, REST, the base."""
        halves = {half: [one for one in self.direct if one.question.half == half] for half in HALVES}
        columns: dict[str, Sequence[Scored]] = {half: scored for half, scored in halves.items() if scored}
        columns[BOTH] = self.direct
        more = {"REST": self.rest, rasa_default.NAME: self.base}
        return columns | {name: scored for name, scored in more.items() if scored is not None}


def short_table(evaluation: Evaluation) -> str:
    """Return the figures for a terminal."""
    columns = evaluation.columns()
    rows = []
    for figure in FIGURES:
        shares = _shares(figure, columns)
        cells = [counted(one) if name == BOTH else percent(one) for name, one in shares.items()]
        rows.append([figure.name, *cells, *_targets(figure), held(figure, shares[BOTH])])
    return str(tabulate(rows, ["", *columns, "à atteindre", "au-delà", "tenu"], "simple", colalign=_right(columns)))


def full_table(evaluation: Evaluation) -> str:
    """Return the figures with their confidence intervals, in Markdown."""
    columns = evaluation.columns()
    rows = []
    for figure in FIGURES:
        shares = _shares(figure, columns)
        before = NOTHING if figure.default is None else f"{french(figure.default, 1)} %"
        cells = [with_interval(one) for one in shares.values()]
        rows.append([figure.name, *cells, before, *_targets(figure), held(figure, shares[BOTH])])
    headers = ["", *columns, "Rasa par défaut, au départ", "à atteindre", "au-delà", "tenu"]
    return str(tabulate(rows, headers, "github", colalign=_right([*columns, ""])))


def registers(scored: Sequence[Scored]) -> list[tuple[str, Share, float]]:
    """Return, for each register of the page's questions, how many are right at once, and how far from the mean."""
    facts = [one for one in scored if one.question.kind in FACTS]
    mean = share(facts, lambda one: one.right).value
    found = []
    for register in REGISTERS:
        right = share((one for one in facts if one.question.register == register), lambda one: one.right)
        if right.total:
            found.append((register, right, 100 * (right.value - mean)))
    return found


def by_fact(scored: Sequence[Scored]) -> list[tuple[str, int, "Counter[str]"]]:
    """Return each fact with the number of its questions and what came of them, the worst first."""
    came: dict[str, Counter[str]] = defaultdict(Counter)
    for one in scored:
        if one.question.kind in FACTS:
            came[one.question.facts[0]].update(
                [
                    *["juste"] * one.right,
                    *["faux"] * one.wrong,
                    *["choix"] * one.choices,
                    *["autre"] * (not one.right and not one.wrong and not one.choices),
                ]
            )
    rows = [(fact, what.total(), what) for fact, what in came.items()]
    return sorted(rows, key=lambda row: (row[2]["juste"] / row[1], -row[1], row[0]))


def differences(evaluation: Evaluation) -> str:
    """Return what REST gave that differs, in French: questions of `dev`, a number of `sealed`."""
    if evaluation.rest is None:
        return "Rien n'a été demandé par REST."
    if not evaluation.different:
        return f"REST et la mesure directe donnent la même chose aux {len(evaluation.rest)} questions."
    shown = [one for one in evaluation.different if one.question.half == SHOWN]
    lines = [
        f"REST diffère de la mesure directe pour {len(evaluation.different)} questions, dont {len(shown)} de dev :"
    ]
    return "\n".join([*lines, *(f"- {one.question.text} -> {_came(one)}" for one in shown)])


def write_report(evaluation: Evaluation, knowledge: Knowledge, folder: Path, now: datetime) -> Path:
    """Write `rapport.md`, the pictures and the misses into a folder named after the time; return that folder."""
    place = folder / now.strftime("%Y-%m-%d-%Hh%Mm%S")
    place.mkdir(parents=True)
    draw_curve(evaluation.points, place / "courbe.png")
    draw_confusion(evaluation.direct, place / "confusion.png")
    rows = [row(one, knowledge) for one in missed(evaluation.direct)]
    write_table(COLUMNS, rows, place / "ratees.csv")
    (place / "rapport.md").write_text(report(evaluation, now), encoding="utf-8")
    return place


def report(evaluation: Evaluation, now: datetime) -> str:
    """Return the report in Markdown."""
    about = "\n".join(f"- {name} : {value}" for name, value in evaluation.about.items())
    of_registers = [
        [register, with_interval(right), f"{gap:+.1f}".replace(".", ","), "non" if gap < -MOST_UNDER else "oui"]
        for register, right, gap in registers(evaluation.direct)
    ]
    of_facts = [
        [fact, total, *(came[what] or NOTHING for what in ("juste", "faux", "choix", "autre"))]
        for fact, total, came in by_fact(evaluation.direct)
    ]
    threshold = french(Thresholds().answer, 2)
    sections = {
        "Chiffres": f"Entre crochets, l'intervalle de confiance à 95 % (Wilson).\n\n{full_table(evaluation)}",
        "Par REST": differences(evaluation),
        "Par registre": "Questions de la page, le bon fait tout de suite ; écart à la moyenne en points ; tenu : pas "
        f"plus de {MOST_UNDER:.0f} points sous la moyenne.\n\n"
        + tabulate(of_registers, ["registre", "juste", "écart", "tenu"], "github", disable_numparse=True),
        "Par fait": "Questions de la page, les faits qui vont le moins bien d'abord ; une question compte pour le "
        "premier fait qu'elle attend.\n\n"
        + tabulate(of_facts, ["fait", "questions", "juste", "fait faux", "choix", "refus ou autre"], "github"),
        "Le seuil de réponse": f"Plus le seuil est haut, moins un fait est donné, à raison ou à tort. Point noir : "
        f"{threshold}, le seuil en service ; `docs/adr/` dit pourquoi.\n\n![Courbe](courbe.png)",
        "Ce qui est confondu": "![Confusion](confusion.png)",
        "Que faire": _ACT,
    }
    body = "\n\n".join(f"## {title}\n\n{text}" for title, text in sections.items())
    return f"# Évaluation du {now:%d/%m/%Y à %H:%M}\n\n{about}\n\n{body}\n"


def percent(one: Share) -> str:
    """Return a share in French; nothing where nothing was counted."""
    return f"{french(100 * one.value, 1)} %" if one.total else NOTHING


def counted(one: Share) -> str:
    """Return a share with what it was counted from."""
    return f"{percent(one)} ({one.count}/{one.total})" if one.total else NOTHING


def with_interval(one: Share) -> str:
    """Return a share with what it was counted from and its confidence interval."""
    low, high = (french(100 * bound, 1) for bound in one.interval)
    return f"{counted(one)} [{low} ; {high}]" if one.total else NOTHING


def held(figure: Figure, one: Share) -> str:
    """Return which target a share meets."""
    if not one.total:
        return NOTHING
    return "au-delà" if figure.met(one, figure.beyond) else "oui" if figure.met(one, figure.reach) else "non"


def _shares(figure: Figure, columns: Mapping[str, Sequence[Scored]]) -> dict[str, Share]:
    """Return a figure of each column; what classifies only has none that takes a dialogue."""
    nothing = Share(0, 0)
    return {
        name: nothing if name == rasa_default.NAME and figure.dialogue else figure.of(scored)
        for name, scored in columns.items()
    }


def _targets(figure: Figure) -> list[str]:
    sign = "≥" if figure.high else "≤"
    return [f"{sign} {goal:g} %".replace(".", ",") for goal in (figure.reach, figure.beyond)]


def _right(columns: Sequence[str] | Mapping[str, object]) -> list[str]:
    return ["left", *["right"] * (len(columns) + 2), "left"]


def _came(scored: Scored) -> str:
    return " puis ".join(", ".join(one.given or one.choices) or one.topic or one.kind for one in scored.outcomes)
