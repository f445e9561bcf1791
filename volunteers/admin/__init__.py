"""Volunteering in the workbench."""
