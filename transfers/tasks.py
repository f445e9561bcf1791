"""Going on with imports, every minute and after a commit; the clearing away, every hour."""

from __future__ import annotations
