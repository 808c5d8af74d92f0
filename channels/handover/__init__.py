"""A conversation handed over to a person of the organisation, who answers in Chatwoot, and handed back."""
