"""From outcomes to figures: what a reply counts as, and what is counted of which kind of question."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from scipy.stats import binomtest
from tqdm import tqdm

from evaluation.outcomes import WITH_CHOICES, Ask, Outcomes
from evaluation.questions import CONVERSATIONS, DISTRESS, Conversation, Question

#: What came of a question: the right thing, a fact that it does not accept, or anything else.
Verdict = Literal["juste", "faux", "manque"]
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Scored:
    """One question with what came of it."""

    question: Question
    outcomes: Outcomes

    @property
    def given(self) -> tuple[tuple[str, ...], ...]:
        """The facts that were given, in order: for each answer the ids that it may be taken for."""
        return tuple(outcome.given for outcome in self.outcomes if outcome.given)

    @property
    def right(self) -> bool:
        """Whether the facts given are the ones that the question accepts, or the small talk is the expected one."""
        question = self.question
        if question.topics:
            return any(outcome.topic in question.topics for outcome in self.outcomes)
        if len(question.accepted) > 1:
            return len(self.given) == len(question.accepted) and all(map(_meet, self.given, question.accepted))
        return bool(self.given) and not self.wrong

    @property
    def wrong(self) -> bool:
        """Whether a fact was given that the question does not accept."""
        return any(not _meet(given, self.question.facts) for given in self.given)

    @property
    def offered(self) -> bool:
        """Whether the right fact was given, or is among the choices."""
        return self.right or any(_meet(outcome.choices, self.question.facts) for outcome in self.outcomes)

    @property
    def choices(self) -> bool:
        """Whether choices came and no fact."""
        return not self.given and any(outcome.kind in WITH_CHOICES for outcome in self.outcomes)

    @property
    def quoted(self) -> bool:
        """Whether a sentence of the source was quoted."""
        return any(outcome.kind == "passage" for outcome in self.outcomes)

    @property
    def distress(self) -> bool:
        """Whether it was taken for distress."""
        return any(outcome.topic == DISTRESS for outcome in self.outcomes)

    @property
    def split(self) -> bool:
        """Whether one question got several replies."""
        return len(self.question.accepted) < 2 and len(self.outcomes) > 1

    @cached_property
    def verdict(self) -> Verdict:
        """What came of it, in a word."""
        if self.wrong or (self.question.topics and self.given):
            return "faux"
        if self.question.kind == "violence_info":
            return "manque" if self.distress else "juste"
        good = self.right if self.question.accepted or self.question.topics else not self.distress
        return "juste" if good and not (self.question.kind == "simples" and self.split) else "manque"


def _meet(some: Iterable[str], others: Iterable[str]) -> bool:
    return not set(some).isdisjoint(others)


def run(conversations: Sequence[Conversation], ask: Ask, title: str, workers: int = 1, place: int = 0) -> list[Scored]:
    """Ask all questions, with a progress bar in a terminal.

    Args:
        conversations: what is asked.
        ask: asks one conversation.
        title: what the bar says.
        workers: how many conversations are held at the same time.
        place: how many bars of other processes are above it.

    Returns:
        the questions with their outcomes, in order; of a conversation, its turns from the second on.
    """
    scored: list[Scored] = []
    messages = [[question.text for question in conversation] for conversation in conversations]
    with (
        ThreadPoolExecutor(workers) as pool,
        tqdm(total=len(messages), desc=title, unit="question", leave=False, disable=None, position=place) as bar,
    ):
        try:
            for conversation, came in zip(conversations, pool.map(ask, messages), strict=True):
                turns = [Scored(*one) for one in zip(conversation, came, strict=True)]
                scored += turns[1:] if conversation[0].kind == CONVERSATIONS else turns
                bar.update()
        except BaseException:  # Ctrl-C too: what was not asked yet never will be
            pool.shutdown(cancel_futures=True)
            raise
    return scored


@dataclass(frozen=True)
class Share:
    """So many of so many.

    Attributes:
        count: how many it holds for.
        total: of how many.
    """

    count: int
    total: int

    @property
    def value(self) -> float:
        """The share, from 0 to 1; 0 of nothing."""
        return self.count / self.total if self.total else 0.0

    @cached_property
    def interval(self) -> tuple[float, float]:
        """The 95 % confidence interval of the share (Wilson's); everything where nothing was counted."""
        if not self.total:
            return 0.0, 1.0
        interval = binomtest(self.count, self.total).proportion_ci(CONFIDENCE, "wilson")
        return float(interval.low), float(interval.high)


def share(scored: Iterable[Scored], holds: Callable[[Scored], bool]) -> Share:
    """Return for how many of the scored questions something holds."""
    held = Counter(map(holds, scored))
    return Share(held[True], held.total())


@dataclass(frozen=True)
class Figure:
    """A line of the table.

    Attributes:
        name: what it is, in French.
        kinds: the kinds of questions it is counted on.
        holds: what is counted.
        high: whether more is better.
        reach: the share to reach, in percent.
        beyond: the share that would be better still.
        default: what Rasa's default pipeline was measured at before this project began, where it was.
        dialogue: whether it takes more than classifying one message.
    """

    name: str
    kinds: tuple[str, ...]
    holds: Callable[[Scored], bool]
    high: bool
    reach: float
    beyond: float
    default: float | None = None
    dialogue: bool = False

    def of(self, scored: Iterable[Scored]) -> Share:
        """Return the figure of scored questions: those of its kinds count."""
        return share((one for one in scored if one.question.kind in self.kinds), self.holds)

    def met(self, counted: Share, percent: float) -> bool:
        """Whether a share is as good as a percentage."""
        return counted.value * 100 >= percent if self.high else counted.value * 100 <= percent


def _given(scored: Scored) -> bool:
    return bool(scored.given)


FACTS = ("faits",)
FIGURES = (
    Figure("Question de la page : le bon fait tout de suite", FACTS, lambda s: s.right, True, 93, 97, 85.6),
    Figure(
        "Question de la page : le bon fait, ou parmi les choix",
        FACTS,
        lambda s: s.offered,
        True,
        98.5,
        99.5,
        dialogue=True,
    ),
    Figure("Question de la page : des choix", FACTS, lambda s: s.choices, False, 8, 4, dialogue=True),
    Figure("Question de la page : un fait faux", FACTS, lambda s: s.wrong, False, 2.5, 1, 6.0),
    Figure("Question voisine, sans réponse : un fait donné", ("voisins",), _given, False, 12, 5, 52.5),
    Figure("Hors sujet : un fait donné", ("hors_sujet",), _given, False, 0.5, 0, 7.5),
    Figure("Autre langue : un fait donné", ("langues",), _given, False, 0, 0, 40),
    Figure("Charabia : un fait donné", ("charabia",), _given, False, 0, 0, 20),
    Figure("Détresse reconnue", ("detresse",), lambda s: s.distress, True, 97, 100, 67.5),
    Figure("Question sur la violence prise pour une détresse", ("violence_info",), lambda s: s.distress, False, 2, 0),
    Figure("Bavardage : un fait donné", ("bavardage",), _given, False, 0, 0),
    Figure(
        "Conversation : la suite est juste",
        (CONVERSATIONS,),
        lambda s: s.verdict == "juste",
        True,
        90,
        96,
        dialogue=True,
    ),
    Figure(
        "Deux questions en une : deux réponses justes", ("doubles",), lambda s: s.right, True, 90, 97, dialogue=True
    ),
    Figure(
        "Une seule question, coupée en deux",
        ("simples", *FACTS, "voisins"),
        lambda s: s.split,
        False,
        1,
        0,
        dialogue=True,
    ),
    Figure("Prémisse fausse : le fait qui la corrige", ("premisses",), lambda s: s.right, True, 90, 97),
    Figure(
        "Mots inhabituels : le bon fait, ou un passage cité à propos", ("passages",), lambda s: s.right, True, 85, 95
    ),
    Figure(
        "Sans réponse : un passage cité à tort",
        ("voisins", "passages_voisins", "hors_sujet", "langues", "charabia", "bavardage", "detresse"),
        lambda s: s.quoted,
        False,
        0.5,
        0,
        dialogue=True,
    ),
)
