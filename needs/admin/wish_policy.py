"""谁来审批: who approves wishes in a street."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

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

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The street, where there is only one to choose."""
        field: Any = self.formfield_for_dbfield(WishPolicy._meta.get_field("street"), request)
        streets = list(field.queryset[:2])
        return {"street": streets[0].pk} if len(streets) == 1 else {}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        one = dict.fromkeys(("show_save_and_add_another", "show_save_and_continue"), False)
        title = {} if object_id else {"title": _("改一下谁来审批心愿")}
        return super().changeform_view(request, object_id, form_url, {**one, **title, **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: WishPolicy, form: Any, change: bool) -> None:
        saved = save_policy(by=signed_in(request), street_code=obj.street_id, approver=form.cleaned_data["approver"])
        obj.pk = saved.pk
