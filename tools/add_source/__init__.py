"""`make source`: a new document is copied in, and what looks like a fact in it becomes a draft for an editor."""
