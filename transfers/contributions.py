"""What files in and out add to the workbench."""

from __future__ import annotations
