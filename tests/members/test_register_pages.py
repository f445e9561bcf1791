"""A page of the register says how its rows are written when it is registered, not when somebody saves."""

from __future__ import annotations

import pytest
from django.contrib import admin

from members.admin.base import RegisterAdmin
from members.models import Brand


def test_a_class_without_its_services_is_refused_at_once() -> None:
    class Half(RegisterAdmin):
        def add_row(self, by: object, form: object) -> Brand:  # type: ignore[override]
            return Brand()

    with pytest.raises(TypeError, match=r"Half .* change_row"):
        Half(Brand, admin.site)
    Half.writes = ("add_row",)
    Half(Brand, admin.site)  # control: what it does not write by, it need not have


def test_every_page_that_is_registered_has_them() -> None:
    pages = [page for page in admin.site._registry.values() if isinstance(page, RegisterAdmin)]
    assert len(pages) > 5
    assert all(callable(getattr(page, name)) for page in pages for name in page.writes)
