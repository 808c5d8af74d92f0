"""The names that Rasa's files and our code share: an intent, slots, a property of a message, a key of the NLU data."""

#: The intent of who asks whom to write to, and what stands for that contact where facts are offered.
CONTACT = "contact"
#: Slots: what the conversation is about, and the decisions of the last turn.
CONTEXT_SLOT = "contexte"
DECISIONS_SLOT = "decisions"
#: What the ranker reads in a message, and the actions decide from.
READING = "lecture"
#: What the data of a follow-up says beside its questions, under `metadata`: the id of the fact answered just before.
BEFORE = "avant"
#: What it says of messages that take for true what the fact that answers them puts right, or confirms.
PREMISE = "premisse"
#: The environment variable that tells the action server which model Rasa was started with.
MODEL_VERSION = "MODEL_VERSION"
