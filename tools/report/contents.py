"""What a report says, in French: its headings, tables, pictures and proposals in their order."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from assistant.knowledge.base import Knowledge
from tools.feedback import VERDICTS
from tools.report import pictures
from tools.report.figures import Count, Report
from tools.report.page import Block, Code, Items, Picture, Table, Text, Title
from tools.report.proposals import FEWEST, Kind, Proposal

#: What is to be done, as a heading says it.
STEPS: dict[Kind, str] = {
    "wording": "Nouvelles questions pour un fait",
    "unknown": "Nouvel inconnu",
    "fact": "Fait à écrire",
    "nothing": "Rien à faire",
}
#: The most proposals that are shown whole, and the most groups that are listed with nothing to do.
_MOST_SHOWN, _MOST_LISTED = 25, 15
NO_TEXTS = (
    "Les textes des questions ne sont pas gardés. Pour les avoir, donnez un nombre de jours à "
    "ASSISTANT_JOURS_QUESTIONS (14, par exemple) et redémarrez l'assistant ; les visiteurs en sont avertis."
)
_NOT_COMPARED = "La période d'avant n'a pas été comptée en entier : il n'y a pas de comparaison."
NOTHING_ASKED = "Aucune question sans réponse n'est gardée pour cette période."


def title(report: Report) -> str:
    """Return the title of the page."""
    return f"Rapport d'activité du {_day(report)}"


def contents(report: Report, knowledge: Knowledge) -> list[Block]:
    """Return what the report says."""
    return [
        Title(title(report), 1),
        Items(summary(report, knowledge)),
        *([] if report.compared else [Text(_NOT_COMPARED)]),
        *_volumes(report),
        *_outcomes(report),
        *_facts(report, knowledge),
        *_judged(report, knowledge),
        *_lacking(report),
        *_unanswered(report),
    ]


def summary(report: Report, knowledge: Knowledge) -> list[str]:
    """Return the three lines that matter most: how much, how well, and what to do first."""
    now, before = report.answered
    answered = (
        "aucune question sur les sources" if now is None else f"{_percent(now)} des questions ont eu leur réponse"
    )
    if now is not None and before is not None and report.compared:
        answered += f" ({_percent(before)} dans la période d'avant)"
    messages, conversations = report.messages, report.conversations
    distress = next(count.now for count in report.outcomes if count.name == "détresse")
    first = next((one for one in report.proposals if one.kind != "nothing"), None)
    worst = next((one for one in report.judged if one.fact in knowledge.facts and any(one.verdicts[1:])), None)
    if first:
        step = f"à faire d'abord : {STEPS[first.kind].lower()}, demandé {first.count} fois : « {first.representative} »"
    elif worst:
        step = f"le fait le plus critiqué : {_question(worst.fact, knowledge)} ({sum(worst.verdicts[1:])} critiques)"
    else:
        step = "rien de pressé à faire"
    return [
        f"{_number(messages.now)} messages{_trend(messages, report.compared)}, {_number(conversations.now)} "
        f"conversations nouvelles, {_number(distress)} messages de détresse",
        answered,
        step,
    ]


def _volumes(report: Report) -> Iterator[Block]:
    yield Title("Combien, et par où")
    totals = (report.messages, report.conversations)
    yield _counts("Messages et conversations nouvelles", "total", totals, report)
    yield _counts("Messages par canal", "canal", report.channels, report)
    yield Picture(pictures.DAYS, f"Messages par jour, empilés selon ce qu'ils ont reçu ; {_busiest(report)}.")
    hour = max(range(24), key=lambda one: report.hours[one])
    yield Picture(pictures.HOURS, f"Messages par heure du jour ; le plus entre {hour} h et {hour + 1} h (UTC).")


def _outcomes(report: Report) -> Iterator[Block]:
    yield Title("Ce que les visiteurs ont reçu")
    yield _counts("Messages selon ce qu'ils ont reçu", "ce qu'ils ont reçu", report.outcomes, report, shares=True)
    shares = ", ".join(f"{one.name} {_percent(one.now / (report.messages.now or 1))}" for one in report.outcomes)
    yield Picture(pictures.OUTCOME, f"Part des messages selon ce qu'ils ont reçu : {shares}.")


def _facts(report: Report, knowledge: Knowledge) -> Iterator[Block]:
    yield Title("Les faits les plus demandés")
    if not report.facts:
        yield Text("Aucun fait n'a été donné.")
        return
    rows = [Count(_question(one.name, knowledge), one.now, one.before) for one in report.facts]
    yield _counts("Réponses données, par fait", "fait", rows, report)
    told = ", ".join(f"{one.name} {one.now}" for one in report.facts[:10])
    yield Picture(pictures.FACTS, f"Les faits les plus demandés : {told}.")


def _judged(report: Report, knowledge: Knowledge) -> Iterator[Block]:
    yield Title("Ce que les visiteurs ont dit des réponses")
    if not report.judged:
        yield Text("Aucun visiteur n'a dit ce qu'il pense d'une réponse.")
        return
    rows = [[_question(one.fact, knowledge), *map(str, one.verdicts)] for one in report.judged[:_MOST_SHOWN]]
    yield Table("Avis par fait, le plus critiqué en tête", ["fait", *VERDICTS.values()], rows)


def _lacking(report: Report) -> Iterator[Block]:
    yield Title("Ce que les sources ne donnent pas")
    if not report.lacking and not report.names:
        yield Text("Aucun refus n'a nommé ce qui manque.")
    if report.lacking:
        yield _counts("Refus, par ce qui était demandé", "demandé", report.lacking, report)
    if report.names:
        yield _counts("Refus, par nom dont les sources ne parlent pas", "nom", report.names, report)


def _unanswered(report: Report) -> Iterator[Block]:
    yield Title("Les questions sans réponse, et que faire")
    todo = [one for one in report.proposals if one.kind != "nothing"]
    others = [one for one in report.proposals if one.kind == "nothing"]
    if not report.proposals:
        yield Text(NOTHING_ASKED if report.keeps_questions else NO_TEXTS)
        return
    yield Text(
        "Les questions sont regroupées par leur sens. « make revue » passe ces groupes en revue un à un. Relisez "
        "chaque question avant de la reprendre : rien de personnel n'entre dans les données."
    )
    for number, one in enumerate(todo[:_MOST_SHOWN], 1):
        yield from _proposal(number, one)
    if len(todo) > _MOST_SHOWN:
        yield Text(f"Et {len(todo) - _MOST_SHOWN} autres groupes, plus petits.")
    frequent = [one for one in others if one.count >= FEWEST][:_MOST_LISTED]
    if frequent:
        yield Title("Demandé souvent, sans rien à faire", 3)
        yield Items([f"« {one.representative} » ({asked_times(one)}) : {one.reason}." for one in frequent])
    rare = [one for one in others if one.count < FEWEST]
    if rare:
        yield Text(f"{len(rare)} questions n'ont été posées qu'une ou deux fois : elles ne sont pas montrées.")


def _proposal(number: int, one: Proposal) -> Iterator[Block]:
    yield Title(f"{number}. {STEPS[one.kind]} : « {one.representative} »", 3)
    yield Text(f"{asked_times(one).capitalize()}. Pourquoi : {one.reason}.")
    if one.passage:
        yield Text(f"La source dit : « {one.passage} »")
    yield Items([f"« {question} »" for question in one.questions])
    for addition in one.additions:
        yield Code(addition.file, addition.yaml)


def _counts(caption: str, head: str, counts: Sequence[Count], report: Report, shares: bool = False) -> Table:
    """Return a table of counts: with the period before and the change where there is one, and shares if asked for."""
    total = sum(count.now for count in counts) or 1
    columns = [head, "nombre", *(["part"] if shares else []), *(["avant", "évolution"] if report.compared else [])]
    rows = [
        [
            count.name,
            _number(count.now),
            *([_percent(count.now / total)] if shares else []),
            *([_number(count.before), change(count.now, count.before)] if report.compared else []),
        ]
        for count in counts
    ]
    return Table(caption, columns, rows)


def change(now: int, before: int) -> str:
    """Return the change from one count to another."""
    if not before:
        return "nouveau" if now else "="
    percent = round(100 * (now - before) / before)
    return f"{percent:+d} %" if percent else "="


def _trend(count: Count, compared: bool) -> str:
    return f" ({change(count.now, count.before)})" if compared else ""


def asked_times(one: Proposal) -> str:
    """Return how many times a group of questions was asked."""
    times = f"posée {one.count} fois"
    return times if one.before is None else f"{times}, {one.before} dans la période d'avant"


def _busiest(report: Report) -> str:
    day = max(report.days, key=lambda one: sum(one.outcomes))
    return f"le plus le {day.day:%d/%m/%Y} ({_number(sum(day.outcomes))})"


def _question(name: str, knowledge: Knowledge) -> str:
    """Return a fact with its own question, where it still exists."""
    fact = knowledge.fact(name)
    return f"{name} : {fact.question}" if fact else name


def _day(report: Report) -> str:
    last = report.period.end - timedelta(microseconds=1)
    return f"{report.period.start:%d/%m/%Y} au {last:%d/%m/%Y}"


def _number(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %".replace(".", ",")
