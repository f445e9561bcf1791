"""Rows as pages show them. Presentation only."""
