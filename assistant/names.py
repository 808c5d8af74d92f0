"""The names that Rasa's files and our code share: slots of `domain.yml` and properties of a parsed message."""

#: Slots: what the conversation is about, the fact answered last, the kind of the last decision, and that decision.
SUBJECT_SLOT = "sujet"
FACT_SLOT = "dernier_fait"
LAST_SLOT = "dernier_genre"
DECISION_SLOT = "decision"
#: Properties that the ranker writes and the actions read: `[[label, score], ...]`, best first; `[language, score]`.
CANDIDATES = "candidats"
LANGUAGE = "langue"
