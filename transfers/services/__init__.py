"""The verbs of files that come in and go out: one module each."""
