"""ScopedAdmin: the base of every admin class. Shows what its queryset shows, permits what the abilities permit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.functional import cached_property

from alliance.lib.errors import NotAllowed
from alliance.lib.pagination import COUNT_CAP

Abilities = Callable[[Any, Any], frozenset[str]]


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than 1,000 pages' worth: an exact total of a big table costs more than it tells."""

    @cached_property
    def count(self) -> int:
        queryset = self.object_list
        if isinstance(queryset, models.QuerySet):
            return queryset.order_by().values("pk")[: COUNT_CAP * self.per_page].count()
        return len(queryset)


class ScopedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows = ``visible_to(user)``; rights = the app's ``abilities``; writing = a service; nothing is deleted."""

    abilities: Abilities
    show_full_result_count = False
    paginator = CappedPaginator
    list_per_page = 50
    actions = None

    def _may(self, request: HttpRequest, verb: str, obj: Any = None) -> bool:
        return verb in type(self).abilities(request.user, obj)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        queryset = self.model._default_manager.visible_to(request.user)  # type: ignore[attr-defined]
        ordering = self.get_ordering(request)
        return queryset.order_by(*ordering) if ordering else queryset

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "view")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "view", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        # Choices are scoped as lists are: a drop-down must not name another street's people.
        manager = db_field.remote_field.model._default_manager
        if hasattr(manager, "visible_to") and "queryset" not in kwargs:
            kwargs["queryset"] = manager.visible_to(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:
        """Hand the cleaned data to a service; a class that has none is read-only."""
        raise NotAllowed
