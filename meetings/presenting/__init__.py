"""Meetings as people read them."""
