"""`make revue`: the questions that got no answer, looked through one group at a time, and then put online."""
