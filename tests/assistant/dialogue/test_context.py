"""What a decision leaves for the next message."""

from assistant.dialogue.context import after
from assistant.dialogue.records import Context, Decision


def test_an_answer_sets_subject_and_fact() -> None:
    context = after(Context(), Decision("answer", "best", ("ocam.role",), "ocam"))
    assert (context.subject, context.fact, context.last) == ("ocam", "ocam.role", "answer")


def test_a_refusal_keeps_the_fact_and_takes_the_subject() -> None:
    context = after(Context("ocam", "ocam.role"), Decision("refusal", "near-miss", subject="oim"))
    assert (context.subject, context.fact) == ("oim", "ocam.role")


def test_distress_and_erasure_forget_what_the_conversation_was_about() -> None:
    before = Context("reunion", "reunion.lieu")
    assert after(before, Decision("distress", "distress")) == Context(last="distress")
    assert after(before, Decision("erasure", "erasure")) == Context(last="erasure")


def test_small_talk_does_not_end_distress() -> None:
    assert after(Context(last="distress"), Decision("small_talk", "small_talk", topic="merci")).last == "distress"
