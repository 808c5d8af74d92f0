"""The trained model without Rasa around it: what it and the decision make of a message."""

import tarfile
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial, reduce
from pathlib import Path

from assistant.dialogue.context import after
from assistant.dialogue.decide import decide
from assistant.dialogue.explain import explain
from assistant.dialogue.message import Message
from assistant.dialogue.quoting import passage_of
from assistant.dialogue.records import Context, Decision, Thresholds
from assistant.dialogue.wording import word
from assistant.knowledge.base import Knowledge
from assistant.knowledge.live import Current
from assistant.knowledge.loader import load_knowledge
from assistant.names import CONTACT
from assistant.understanding.classifier import Classifier
from assistant.understanding.reading import Reader
from channels.guard import Stopped, guard
from evaluation.outcomes import PASSAGE, STOPPED, WITH_CHOICES, Outcome, Outcomes, same_answer, stated_in, topic_of
from evaluation.responses import Responses, read_responses
from tools.kept_models import version_of

_CLAIM = "Décision : "


class Assistant:
    """Understands and decides as the running assistant does.

    Args:
        classifier: the trained classifier.
        knowledge: the folder of the knowledge, or what was read from one.
        quoting: whether it may quote sentences of the sources.

    Attributes:
        knowledge: what it knows.
    """

    def __init__(self, classifier: Classifier, knowledge: Path | Knowledge, quoting: bool = True) -> None:
        self.knowledge = load_knowledge(knowledge) if isinstance(knowledge, Path) else knowledge
        self._classifier = classifier
        self._reader = Reader(classifier)
        self._current = Current.of(self.knowledge, quoting)
        self._responses = read_responses()
        # The same message is decided on again for each threshold of a curve.
        self._understood: Callable[[str, str | None, str | None], Message] = lru_cache(None)(self._understand)

    def ask(self, messages: Sequence[str], thresholds: Thresholds | None = None) -> list[Outcomes]:
        """Return what comes of each message of one conversation."""
        context = Context()
        outcomes: list[Outcomes] = []
        for text in messages:
            passed = guard(text, spared=self.knowledge.published)
            if isinstance(passed, Stopped):
                outcomes.append((Outcome(STOPPED, text=passed.reply),))
                continue
            decisions = self.decide(passed.text, context, thresholds)
            context = reduce(after, decisions, context)
            outcomes.append(tuple(outcome_of(decision, self.knowledge, self._responses) for decision in decisions))
        return outcomes

    def at(self, thresholds: Thresholds) -> Callable[[Sequence[str]], list[Outcomes]]:
        """Return `ask` with other thresholds; what was understood before is not ranked again."""
        return partial(self.ask, thresholds=thresholds)

    def decide(
        self, text: str, context: Context | None = None, thresholds: Thresholds | None = None
    ) -> tuple[Decision, ...]:
        """Return the decisions for a text in a context."""
        context = context or Context()
        message = self._understood(text, context.subject, context.fact)
        return decide(message, context, self.knowledge, thresholds or Thresholds())

    def _understand(self, text: str, subject: str | None, fact: str | None) -> Message:
        return Message.of(text, self._reader.read(text, self._current, subject, fact), self._current)


def outcome_of(decision: Decision, knowledge: Knowledge, responses: Responses) -> Outcome:
    """Return what a decision counts as."""
    given: tuple[str, ...] = ()
    if decision.kind == "answer":
        given = same_answer(decision.facts[0], knowledge)
    elif decision.kind == "contact" and not decision.uncovered:
        given = (CONTACT,)
    elif decision.kind == "passage":
        passage = passage_of(decision, knowledge)
        given = (passage and stated_in(passage, knowledge)) or (PASSAGE,)
    scores = {candidate.label: candidate.score for candidate in decision.candidates}
    labels = [CONTACT if fact == CONTACT else f"fait/{fact}" for fact in given]
    return Outcome(
        decision.kind,
        given,
        decision.facts if decision.kind in WITH_CHOICES else (),
        topic_of(decision.kind, decision.topic),
        _said(decision, knowledge, responses),
        max((scores[label] for label in labels if label in scores), default=max(scores.values(), default=None)),
        explain(decision, knowledge).splitlines()[0].removeprefix(_CLAIM),
        decision.candidates,
    )


def _said(decision: Decision, knowledge: Knowledge, responses: Responses) -> str:
    reply = word(decision, knowledge)
    return reply.text or responses[reply.response or ""][0].format(**reply.variables)


class ModelError(Exception):
    """A file that is no model of this assistant; the message is one line in French."""


@dataclass(frozen=True)
class Model:
    """A trained model: its classifier, and its version, as `/pourquoi` shows it."""

    classifier: Classifier
    version: str


def read_model(path: Path) -> Model:
    """Return what a trained Rasa model holds.

    Raises:
        ModelError: there is no such model, or no classifier in it.
    """
    try:
        return _unpacked(path)
    except FileNotFoundError:
        raise ModelError(f"{path} n'existe pas ; vérifiez le chemin du modèle.") from None
    except (OSError, tarfile.TarError, StopIteration, KeyError, ValueError):
        raise ModelError(f"{path} n'est pas un modèle de cet assistant.") from None


def _unpacked(path: Path) -> Model:
    with tempfile.TemporaryDirectory() as folder, tarfile.open(path) as archive:
        archive.extractall(folder, filter="data")
        labels = next(Path(folder).glob("components/*/labels.json"))
        return Model(Classifier.load(labels.parent), version_of(path))
