"""Meetings in the API."""
