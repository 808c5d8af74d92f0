"""What a decision leaves for the next message."""

import json

import pytest

from assistant.dialogue.context import after
from assistant.dialogue.records import OTHER, Context, Decision, Kind, Quoted
from assistant.dialogue.wording import word
from assistant.knowledge.base import Knowledge
from assistant.names import CONTACT


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


def test_after_a_quoted_sentence_nothing_follows_up_on_what_was_before() -> None:
    quoted = Quoted("page", 3, 1.0, 4)
    context = after(Context("ocam", "ocam.role", "budget", failures=1), Decision("passage", "no fact", quoted=quoted))
    assert context == Context(last="passage", quoted=quoted)
    assert Context.from_dict(context.as_dict()) == context
    assert after(context, Decision("answer", "best", ("ocam.role",), "ocam")).quoted is None


FACTS = ("ocam.role", CONTACT)


@pytest.mark.parametrize(
    ("kind", "offered"),
    [
        ("choices", (*FACTS, OTHER)),
        ("clarify", (*FACTS, OTHER)),
        ("refusal", FACTS),
        ("off_topic", FACTS),
        ("answer", ()),
        ("distress", ()),
        ("erasure", ()),
    ],
)
def test_what_a_reply_shows_as_buttons_is_what_it_offered(kind: Kind, offered: tuple[str, ...]) -> None:
    assert after(Context(offered=("oim.sigle",)), Decision(kind, "", FACTS)).offered == offered


@pytest.mark.parametrize(
    ("kind", "failures"),
    [
        ("choices", 2),
        ("clarify", 2),
        ("refusal", 2),
        ("write_to", 2),
        ("small_talk", 1),
        ("answer", 0),
        ("contact", 0),
        ("off_topic", 0),
        ("distress", 0),
        ("erasure", 0),
    ],
)
def test_failures_are_counted_until_something_helps(kind: Kind, failures: int) -> None:
    """Thanks in between change nothing."""
    assert after(Context(failures=1), Decision(kind, "", FACTS)).failures == failures


def test_what_was_refused_is_known_until_something_is_answered() -> None:
    refused = after(Context(), Decision("refusal", "near-miss", subject="ocam", unknown="budget"))
    assert refused.unknown == "budget"
    assert after(refused, Decision("small_talk", "small_talk", topic="merci")).unknown == "budget"
    assert after(refused, Decision("answer", "best", ("oim.sigle",), "oim")).unknown is None
    assert after(refused, Decision("refusal", "near-miss", subject="oim")).unknown is None


def test_a_context_survives_json() -> None:
    context = Context("ocam", "ocam.role", "budget", "choices", ("ocam.role", OTHER), 1)
    assert Context.from_dict(json.loads(json.dumps(context.as_dict()))) == context


@pytest.mark.parametrize("topic", ["salutation", "aide", "autre_chose"])
def test_the_examples_of_small_talk_are_offered_too(knowledge: Knowledge, topic: str) -> None:
    """« le deuxième » after a greeting is the second of its buttons."""
    decision = Decision("small_talk", "small_talk", topic=topic)
    shown = [json.loads(button.payload.removeprefix("/choix"))["fait"] for button in word(decision, knowledge).buttons]
    assert list(after(Context(), decision).offered) == shown
