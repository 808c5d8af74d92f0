"""A simulated month of 20,000 conversations: what was decided is what the trained model decides on each text.

Run by hand, it makes one to try `make rapport` on:

    .venv/bin/python -m tests.tools.report.month DOSSIER
    ASSISTANT_BASE=DOSSIER/conversations.db ASSISTANT_JOURS_QUESTIONS=400 make rapport
"""

import json
import os
import random
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache, reduce
from pathlib import Path
from typing import Any

import yaml

from assistant.dialogue.context import after
from assistant.dialogue.records import Context, Decision
from assistant.french import fold
from assistant.settings import ROOT
from channels.feedback import FeedbackStore
from channels.guard import mask
from channels.journal import UNANSWERED, Journal, Turn
from evaluation.understanding import Assistant, read_model
from tools.kept_models import MODEL

CONVERSATIONS = 20_000
DAYS = 30
SEED = 7
#: Days that the simulated operator keeps questions: all of the month, and of the tests' other times.
KEPT_DAYS = 400.0

_GROUPS = Path(__file__).with_name("month.yml")
_CHANNELS = {"website": 62, "whatsapp": 14, "telegram": 9, "messenger": 8, "twilio": 5, "slack": 2}
#: How many visitors write at each hour, UTC.
_HOURS = [2, 1, 1, 1, 1, 2, 4, 8, 14, 18, 19, 16, 12, 15, 18, 19, 17, 14, 12, 11, 10, 8, 5, 3]
_WEEKDAYS = [1.2, 1.15, 1.1, 1.1, 1.0, 0.6, 0.55]
#: What a conversation begins with, by weight.
_BEGINNINGS = {
    "fait": 58,
    "groupe": 16,
    "inconnu": 6,
    "bavardage": 9,
    "hors_sujet": 4,
    "autre_langue": 2,
    "detresse": 1,
}
_SMALL_TALK = ("salutation", "merci", "aide", "robot", "au_revoir", "humain")
_FOLLOW_UPS = (
    "et quand ?",
    "et où ?",
    "pourquoi ?",
    "c'est qui ?",
    "combien ?",
    "et qui l'a demandé ?",
    "merci",
    "ok merci",
)
_VERDICTS = {"yes": 80, "wrong": 4, "incomplete": 8, "other": 5, "unclear": 3}
#: How many spellings each question of a group comes in.
_SPELLINGS = 3
#: How many different questions are taken from the training data, for each beginning.
_SAMPLES = {"fait": 250, "inconnu": 60, "hors_sujet": 25, "autre_langue": 20, "detresse": 20, "bavardage": 25}


@dataclass(frozen=True)
class Month:
    """A simulated month.

    Attributes:
        folder: where its journal and its feedback are.
        start: its first moment.
        end: the first moment after it.
        groups: the group of each text that belongs to one.
        expected: the next step that each group calls for, where one is right.
        turns: how many messages there were.
    """

    folder: Path
    start: datetime
    end: datetime
    groups: dict[str, str]
    expected: dict[str, str]
    turns: int

    @property
    def journal(self) -> Path:
        """The file of the journal."""
        return self.folder / "journal.db"

    @property
    def feedback(self) -> Path:
        """The file of what visitors said of answers."""
        return self.folder / "feedback.db"


def simulate(folder: Path, end: datetime, conversations: int = CONVERSATIONS, seed: int = SEED) -> Month:
    """Write the journal and the feedback of a month.

    Args:
        folder: where to.
        end: when the month ends.
        conversations: how many there are.
        seed: what is drawn depends on it alone.
    """
    chance = random.Random(seed)
    visitors = _Visitors(chance)
    start = end - timedelta(days=DAYS)
    month = Month(folder, start, end, visitors.groups, visitors.expected, 0)
    journal, turns = Journal(month.journal, KEPT_DAYS), 0
    judged: list[tuple[str, str, str, str]] = []
    for number, at in enumerate(_times(chance, start, conversations)):
        conversation, channel = f"conversation-{number}", _drawn(chance, _CHANNELS)
        late = (at - start) / (end - start)
        for place, (text, kept) in enumerate(visitors.conversation(late)):
            if kept[0]["kind"] in UNANSWERED:  # to tell all takes longer, and only these matter
                journal.tell(conversation, at.timestamp())
            then = at + timedelta(seconds=40 * place)
            journal.note(Turn(conversation, channel, kept, text, place == 0, then.timestamp()))
            turns += 1
            if channel == "website" and kept[0]["kind"] == "answer" and chance.random() < 0.12:
                said = json.dumps(kept, ensure_ascii=False)
                judged.append(
                    (f"{number}-{place}", then.isoformat(timespec="seconds"), _drawn(chance, _VERDICTS), said)
                )
    journal.close()
    _write_feedback(month.feedback, judged)
    return Month(folder, start, end, visitors.groups, visitors.expected, turns)


