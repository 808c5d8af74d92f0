"""The guard against losses: each question's result is kept, and later results are compared on the same questions."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scipy.stats import binomtest

from evaluation.misses import SHOWN
from evaluation.questions import CONVERSATIONS, Question, key_of
from evaluation.scoring import FACTS, Scored, Verdict

FILE = Path(__file__).with_name("reference.json")
#: A loss that chance alone would bring about more seldom than this is one.
SIGNIFICANCE = 0.05
#: More questions than these without a result to compare with, and the reference is out of date.
MOST_UNKNOWN = 20
UPDATE = "make eval-reference"

#: The verdict of each question, by its fingerprint.
Reference = Mapping[str, Verdict]

_GOOD: frozenset[Verdict] = frozenset({"juste"})
_NOT_WRONG: frozenset[Verdict] = frozenset({"juste", "manque"})
#: What is compared: its name, the kinds of questions, and the verdicts that are good there.
_COMPARED: tuple[tuple[str, tuple[str, ...], frozenset[Verdict]], ...] = (
    ("question de la page : le bon fait tout de suite", FACTS, _GOOD),
    ("question de la page : pas de fait faux", FACTS, _NOT_WRONG),
    ("question voisine : pas de fait", ("voisins",), _GOOD),
    ("hors sujet, autre langue, charabia : pas de fait", ("hors_sujet", "langues", "charabia"), _GOOD),
    ("détresse reconnue", ("detresse",), _GOOD),
    ("question sur la violence : ni détresse, ni fait faux", ("violence_info",), _GOOD),
    ("bavardage reconnu", ("bavardage",), _GOOD),
    ("conversation : la suite est juste", (CONVERSATIONS,), _GOOD),
    ("deux questions en une : deux réponses justes", ("doubles",), _GOOD),
    ("une seule question : une seule réponse, juste", ("simples",), _GOOD),
    ("prémisse fausse : le fait qui la corrige", ("premisses",), _GOOD),
)


@dataclass(frozen=True)
class Compared:
    """A figure on the questions that two evaluations have.

    Attributes:
        name: the figure.
        total: how many questions there are.
        before: how many of them were good.
        worse: those that were good and are not any more.
        better: those that have become good.
    """

    name: str
    total: int
    before: int
    worse: tuple[Scored, ...]
    better: tuple[Scored, ...]

    @property
    def now(self) -> int:
        """How many are good now."""
        return self.before - len(self.worse) + len(self.better)

    @property
    def p(self) -> float:
        """How likely so many losses would be by chance: McNemar's exact test, one-sided; 1 without any."""
        if not self.worse:
            return 1.0
        return float(binomtest(len(self.worse), len(self.worse) + len(self.better), alternative="greater").pvalue)


@dataclass(frozen=True)
class Loss:
    """A figure that fell significantly.

    Attributes:
        name: the figure.
        worse: the questions that were good and are not any more.
        better: how many have become good.
        p: how likely so many losses would be by chance.
    """

    name: str
    worse: tuple[Scored, ...]
    better: int
    p: float

    def __str__(self) -> str:
        """Return it in French: questions of `dev` as they are, of `sealed` only facts and numbers."""
        facts = Counter(map(concerned, self.worse))
        shown = [f"    {one.question.text}" for one in self.worse if one.question.half == SHOWN]
        return "\n".join(
            [
                f"{self.name} : {len(self.worse)} perdues, {self.better} gagnées (p = {self.p:.4f})".replace(".", ","),
                "  faits : " + ", ".join(f"{fact} ({times})" for fact, times in facts.most_common()),
                f"  questions de {SHOWN} :",
                *(shown or ["    aucune"]),
            ]
        )


def concerned(lost: Scored) -> str:
    """Return the fact that a lost question expects, or else the one that it got, or its kind."""
    found = [*lost.question.facts, *(fact for given in lost.given for fact in given), lost.question.kind]
    return found[0]


def fingerprint(question: Question) -> str:
    """Return what stands for a question in the reference: its text cannot be read from it."""
    return hashlib.sha256("\0".join(key_of(question)).encode()).hexdigest()[:12]


def reference_of(scored: Iterable[Scored]) -> Reference:
    """Return the verdicts of today."""
    return {fingerprint(one.question): one.verdict for one in scored}


def write_reference(scored: Iterable[Scored], path: Path = FILE) -> None:
    """Write the verdicts of today, a line for each question, in an order that makes small differences."""
    path.write_text(json.dumps(reference_of(scored), indent=0, sort_keys=True) + "\n", encoding="utf-8")


def read_reference(path: Path = FILE) -> Reference:
    """Return the verdicts that were written.

    Raises:
        FileNotFoundError: there are none.
    """
    read: Reference = json.loads(path.read_text(encoding="utf-8"))
    return read


def unknown(reference: Reference, scored: Iterable[Scored]) -> int:
    """Return how many questions that are compared the reference does not have."""
    compared = {kind for _, kinds, _ in _COMPARED for kind in kinds}
    return sum(one.question.kind in compared and fingerprint(one.question) not in reference for one in scored)


def compared(reference: Reference, scored: Iterable[Scored]) -> list[Compared]:
    """Return each figure beside that of the reference, on the questions that both have."""
    known = [(one, reference[fingerprint(one.question)]) for one in scored if fingerprint(one.question) in reference]
    found = []
    for name, kinds, good in _COMPARED:
        pairs = [(one, before in good, one.verdict in good) for one, before in known if one.question.kind in kinds]
        worse = tuple(one for one, before, now in pairs if before and not now)
        better = tuple(one for one, before, now in pairs if now and not before)
        found.append(Compared(name, len(pairs), sum(before for _, before, _ in pairs), worse, better))
    return found


def losses(reference: Reference, scored: Sequence[Scored]) -> list[Loss]:
    """Return the figures that are significantly lower than in the reference, on the questions that both have.

    McNemar's exact test, one-sided: of the questions whose result changed, half would be losses by chance.
    """
    return [
        Loss(one.name, one.worse, len(one.better), one.p) for one in compared(reference, scored) if one.p < SIGNIFICANCE
    ]
