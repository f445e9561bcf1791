"""Public pages of projects."""
