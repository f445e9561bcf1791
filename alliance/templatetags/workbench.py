"""Rows of a plain list as values, for a template of our own: Django's own tag hands out finished cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import display_for_field, display_for_value, label_for_field, lookup_field
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.template import Library
from django.utils.translation import gettext as _

from alliance.lib.dates import day_of, moment

register = Library()
register.filter("moment", moment)
BLANK = "—"


@dataclass(frozen=True)
class Cell:
    """One value: ``name`` of the column, ``label`` over it, ``value`` shown, ``url`` if it leads to the row.

    ``tone`` is yes or no where the value answers a question; ``kind`` is num for what must not break.
    """

    name: str
    label: str
    value: Any
    url: str = ""
    tone: str = ""
    kind: str = ""

    @property
    def blank(self) -> bool:
        """Whether there is nothing to say: a card on a phone leaves the line out."""
        return str(self.value) == BLANK


@register.simple_tag
def cells_of(cl: ChangeList) -> list[list[Cell]]:
    """The rows of the page, cell by cell, in the order of ``list_display``."""
    labels = {name: label_for_field(name, cl.model, cl.model_admin) for name in cl.list_display}
    links = cl.list_display_links or ()
    return [
        [_cell(cl, row, str(name), str(labels[name]), name in links) for name in cl.list_display]
        for row in cl.result_list
    ]


def _cell(cl: ChangeList, row: Any, name: str, label: str, leads: bool) -> Cell:
    url = (cl.url_for_result(row) or "") if leads else ""
    try:
        field, attribute, value = lookup_field(name, row, cl.model_admin)
    except ObjectDoesNotExist:
        return Cell(name, label, BLANK, url)
    if isinstance(field, models.BooleanField) or getattr(attribute, "boolean", False):
        return Cell(name, label, _("是") if value else _("否"), url, tone="yes" if value else "no")
    if field is None:
        kind = "num" if getattr(attribute, "nowrap", False) else ""
        return Cell(name, label, display_for_value(BLANK if value == "" else value, BLANK), url, kind=kind)
    if isinstance(field.remote_field, models.ManyToOneRel):
        return Cell(name, label, getattr(row, field.name) or BLANK, url)
    if isinstance(field, models.DateField) and value is not None:
        written = moment(value) if isinstance(field, models.DateTimeField) else day_of(value)
        return Cell(name, label, written, url, kind="num")
    kind = "num" if isinstance(field, models.DateField | models.IntegerField) or field.primary_key else ""
    return Cell(name, label, display_for_field(value, field, BLANK), url, kind=kind)
