"""What the assistant reads in a message: its ranked labels and language, and the labels of its halves."""

from dataclasses import dataclass

from assistant.knowledge.live import Current
from assistant.understanding.classifier import Classifier
from assistant.understanding.followup import read_as
from assistant.understanding.halves import halves
from assistant.understanding.records import Half, Ranked, Reading

#: How many labels a reading keeps, and how many that of a half does.
KEPT = 10
KEPT_OF_HALF = 6


@dataclass(frozen=True)
class Reader:
    """Reads messages in their conversation.

    Attributes:
        classifier: the trained classifier.
    """

    classifier: Classifier

    def read(self, text: str, current: Current, subject: str | None = None, fact: str | None = None) -> Reading:
        """Return the reading of a message.

        Args:
            text: the message.
            current: what the assistant knows.
            subject: the subject that the conversation is about, if it is about one.
            fact: the id of the fact answered last.
        """
        return Reading(
            self._rank(text, current, subject, fact, KEPT),
            self.classifier.language(text),
            tuple(self._halves(one, other, current, subject, fact) for one, other in halves(text)),
        )

    def _halves(
        self, one: str, other: str, current: Current, subject: str | None, fact: str | None
    ) -> tuple[Half, Half]:
        """Return both halves; what the second leaves out is what the first is about."""
        first = Half(one, self._rank(one, current, subject, fact, KEPT_OF_HALF))
        likeliest = current.knowledge.fact(first.ranked[0][0].partition("/")[2])
        if likeliest:
            subject, fact = likeliest.subject, likeliest.id
        return first, Half(other, self._rank(other, current, subject, fact, KEPT_OF_HALF))

    def _rank(self, text: str, current: Current, subject: str | None, fact: str | None, most: int) -> Ranked:
        about = current.knowledge.taken_up(subject, fact)
        read = read_as(text, current.finder.names_subject(text), about)
        return tuple((label, round(score, 4)) for label, score in self.classifier.rank(read, most))
