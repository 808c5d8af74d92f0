"""A message as decisions are taken from it."""

import pytest

from assistant.dialogue.message import Message
from assistant.dialogue.records import Candidate
from assistant.knowledge.live import LiveKnowledge
from assistant.understanding.records import Double, Half, Reading


def test_a_reading_becomes_a_message_with_what_it_and_its_two_questions_name(live: LiveKnowledge) -> None:
    double = Double(Half("que fait l'OIM", "fait/oim.mission", 0.9), Half("et le HCR ?", "fait/oim.onu", 0.5), 0.8)
    reading = Reading((("fait/oim.mission", 0.75), ("merci", 0.25)), ("pt", 0.6), double)
    message = Message.of("que fait l'OIM, et le HCR ?", reading, live.current)
    assert message.candidates == (Candidate("fait/oim.mission", 0.75), Candidate("merci", 0.25))
    assert (message.mentions.subject, message.mentions.other_names[0].key) == ("oim", "hcr")
    assert message.double
    one, other = message.double.one, message.double.other
    assert message.double.score == 0.8
    assert (one.text, one.candidates) == ("que fait l'OIM", (Candidate("fait/oim.mission", 0.9),))
    assert (one.mentions.subject, one.mentions.other_names) == ("oim", ())
    assert (other.mentions.subject, other.mentions.other_names[0].key) == (None, "hcr")
    assert {(read.language, read.language_score) for read in (message, one, other)} == {("pt", 0.6)}


def test_a_message_of_one_question_has_no_two(live: LiveKnowledge) -> None:
    assert Message.of("que fait l'OIM ?", Reading(), live.current).double is None


@pytest.mark.parametrize(
    ("text", "whether"), [("et son budget ?", True), ("et son budget, à l'OIM ?", False), ("Que faire ?", False)]
)
def test_a_message_that_names_a_subject_does_not_refer_back(live: LiveKnowledge, text: str, whether: bool) -> None:
    assert Message.of(text, Reading(), live.current).refers_back is whether
