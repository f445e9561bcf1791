"""Pages of the warehouse in the workbench, and pressing their buttons."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse


def page(row: Any, name: str = "change") -> str:
    return reverse(f"admin:resources_{row._meta.model_name}_{name}", args=[row.pk])


def act(browser: Client, row: Any, name: str, **typed: Any) -> Any:
    """Press the button of the act ``name`` with what is ``typed``."""
    given = {f"{name}-{field}": value for field, value in {"version": row.version, **typed}.items()}
    choice = typed.pop("choice", None)
    return browser.post(page(row, name), {**given, **({"choice": choice} if choice else {})})
