"""资源种类 in the workbench: two levels, one list for all streets."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import ScopedAdmin
from people.visitors import signed_in
from resources.forms.kind import KindForm
from resources.models import ResourceKind
from resources.permissions import kind_abilities
from resources.services.kinds import save_kind


@admin.register(ResourceKind)
class ResourceKindAdmin(ScopedAdmin):
    """Read by whoever works with resources, kept by the system administrators of the district."""

    abilities = staticmethod(kind_abilities)
    form = KindForm
    fields = KindForm.Meta.fields
    list_display = ("full_name", "form", "advantage", "pool", "stopped")
    list_per_page = 200

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("parent")

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Each heading, and its kinds below it."""
        heading = (Coalesce("parent__position", "position"), Coalesce("parent_id", "id"))
        return [*heading, F("parent").asc(nulls_first=True), "position", "pk"]

    @admin.display(description=_("种类"))
    def full_name(self, obj: ResourceKind) -> str:
        """Its heading stands above it, as a row of its own."""
        return str(obj.label)

    @admin.display(description=_("状态"))
    def stopped(self, obj: ResourceKind) -> str:
        return "" if obj.is_active else str(_("停用"))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "parent":
            kwargs["queryset"] = ResourceKind.objects.headings()
            kwargs["empty_label"] = _("它是大类")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: ResourceKind, form: Any, change: bool) -> None:
        saved = save_kind(pk=obj.pk if change else None, by=signed_in(request), **form.given())
        obj.__dict__.update(saved.__dict__)
