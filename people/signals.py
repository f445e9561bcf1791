"""What people announce to the apps above them. Sent by the services, inside the transaction."""

from __future__ import annotations

from django.dispatch import Signal

grant_changed = Signal()
"""A role was given or ended. ``grant``, ``by`` (None: the installation), ``change``: ``given``, ``ended``."""

account_changed = Signal()
"""An account changed. ``user``, ``by`` (None: the installation), ``change``: ``created``, ``switched_on``,
``switched_off``, ``renamed`` or ``password_changed``."""

area_changed = Signal()
"""An area's phone, aliases, opening or short code changed. ``area``, ``by``, ``changes``: name → [before, after]."""
