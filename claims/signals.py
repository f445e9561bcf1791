"""What happens to offers and claims, told to whoever owns the thing offered, inside the transaction."""

from __future__ import annotations

from django.dispatch import Signal

claim_moved = Signal()
"""A claim was made or took a step: ``claim``, ``offer`` (in step with it), ``verb``, ``by`` (None: the clock),
``note``."""
offer_ended = Signal()
"""An offer closed: ``offer``, ``why`` (an ``Ending``), ``by``."""
