"""Stand-in for `keras.utils.tf_utils`: nothing of it is used at import."""
