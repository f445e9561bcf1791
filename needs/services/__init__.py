"""The verbs of a need: submit, follow, accept, answer, supplement, withdraw, call."""
