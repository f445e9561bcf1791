"""Invented needs in any number, for measuring: texts from a grammar of phrases, rows by COPY."""
