"""What is counted of a period and of the one before it: pure functions over the journal and the feedback."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.knowledge.base import Knowledge
from channels.feedback import Feedback
from channels.journal import Entry
from tools.feedback import VERDICTS, summary
from tools.report.period import Period
from tools.report.proposals import Proposal

#: What became of a message, in French, by the kind of its decision.
OUTCOMES = {
    "réponse": frozenset({"answer", "contact"}),
    "choix proposés": frozenset({"choices", "clarify"}),
    "refus": frozenset({"refusal", "off_topic", "write_to"}),
    "détresse": frozenset({"distress"}),
    "conversation": frozenset({"small_talk", "nothing_to_repeat", "erasure"}),
    "autre langue": frozenset({"other_language"}),
}
OTHER_OUTCOME = "autre"
#: Outcomes of what was a question about the sources, or was meant as one.
QUESTIONS = ("réponse", "choix proposés", "refus")
#: Rows of the tables that could have many.
MOST_ROWS = 15


@dataclass(frozen=True)
class Count:
    """How often something came, now and in the period before."""

    name: str
    now: int
    before: int


@dataclass(frozen=True)
class Judged:
    """What visitors said of a fact, by verdict in the order of `VERDICTS`."""

    fact: str
    verdicts: tuple[int, ...]


@dataclass(frozen=True)
class Day:
    """What became of the messages of a day (UTC), in the order of `OUTCOMES`."""

    day: date
    outcomes: tuple[int, ...]


@dataclass(frozen=True)
class Report:
    """All that a report says.

    Attributes:
        period: the time that counts.
        compared: whether the period before it was counted.
        keeps_questions: whether questions without an answer are kept.
        decisions: how many decisions were read.
        conversations: how many conversations began.
        messages: how many messages came.
        channels: messages by channel, the busiest first.
        outcomes: messages by what became of them, in the order of `OUTCOMES`.
        days: the same by day.
        hours: messages by hour of the day (UTC).
        facts: the facts most asked.
        lacking: what was asked most and the sources lack, as refusals name it.
        names: names that the sources do not speak of, the most asked first.
        judged: what visitors said of facts, the most criticised first.
        proposals: what to do about the questions without an answer.
    """

    period: Period
    compared: bool
    keeps_questions: bool
    decisions: int
    conversations: Count
    messages: Count
    channels: tuple[Count, ...]
    outcomes: tuple[Count, ...]
    days: tuple[Day, ...]
    hours: tuple[int, ...]
    facts: tuple[Count, ...]
    lacking: tuple[Count, ...]
    names: tuple[Count, ...]
    judged: tuple[Judged, ...]
    proposals: tuple[Proposal, ...]

    @property
    def answered(self) -> tuple[float | None, float | None]:
        """The share of the questions that got an answer, now and before; None where there was none."""
        questions = [count for count in self.outcomes if count.name in QUESTIONS]
        shares = []
        for part in ("now", "before"):
            asked = sum(getattr(count, part) for count in questions)
            shares.append(getattr(questions[0], part) / asked if asked else None)
        return shares[0], shares[1]


def count_all(  # noqa: PLR0913  # each is read from a place of its own
    period: Period,
    entries: Sequence[Entry],
    feedback: Sequence[Feedback],
    proposals: Sequence[Proposal],
    knowledge: Knowledge,
    *,
    keeps_questions: bool,
) -> Report:
    """Return the report on a period.

    Args:
        period: the time that counts.
        entries: the decisions of the period and of the one before it.
        feedback: what visitors said, at any time.
        proposals: what to do about questions without an answer.
        knowledge: what the assistant knows: the questions of facts, the names of what is lacking.
        keeps_questions: whether questions without an answer are kept.
    """
    both = _Both(period.of(entries), period.before.of(entries))
    messages = both.only(lambda entry: entry.part == 0)
    judged = [one for one in feedback if period.start <= one.said_at < period.end]
    return Report(
        period=period,
        compared=_covers(entries, period.before),
        keeps_questions=keeps_questions,
        decisions=len(both.now),
        conversations=messages.only(lambda entry: entry.first).count("conversations"),
        messages=messages.count("messages"),
        channels=messages.by(lambda entry: entry.channel),
        outcomes=_in_order(messages.by(outcome), [*OUTCOMES, OTHER_OUTCOME]),
        days=_days(messages.now, period),
        hours=_hours(messages.now),
        facts=both.by(_answered)[:MOST_ROWS],
        lacking=both.by(lambda entry: _lacking(entry, knowledge))[:MOST_ROWS],
        names=both.by(lambda entry: _named(entry, knowledge))[:MOST_ROWS],
        judged=tuple(Judged(name, tuple(said[verdict] for verdict in VERDICTS)) for name, said in summary(judged)),
        proposals=tuple(proposals),
    )


def _covers(entries: Sequence[Entry], period: Period) -> bool:
    """Return whether the journal had begun when a period had: what was not counted is nothing to compare with."""
    first = min((entry.at for entry in entries), default=period.end)
    return first - period.start < (period.end - period.start) / 10


def outcome(entry: Entry) -> str:
    """Return what became of a message, in French."""
    return next((name for name, kinds in OUTCOMES.items() if entry.kind in kinds), OTHER_OUTCOME)


@dataclass(frozen=True)
class _Both:
    """The decisions of the period and of the one before it."""

    now: Sequence[Entry]
    before: Sequence[Entry]

    def only(self, holds: Callable[[Entry], bool]) -> "_Both":
        return _Both([one for one in self.now if holds(one)], [one for one in self.before if holds(one)])

    def count(self, name: str) -> Count:
        return Count(name, len(self.now), len(self.before))

    def by(self, name: Callable[[Entry], str]) -> tuple[Count, ...]:
        """Return how often each name came, the most frequent first; nothing is no name."""
        now, before = Counter(map(name, self.now)), Counter(map(name, self.before))
        counts = [Count(one, now[one], before[one]) for one in {*now, *before} if one]
        return tuple(sorted(counts, key=lambda count: (-count.now, -count.before, count.name)))


def _answered(entry: Entry) -> str:
    if entry.kind == "contact":
        return "contact"
    return entry.facts[0] if entry.kind == "answer" and entry.facts else ""


def _lacking(entry: Entry, knowledge: Knowledge) -> str:
    """Return what a refusal named, as it says it; what the knowledge has no longer is named by its id."""
    if entry.kind not in OUTCOMES["refus"] or not entry.unknown:
        return ""
    unknown = knowledge.unknowns.get(entry.unknown)
    return unknown.label if unknown else entry.unknown


def _named(entry: Entry, knowledge: Knowledge) -> str:
    """Return the name of a refusal, as far as the knowledge still has it: no word of a visitor is counted."""
    other = knowledge.other_names.get(entry.other_name or "")
    return other.name if other else ""


def _in_order(counts: Iterable[Count], names: Sequence[str]) -> tuple[Count, ...]:
    """Return counts in the order of some names; what never came is there too, but for what has no name."""
    found = {count.name: count for count in counts}
    return tuple(found.get(name, Count(name, 0, 0)) for name in names if name in found or name != OTHER_OUTCOME)


def _days(entries: Sequence[Entry], period: Period) -> tuple[Day, ...]:
    counts = Counter((entry.at.date(), outcome(entry)) for entry in entries)
    first, last = period.start.date(), (period.end - timedelta(microseconds=1)).date()
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return tuple(Day(day, tuple(counts[day, name] for name in OUTCOMES)) for day in days)


def _hours(entries: Sequence[Entry]) -> tuple[int, ...]:
    counts = Counter(entry.at.hour for entry in entries)
    return tuple(counts[hour] for hour in range(24))
