"""What is measured, what is aimed at, and the table of both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

#: How many turns at either end of a conversation are compared.
ENDS = 20
MEGABYTE = 10**6


@dataclass(frozen=True)
class Measure:
    """A figure of the table.

    Attributes:
        name: what it is, in French.
        unit: what it is counted in.
        target: the most that it may be.
        decimals: how many are shown.
    """

    name: str
    unit: str
    target: float
    decimals: int = 0

    def show(self, value: float | None) -> str:
        """Return a value in French."""
        return "non mesuré" if value is None else f"{french(value, self.decimals)} {self.unit}".strip()


@dataclass(frozen=True)
class Round:
    """What was measured between one start of a bot and its stop.

    Attributes:
        start: seconds from the start to the first right answer.
        fresh: milliseconds of each reply, each question in a conversation of its own.
        conversation: milliseconds of each reply of one conversation.
        silent: how many replies said nothing.
        memory: bytes resident after all that; None where the system does not say.
    """

    start: float
    fresh: Sequence[float]
    conversation: Sequence[float]
    silent: int
    memory: int | None


FRESH_P50 = Measure("Réponse, conversations neuves, p50", "ms", 12, 1)
FRESH_P99 = Measure("Réponse, conversations neuves, p99", "ms", 40, 1)
LONG_P50 = Measure("Réponse, conversations longues, p50", "ms", 12, 1)
LONG_P99 = Measure("Réponse, conversations longues, p99", "ms", 40, 1)
GROWTH = Measure("Derniers tours comparés aux premiers", "fois", 1.5, 2)
SILENT = Measure("Réponses vides", "", 0)
START = Measure("Démarrage, jusqu'à la première bonne réponse", "s", 8, 1)
MEMORY = Measure("Mémoire résidente (RSS) de tous les serveurs", "Mo", 350)
DISK = Measure("Environnement sur le disque", "Mo", 800)
MODEL = Measure("Fichier du modèle", "Mo", 40, 1)
TRAINING = Measure("Entraînement", "s", 90)

Results = Mapping[Measure, float | None]


def results(rounds: Sequence[Round], disk: int, model: int, training: float | None) -> Results:
    """Return the figures of one bot.

    Args:
        rounds: what was measured at each start.
        disk: bytes of its environment.
        model: bytes of its model.
        training: seconds of a training; None if there was none.
    """
    fresh = [reply for one in rounds for reply in one.fresh]
    long = [reply for one in rounds for reply in one.conversation]
    memory = [one.memory for one in rounds if one.memory is not None]
    return {
        FRESH_P50: median(fresh),
        FRESH_P99: p99(fresh),
        LONG_P50: median(long),
        LONG_P99: p99(long),
        GROWTH: median(growth(one.conversation) for one in rounds),
        SILENT: sum(one.silent for one in rounds),
        START: median(one.start for one in rounds),
        MEMORY: max(memory) / MEGABYTE if memory else None,
        DISK: disk / MEGABYTE,
        MODEL: model / MEGABYTE,
        TRAINING: training,
    }


def p99(values: Sequence[float]) -> float:
    """Return what 99 % of the values are at most."""
    return quantiles(values, n=100, method="inclusive")[98]


def growth(conversation: Sequence[float]) -> float:
    """Return how many times longer the last replies of a conversation took than the first."""
    return median(conversation[-ENDS:]) / median(conversation[:ENDS])


def missed(measured: Results) -> list[Measure]:
    """Return the measures whose target was missed; what was not measured is not among them."""
    return [measure for measure, value in measured.items() if value is not None and value > measure.target]


def table(ours: Results, base: tuple[str, Results] | None = None) -> str:
    """Return the table of what was measured.

    Args:
        ours: the assistant's figures.
        base: the name and the figures of what it is compared with.
    """
    heading = f"{'':<46}{'mesuré':>12}{'cible':>12}  {'tenue':<7}"
    lines = [f"{heading}{base[0]:>14}{'rapport':>10}" if base else heading]
    bad = missed(ours)
    for measure, value in ours.items():
        held = "-" if value is None else "non" if measure in bad else "oui"
        target = f"≤ {measure.show(measure.target)}"
        line = f"{measure.name:<46}{measure.show(value):>12}{target:>12}  {held:<7}"
        if base:
            other = base[1][measure]
            line += f"{measure.show(other):>14}{_ratio(value, other):>10}"
        lines.append(line)
    return "\n".join(line.rstrip() for line in lines)


def french(number: float, decimals: int) -> str:
    """Return a number as French writes it."""
    return f"{number:.{decimals}f}".replace(".", ",")


def _ratio(value: float | None, other: float | None) -> str:
    return f"x {french(other / value, 1)}" if value and other else "-"
