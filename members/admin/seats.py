"""Liaisons' seats in the workbench. Every change is a service's."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import new_end
from members import permissions, services
from members.admin.base import RegisterAdmin
from members.forms import (
    LiaisonForm,
    NewLiaisonForm,
    typed,
)
from members.listings.liaisons import LIAISONS
from members.models import Liaison
from people.lists import ListedAdmin
from people.models import User


@admin.register(Liaison)
class LiaisonAdmin(ListedAdmin, RegisterAdmin):
    abilities = staticmethod(permissions.liaison_abilities)
    form = LiaisonForm
    add_form = NewLiaisonForm
    change_form_template = "admin/members/liaison/change_form.html"
    entry = ("unit", "name", "phone", "title", "is_second", "starts_on")
    fixed = ("unit", "shown_name", "title", "is_second", "since")
    listing = LIAISONS
    little = True

    @admin.display(description=_("联络员"), ordering="name")
    def shown_name(self, obj: Liaison) -> str:
        return obj.shown_name

    @admin.display(description=_("从哪天起"), ordering="starts_on")
    def since(self, obj: Liaison) -> str:
        return date_format(obj.starts_on)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is not None:
            return (*self.fixed, "ends_on")
        return self.entry

    def add_row(self, by: User, form: ModelForm[Any]) -> Liaison:
        return services.seat_person(by=by, **typed(form, *self.entry))

    def change_row(self, by: User, obj: Liaison, form: ModelForm[Any]) -> Liaison:
        return services.end_seat(pk=obj.pk, by=by, on=day) if (day := new_end(form, "ends_on")) else obj
