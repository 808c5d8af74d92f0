"""Questions and outcomes made up for a test."""

from evaluation.outcomes import Outcome
from evaluation.questions import Question
from evaluation.scoring import Scored

SIGLE = Outcome("answer", ("oim.sigle",))
PAYS = Outcome("answer", ("oim.pays",))
CONTACT = Outcome("contact", ("contact",))
#: Two facts that share one answer.
SHARED = Outcome("answer", ("ocam.oim_depuis", "ocam.oim_role"))
CHOICES = Outcome("choices", choices=("oim.sigle", "oim.depuis"))
REFUSAL = Outcome("refusal")
DISTRESS = Outcome("distress", topic="detresse")
THANKS = Outcome("small_talk", topic="merci")


def asked(kind: str, *accepted: tuple[str, ...], topics: tuple[str, ...] = (), half: str = "dev") -> Question:
    return Question("Une question ?", half, kind, accepted, topics)


def came(question: Question, *outcomes: Outcome) -> Scored:
    return Scored(question, outcomes)
