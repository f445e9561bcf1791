"""What members announce to the apps above them, inside the transaction."""

from __future__ import annotations

from django.dispatch import Signal

unit_suspended = Signal()
"""A unit takes nothing new in hand for the time being. ``unit``, ``by``."""
