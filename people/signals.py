"""What people announce to the apps above them. Sent by the services, inside the transaction."""

from __future__ import annotations

from django.dispatch import Signal

grant_changed = Signal()
"""A role was given or ended. ``grant``, ``by`` (None: the installation), ``change``: ``given``, ``ended``."""

account_changed = Signal()
"""An account changed. ``user``, ``by`` (None: the installation), ``change``: ``created``, ``switched_on``,
``switched_off``, ``renamed``, ``email_changed``, ``password_changed``, ``sessions_ended`` or ``erased``."""

sign_in_code_made = Signal()
"""A code waits to be sent. ``row``, ``phone`` (digits), ``code``, ``purpose``. The only moment at which it is known."""

sign_in_code_refused = Signal()
"""A code was wrong. ``phone`` (digits), ``ip``, ``locked``: whether the code is dead now, after its last try."""

consent_withdrawn = Signal()
"""Somebody took a consent back. ``consent``, ``by``."""

area_changed = Signal()
"""An area's phone, aliases, opening or short code changed. ``area``, ``by``, ``changes``: name → [before, after]."""
