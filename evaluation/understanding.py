"""The trained model without Rasa around it: what it and the decision make of a question."""

import tarfile
import tempfile
from pathlib import Path

from assistant.dialogue.decide import Message, decide
from assistant.dialogue.records import Candidate, Context, Decision, Thresholds
from assistant.knowledge.loader import load_knowledge
from assistant.understanding.classifier import Classifier
from assistant.understanding.followup import read_as
from assistant.understanding.mentions import MentionFinder

#: As `components/candidate_ranker.py` keeps.
CANDIDATES = 10


class Assistant:
    """Understands and decides as the running assistant does.

    Args:
        classifier: the trained classifier.
        knowledge: the folder of the knowledge.
        thresholds: the thresholds of the decision.
    """

    def __init__(self, classifier: Classifier, knowledge: Path, thresholds: Thresholds | None = None) -> None:
        self._classifier = classifier
        self._knowledge = load_knowledge(knowledge)
        self._finder = MentionFinder(self._knowledge)
        self._thresholds = thresholds or Thresholds()

    def decide(self, text: str, context: Context | None = None) -> Decision:
        """Return the decision for a text in a context."""
        context = context or Context()
        mentions = self._finder.find(text)
        about = self._knowledge.taken_up(context.subject, context.fact)
        read = read_as(text, bool(mentions.subjects), about)
        candidates = [Candidate(label, score) for label, score in self._classifier.rank(read, CANDIDATES)]
        message = Message(text, candidates, mentions, *self._classifier.language(text))
        return decide(message, context, self._knowledge, self._thresholds)


def classifier_of(model: Path) -> Classifier:
    """Return the classifier inside a trained Rasa model.

    Raises:
        FileNotFoundError: there is no such model, or no classifier in it.
    """
    with tempfile.TemporaryDirectory() as folder, tarfile.open(model) as archive:
        archive.extractall(folder, filter="data")
        labels = next(Path(folder).glob("components/*/labels.json"), None)
        if labels is None:
            raise FileNotFoundError(f"{model} ne contient pas de CandidateRanker")
        return Classifier.load(labels.parent)
