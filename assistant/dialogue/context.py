"""What a conversation is about after a decision: what the next message's follow-ups resolve to."""

from assistant.dialogue.records import Context, Decision

#: Kinds after which the conversation is about nothing: « où aller ? » after distress never means the last subject.
_FORGET = frozenset({"distress", "erasure"})


def after(context: Context, decision: Decision) -> Context:
    """Return the context that a decision leaves behind."""
    if decision.kind in _FORGET:
        return Context(last=decision.kind)
    fact = decision.facts[0] if decision.kind == "answer" else context.fact
    last = context.last if decision.kind == "small_talk" else decision.kind
    return Context(decision.subject or context.subject, fact, last)
