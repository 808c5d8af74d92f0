"""What the assistant does with a message: one decision, from candidates and context, and its French wording."""
