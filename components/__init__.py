"""Rasa NLU components, thin over `assistant.understanding`, one per file."""
