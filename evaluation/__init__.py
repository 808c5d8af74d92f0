"""Measuring the assistant on questions that were written apart from its training data."""
