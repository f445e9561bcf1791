"""Activities and those who come; volunteers and their teams."""

from __future__ import annotations
