"""How a recipient is written down."""

from __future__ import annotations

RECIPIENT = r"^(u:[0-9]+|p:[A-Za-z0-9_-]{43})$"
"""An account, or the digest of a phone without one."""
