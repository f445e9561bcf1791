"""Contexts of the pages about the calendar and what falls due."""
