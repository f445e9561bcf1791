"""What the pages of the register have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse

from alliance.lib.admin import ScopedAdmin
from alliance.lib.errors import Conflict, DomainError, Invalid
from members import permissions
from members.forms.profile import FindSelect
from members.forms.stamped import StampedForm, with_both_sides
from members.models import MemberUnit
from people.models import Area, User
from people.querysets import within
from people.states import Level


def areas_of(user: Any, *roles: str) -> QuerySet[Area]:
    """Streets and communities where the person holds one of ``roles``, to choose a seat from."""
    own = within(user.areas_of(*roles), area="code", street="")
    return Area.objects.filter(own, level__in=[Level.STREET, Level.COMMUNITY]).order_by("code")


def say(form: Any, error: DomainError) -> None:
    """Put a service's refusal at the fields it names, else above the form."""
    fields = error.fields if isinstance(error, Invalid) else {}
    for name, texts in (fields or {"": [error.message]}).items():
        for text in texts:
            form.add_error(name if name in form.fields else None, str(text))


def shown_again(page: Any, request: HttpRequest, pk: int, **context: Any) -> HttpResponse:
    """The page of the row ``pk`` with a refused form of its own in place: 422."""
    request.method = "GET"
    answer: HttpResponse = page.change_view(request, str(pk), extra_context=context)
    if answer.status_code == 200:
        answer.status_code = 422
    return answer


class RegisterAdmin(ScopedAdmin):
    """Rows that are entered by one form and changed by another, each through its service: ``add_row``, ``change_row``.

    A class that lacks one of those it ``writes`` by is refused when it is registered, not when somebody saves.
    """

    writes: tuple[str, ...] = ("add_row", "change_row")
    add_row: Callable[[User, ModelForm[Any]], Model]
    change_row: Callable[[User, Any, ModelForm[Any]], Model]
    add_form: type[ModelForm[Any]] | None = None
    fixed: tuple[str, ...] = ()
    """Fields that are chosen once, when the row is made."""
    little = False
    """Whether all there is to change is one field: then one button is enough."""

    def __init__(self, model: type[Any], admin_site: admin.AdminSite) -> None:
        missing = [name for name in self.writes if not callable(getattr(self, name, None))]
        if missing:
            raise TypeError(f"{type(self).__name__} must say how rows are written: {', '.join(missing)}")
        super().__init__(model, admin_site)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None and self.add_form is not None:
            kwargs["form"] = self.add_form
        form = super().get_form(request, obj, change, **kwargs)
        refusal = getattr(request, "refusal", None)
        return with_both_sides(form) if isinstance(refusal, Conflict) and issubclass(form, StampedForm) else form

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.remote_field.model is MemberUnit:
            kwargs.setdefault("widget", FindSelect())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """With the stamp of what stands there, for whoever may write over it."""
        sets: Any = super().get_fieldsets(request, obj)
        if obj is None or not issubclass(self.form, StampedForm) or not self.has_change_permission(request, obj):
            return sets
        (name, options), *others = sets
        return [(name, {**options, "fields": [*options["fields"], "seen"]}), *others]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fixed if obj is not None else ()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        one = dict.fromkeys(("show_save_and_add_another", "show_save_and_continue"), False)
        buttons = one if self.little and object_id is not None else {}
        return super().changeform_view(request, object_id, form_url, {**buttons, **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:
        by = cast(User, request.user)
        saved = self.change_row(by, obj, form) if change else self.add_row(by, form)
        # The admin goes on with its own object (log entry, message): let it be what was saved.
        obj.__dict__.update(saved.__dict__)


class ReadOnlyInline(admin.TabularInline):
    """Rows to look at; they are changed on their own pages."""

    extra = 0
    can_delete = False
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.model._default_manager.visible_to(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return "view" in permissions.unit_abilities(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
