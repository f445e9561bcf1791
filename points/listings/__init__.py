"""Lists about points."""
