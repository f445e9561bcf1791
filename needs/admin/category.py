"""诉求类别 in the workbench."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from alliance.lib.admin import ScopedAdmin
from needs import permissions
from needs.models import Category
from needs.services.categories import FIELDS, save_category
from people.visitors import signed_in


@admin.register(Category)
class CategoryAdmin(ScopedAdmin):
    """诉求类别, kept by the system administrators of the district."""

    abilities = staticmethod(permissions.category_abilities)
    list_display = ("name", "name_en", "order", "is_active")

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:
        given = {field: form.cleaned_data[field] for field in FIELDS}
        obj.pk = save_category(pk=obj.pk if change else None, by=signed_in(request), **given).pk
