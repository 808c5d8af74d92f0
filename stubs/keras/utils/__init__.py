"""Stand-in for `keras.utils`."""
