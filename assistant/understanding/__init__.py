"""How the assistant understands: from a message to ranked candidates and the names that it mentions."""
