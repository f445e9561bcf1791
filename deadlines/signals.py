"""What deadlines announce. Sent by the services, inside the transaction."""

from __future__ import annotations

from django.dispatch import Signal

calendar_changed = Signal()
"""A day is worked that was not, or the other way round, or office hours changed (``first`` and ``last`` are then
``date.min`` and ``date.max``): limits that run through ``first`` … ``last`` end at other moments. A receiver answers
how many running limits it has counted again; the answers are added up and shown to whoever looks before importing."""

stage_moved = Signal()
"""A running stage has another end. ``stage`` (as it is now), ``before`` (its end until now), ``why``: ``calendar``
(a day was decreed working or free), ``resumed`` or ``extended``."""
