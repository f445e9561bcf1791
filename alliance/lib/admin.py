"""ScopedAdmin: the base of every admin class. Shows what its queryset shows, permits what the abilities permit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Paginator
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import DomainError, Invalid, NotAllowed, NotFound
from alliance.lib.pagination import COUNT_CAP
from alliance.lib.text import clean

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
"""The device's own calendar: large enough on a phone, and nothing to load."""
Abilities = Callable[[Any, Any], frozenset[str]]


def _is_date(model: type[models.Model], name: str) -> bool:
    try:
        return isinstance(model._meta.get_field(name), models.DateField)
    except FieldDoesNotExist:
        return False


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than 1,000 pages' worth: an exact total of a big table costs more than it tells."""

    @cached_property
    def count(self) -> int:
        queryset = self.object_list
        if isinstance(queryset, models.QuerySet):
            return queryset.order_by().values("pk")[: COUNT_CAP * self.per_page].count()
        return len(queryset)


def plain_form(form: type[ModelForm[Any]]) -> type[ModelForm[Any]]:
    """``form`` whose labels end without a colon: they stand beside their fields."""

    class Plain(form):  # type: ignore[misc, valid-type]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **{"label_suffix": "", **kwargs})

    return Plain


def refused_form(form: type[ModelForm[Any]], refusal: DomainError) -> type[ModelForm[Any]]:
    """``form`` with the service's ``refusal`` at the fields it names, else above the form."""

    class Refused(form):  # type: ignore[misc, valid-type]
        def full_clean(self) -> None:
            super().full_clean()
            fields = refusal.fields if isinstance(refusal, Invalid) else {}
            for name, texts in (fields or {"": [refusal.message]}).items():
                for text in texts:
                    self.add_error(name if name in self.fields else None, str(text))

    return Refused


def new_end(form: ModelForm[Any], name: str) -> date | None:
    """The last date typed anew under ``name``; None where the page was saved without touching it.

    Emptying the field is neither an end today nor no end at all. Raises ``Invalid``.
    """
    if name not in form.changed_data:
        return None
    day: date | None = form.cleaned_data[name]
    if day is None:
        raise Invalid({name: [_("请填结束日期；填过的不能清空，要延长请到期后另登记一次。")]})
    return day


class ScopedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows = ``visible_to(user)``; rights = the app's ``abilities``; writing = a service; nothing is deleted."""

    abilities: Abilities
    show_full_result_count = False
    paginator = CappedPaginator
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    actions = None
    formfield_overrides: ClassVar = {
        models.DateField: {"widget": DAY},
    }

    def _may(self, request: HttpRequest, verb: str, obj: Any = None) -> bool:
        return request.user.is_authenticated and verb in type(self).abilities(request.user, obj)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        manager: Any = self.model._default_manager
        queryset: models.QuerySet[Any] = manager.visible_to(request.user)
        ordering = self.get_ordering(request)
        return queryset.order_by(*ordering) if ordering else queryset

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        # Django would send home with a message; another street's row is answered like one that is nowhere.
        raise NotFound

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

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the page itself offers as filters: any other column would answer yes or no to a guess."""
        name, _sep, how = lookup.partition("__")
        if name == self.date_hierarchy:
            return how in ("year", "month", "day", "gte", "lt")
        if lookup in {getattr(entry, "parameter_name", None) for entry in self.list_filter}:
            return True  # a filter of our own, which takes what it knows
        offered = {entry[0] if isinstance(entry, tuple) else entry for entry in self.list_filter}
        hows = ("", "exact", "isnull", "gte", "lt") if _is_date(self.model, name) else ("", "exact", "isnull")
        return name in offered and how in hows

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, clean(search_term))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        typed = request.GET.copy()
        for name, values in typed.lists():
            typed.setlist(name, [clean(value) for value in values])
        request.GET = typed  # type: ignore[assignment]
        return super().changelist_view(request, extra_context)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        # Choices are scoped as lists are: a drop-down must not name another street's people.
        manager = db_field.remote_field.model._default_manager
        if hasattr(manager, "visible_to") and "queryset" not in kwargs:
            kwargs["queryset"] = manager.visible_to(request.user)
        kwargs.setdefault("empty_label", _("不选") if db_field.blank else _("请选"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(field, "widget", None)
        if isinstance(widget, RelatedFieldWidgetWrapper):
            # Choosing is enough here: a pop-up that adds or edits another thing in passing loses the thread.
            widget.can_add_related = widget.can_change_related = widget.can_view_related = False
        return field

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if "choices" not in kwargs:
            blank = db_field.blank or not db_field.has_default()
            kwargs["choices"] = db_field.get_choices(
                include_blank=blank, blank_choice=[("", _("不选") if db_field.blank else _("请选"))]
            )
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A service's refusal comes back as the form with what was typed and what to do about it.

        Without Django's transaction around the whole page: services have their own, and what a refusal leaves behind
        (a try that was counted, an entry of the log) must stay.
        """
        page: Any = self
        response: HttpResponse
        if object_id is None:
            titled = {"title": _("登记%(what)s") % {"what": self.opts.verbose_name}}
            extra_context = {**titled, **(extra_context or {})}
        try:
            response = page._changeform_view(request, object_id, form_url, extra_context)
        except DomainError as error:
            if error.status == NotFound.status:
                raise
            request.refusal = error  # type: ignore[attr-defined]
            response = page._changeform_view(request, object_id, form_url, extra_context)
        return response

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = plain_form(super().get_form(request, obj, change=change, **kwargs))
        refusal: DomainError | None = getattr(request, "refusal", None)
        return form if refusal is None else refused_form(form, refusal)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:
        """Hand the cleaned data to a service; a class that has none is read-only."""
        raise NotAllowed
