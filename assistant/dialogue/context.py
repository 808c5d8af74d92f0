"""What a conversation is about after a decision: what the next message's follow-ups resolve to."""

from dataclasses import replace

from assistant.dialogue.records import FAILURES, OTHER, Context, Decision

#: Kinds after which the conversation is about nothing: « où aller ? » after distress never means the last subject.
_FORGET = frozenset({"distress", "erasure"})


def after(context: Context, decision: Decision) -> Context:
    """Return the context that a decision leaves behind."""
    if decision.kind in _FORGET:
        return Context(last=decision.kind)
    if decision.kind == "passage":
        return Context(subject=decision.subject, last=decision.kind, quoted=decision.quoted)
    offered = () if decision.kind == "answer" else decision.facts
    if decision.kind == "small_talk":
        return replace(context, offered=offered)
    answered = decision.kind == "answer"
    return Context(
        subject=decision.subject or context.subject,
        fact=decision.facts[0] if answered else context.fact,
        unknown=None if answered else decision.unknown,
        last=decision.kind,
        offered=(*offered, OTHER) if decision.kind in {"choices", "clarify"} else offered,
        failures=context.failures + 1 if decision.kind in FAILURES else 0,
        earlier=decision.earlier if answered else context.earlier,
    )
