"""What happens to bookings, told to whoever owns the thing they are for, inside the transaction."""

from __future__ import annotations

from django.dispatch import Signal

booking_moved = Signal()
"""A booking took a step: ``booking`` (locked), ``verb``, ``by`` (None: the clock)."""
