"""Where messages come in and answers go out: the guard that all share, the store, and one connector per file."""