class _Visitors:
    """What visitors write, and what is decided on it."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._assistant = Assistant(read_model(MODEL).classifier, ROOT / "knowledge")
        self._answer = cache(self._decide)
        self._pools = _pools(chance)
        groups = yaml.safe_load(_GROUPS.read_text("utf-8"))["groupes"]
        self._groups = {name: _spelt(chance, group["questions"]) for name, group in groups.items()}
        self._weights = {name: group["poids"] for name, group in groups.items()}
        self.expected = {name: group["attendu"] for name, group in groups.items() if "attendu" in group}
        self.groups = {mask(text): name for name, texts in self._groups.items() for text in texts}

    def conversation(self, late: float) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Yield the messages of one conversation with their decisions, as they are kept.

        Args:
            late: how much of the month has passed: more and more visitors ask for a podcast.
        """
        context, text = Context(), self._first(late)
        while True:
            decisions, context, kept = self._answer(text, context)
            yield mask(text), kept
            if self._chance.random() > (0.45 if decisions[0].kind not in UNANSWERED else 0.3):
                return
            text = self._next(decisions[0], text)
            if text not in _FOLLOW_UPS:
                context = Context()  # or each question would be read anew after each other one

    def _decide(self, text: str, context: Context) -> tuple[tuple[Decision, ...], Context, list[dict[str, Any]]]:
        decisions = self._assistant.decide(text, context)
        return decisions, reduce(after, decisions, context), [decision.as_dict() for decision in decisions]

    def _first(self, late: float) -> str:
        beginning = _drawn(self._chance, _BEGINNINGS)
        if beginning != "groupe":
            return _skewed(self._chance, self._pools[beginning])
        weights = {
            name: weight * (0.4 + 1.6 * late if name == "podcast" else 1) for name, weight in self._weights.items()
        }
        return _skewed(self._chance, self._groups[_drawn(self._chance, weights)])

    def _next(self, before: Decision, text: str) -> str:
        drawn = self._chance.random()
        if drawn < 0.15 and before.kind in UNANSWERED:
            return text  # once more, in the same words
        if drawn < 0.5 and before.kind == "answer":
            return self._chance.choice(_FOLLOW_UPS)
        return _skewed(self._chance, self._pools["fait"])


def _pools(chance: random.Random) -> dict[str, list[str]]:
    """Return questions of the training data by what a conversation begins with."""
    found: dict[str, list[str]] = {name: [] for name in _SAMPLES}
    for path in sorted((ROOT / "data" / "nlu").rglob("*.yml")):
        if path.parent.name == "suites":  # understood only after another question
            continue
        name = ""
        for line in path.read_text("utf-8").splitlines():
            label, question = line.removeprefix("- intent: "), line.removeprefix("    - ")
            if label != line:
                intent = label.split("/")[0]
                name = "bavardage" if intent in _SMALL_TALK else "fait" if intent == "contact" else intent
            elif question != line and name in found:
                found[name].append(question)
    return {name: chance.sample(texts, min(_SAMPLES[name], len(texts))) for name, texts in found.items()}


def _spelt(chance: random.Random, questions: Sequence[str]) -> list[str]:
    """Return questions as different people spell them."""
    found = []
    for question in questions:
        spelt = {question}
        for change in chance.sample(_CHANGES, _SPELLINGS - 1):
            spelt.add(change(question, chance))
        found += sorted(spelt, key=lambda text: (text != question, text))
    return found


def _lower(text: str, chance: random.Random) -> str:
    return text.lower().rstrip(" ?.")


def _bare(text: str, chance: random.Random) -> str:
    return fold(text) or text


def _polite(text: str, chance: random.Random) -> str:
    return f"{chance.choice(['Bonjour,', 'Bonsoir,', 'Salut,', 'SVP'])} {text[0].lower()}{text[1:]}"


def _typo(text: str, chance: random.Random) -> str:
    place = chance.randrange(1, max(2, len(text) - 1))
    return text[:place] + text[place + 1 :]


_CHANGES = (_lower, _bare, _polite, _typo)


def _drawn(chance: random.Random, weights: dict[str, float] | dict[str, int]) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]


def _skewed(chance: random.Random, texts: Sequence[str]) -> str:
    """Return one of some texts: the first ones are much more frequent, as what people ask is."""
    return texts[min(int(chance.paretovariate(0.6)) - 1, len(texts) * 9) % len(texts)]


def _times(chance: random.Random, start: datetime, count: int) -> list[datetime]:
    """Return when conversations begin: by day, not by night, and less at the weekend."""
    days = [start + timedelta(days=number) for number in range(DAYS)]
    drawn = chance.choices(days, [_WEEKDAYS[day.weekday()] for day in days], k=count)
    hours = chance.choices(range(24), _HOURS, k=count)
    return sorted(
        day.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(hours=hour, seconds=chance.randrange(3600))
        for day, hour in zip(drawn, hours, strict=True)
    )


def _write_feedback(path: Path, judged: Sequence[tuple[str, str, str, str]]) -> None:
    """Write feedback at times of its own, in one transaction; the store itself makes the table."""
    with FeedbackStore(path)._open():
        pass
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany("INSERT INTO feedback VALUES (?, ?, ?, ?)", judged)


def main() -> None:
    """Write a month that ends today into the folder that is named."""
    (folder,) = map(Path, sys.argv[1:])
    os.environ.setdefault("ASSISTANT_BASE", str(folder / "conversations.db"))
    began = time.perf_counter()
    midnight = datetime.now(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
    month = simulate(folder, midnight)
    print(f"{CONVERSATIONS} conversations, {month.turns} messages : {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
