"""What happens to needs, told to the apps above, inside the transaction."""

from __future__ import annotations

from django.dispatch import Signal

errand_published = Signal()
"""Somebody near by is looked for: ``errand``, just made, with its offer and its need."""
