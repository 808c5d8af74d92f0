"""Stand-in for `tensorflow.keras.backend`: nothing of it is used at import."""
