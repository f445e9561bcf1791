"""Volunteering in the API."""
