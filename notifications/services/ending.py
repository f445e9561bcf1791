"""What a message no longer carries once it has ended."""

from __future__ import annotations

from typing import Any

DONE: dict[str, Any] = {"address": None, "mail_subject": None, "text": None, "secrets": None, "leased_until": None}
