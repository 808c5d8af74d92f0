"""The heart of the assistant, in plain Python: what it knows, how it understands, how it decides. No Rasa in here."""
