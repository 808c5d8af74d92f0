"""The pictures of the report, drawn with Matplotlib."""

import io
from collections.abc import Callable, Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tools.report.figures import OUTCOMES, Report

DAYS, HOURS, OUTCOME, FACTS = "jours.png", "heures.png", "suites.png", "faits.png"
#: Colours that people who see colours differently tell apart (Okabe and Ito).
_COLOURS = ("#009E73", "#56B4E9", "#E69F00", "#D55E00", "#999999", "#CC79A7")


def draw_all(report: Report) -> Mapping[str, bytes]:
    """Return the pictures of a report as PNG, by file name."""
    draw: dict[str, Callable[[Report, Axes], None]] = {DAYS: _days, HOURS: _hours, OUTCOME: _outcomes, FACTS: _facts}
    return {name: _png(report, one) for name, one in draw.items()}


def _png(report: Report, draw: Callable[[Report, Axes], None]) -> bytes:
    figure = Figure(figsize=(9, 4), constrained_layout=True)
    draw(report, figure.add_subplot())
    kept = io.BytesIO()
    figure.savefig(kept, format="png", dpi=110, metadata={"Software": None})
    return kept.getvalue()


def _days(report: Report, axes: Axes) -> None:
    below = [0] * len(report.days)
    places = range(len(report.days))
    for number, (name, colour) in enumerate(zip(OUTCOMES, _COLOURS, strict=True)):
        counts = [day.outcomes[number] for day in report.days]
        axes.bar(places, counts, bottom=below, color=colour, label=name, width=0.85)
        below = [one + count for one, count in zip(below, counts, strict=True)]
    step = max(1, len(report.days) // 10)
    shown = list(places)[::step]
    axes.set_xticks(shown, [f"{report.days[place].day:%d/%m}" for place in shown])
    axes.set_ylabel("messages")
    axes.set_title("Messages par jour, et ce qu'ils ont reçu")
    axes.legend(ncol=len(OUTCOMES), fontsize="small", loc="upper center", bbox_to_anchor=(0.5, -0.08), frameon=False)


def _hours(report: Report, axes: Axes) -> None:
    axes.bar(range(24), report.hours, color=_COLOURS[1])
    axes.set_xticks(range(0, 24, 3), [f"{hour} h" for hour in range(0, 24, 3)])
    axes.set_ylabel("messages")
    axes.set_title("Messages par heure du jour (UTC)")


def _outcomes(report: Report, axes: Axes) -> None:
    names = [count.name for count in report.outcomes]
    places = range(len(names))
    periods = [("cette période", "now", _COLOURS[0])]
    if report.compared:
        periods.append(("période d'avant", "before", _COLOURS[4]))
    for number, (label, part, colour) in enumerate(periods):
        total = sum(getattr(count, part) for count in report.outcomes) or 1
        shares = [100 * getattr(count, part) / total for count in report.outcomes]
        axes.bar([place + 0.4 * number for place in places], shares, 0.38, color=colour, label=label)
    axes.set_xticks([place + 0.2 * (len(periods) - 1) for place in places], names)
    axes.set_ylabel("part des messages (%)")
    axes.set_title("Ce que les messages ont reçu")
    axes.legend()


def _facts(report: Report, axes: Axes) -> None:
    facts = list(reversed(report.facts[:10]))
    axes.barh([count.name for count in facts], [count.now for count in facts], color=_COLOURS[0])
    axes.set_xlabel("réponses données")
    axes.set_title("Les faits les plus demandés")
