"""The names that Rasa's files and our code share: slots of `domain.yml` and a property of a parsed message."""

#: Slots: what the conversation is about, and the decisions of the last turn.
CONTEXT_SLOT = "contexte"
DECISIONS_SLOT = "decisions"
#: What the ranker reads in a message, and the actions decide from.
READING = "lecture"
