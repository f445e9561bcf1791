"""谁来审批: who approves wishes in a street."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from alliance.lib.admin import ScopedAdmin
from needs import permissions
from needs.models import WishPolicy
from needs.services.wish_policy import save_policy
from people.models import Area
from people.querysets import within
from people.states import Level, Role
from people.visitors import signed_in


@admin.register(WishPolicy)
class WishPolicyAdmin(ScopedAdmin):
    """Kept by the street's party office; a street without a row leaves it to the communities' secretaries."""

    abilities = staticmethod(permissions.wish_policy_abilities)
    own_menu = True  # beside 微心愿
    list_display = ("street", "approver")
    fields = ("street", "approver")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("street",) if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "street":
            codes = signed_in(request).areas_of(Role.PARTY_OFFICE)
            streets = Area.objects.served().filter(within(codes, area="code", street=""), level=Level.STREET)
            kwargs["queryset"] = streets.exclude(pk__in=WishPolicy.objects.values("pk"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: WishPolicy, form: Any, change: bool) -> None:
        saved = save_policy(by=signed_in(request), street_code=obj.street_id, approver=form.cleaned_data["approver"])
        obj.pk = saved.pk
