"""诉求类别 in the workbench."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from alliance.lib.admin import ScopedAdmin
from needs import permissions
from needs.models import Category
from needs.services.categories import FIELDS, save_category
from people.visitors import signed_in
from resources.models import ResourceKind


@admin.register(Category)
class CategoryAdmin(ScopedAdmin):
    """诉求类别, kept by the system administrators of the district."""

    abilities = staticmethod(permissions.category_abilities)
    list_display = ("name", "name_en", "order", "is_active")
    fields = (*FIELDS, "kinds")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = ResourceKind.objects.sorts().order_by("parent__position", "position", "pk")
        kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:
        given = {field: form.cleaned_data[field] for field in (*FIELDS, "kinds")}
        obj.pk = save_category(pk=obj.pk if change else None, by=signed_in(request), **given).pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The kinds are saved with it: by the service, and logged."""
