"""Figures an alliance stands by, each with its source. Every change is in the audit log."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotAllowed, NotFound
from alliance.lib.text import clean
from audit.services import record
from audit.states import Action
from members.models import Alliance, Figure
from members.permissions import keeps_alliance
from members.services.checked import save_checked
from people.models import User

LABEL_TAKEN = _("这个联盟已有这一项数字。")
FIELDS = ("label", "value", "as_of", "source", "position")


@transaction.atomic
def add_figure(
    *, alliance: int, by: User | None, label: str, value: str, source: str, as_of: str = "", position: int = 100
) -> Figure:
    """A figure of the alliance as it was printed. ``by=None`` is the installation.

    Raises ``NotFound``, ``NotAllowed``, ``Invalid`` (no source, a label that stands already).
    """
    rows = Alliance.objects.all() if by is None else Alliance.objects.visible_to(by)
    figure = Figure(alliance=rows.locked(alliance))
    _require(figure, by)
    _fill(figure, label=label, value=value, source=source, as_of=as_of, position=position)
    _record(figure, by, {field: [None, getattr(figure, field)] for field in FIELDS})
    return figure


@transaction.atomic
def change_figure(
    *, pk: int, by: User, label: str, value: str, source: str, as_of: str = "", position: int = 100
) -> Figure:
    """Change a figure. Raises ``NotFound``, ``NotAllowed``, ``Invalid``."""
    figure: Figure = Figure.objects.visible_to(by).locked(pk)
    _require(figure, by)
    before = {field: getattr(figure, field) for field in FIELDS}
    _fill(figure, label=label, value=value, source=source, as_of=as_of, position=position)
    changes = {field: [old, getattr(figure, field)] for field, old in before.items() if old != getattr(figure, field)}
    if changes:
        _record(figure, by, changes)
    return figure


@transaction.atomic
def remove_figure(*, pk: int, by: User) -> None:
    """Take a figure away; the log keeps what it said. Raises ``NotFound``, ``NotAllowed``."""
    figure: Figure = Figure.objects.visible_to(by).locked(pk)
    _require(figure, by)
    _record(figure, by, {field: [getattr(figure, field), None] for field in FIELDS})
    figure.delete()


def seen_figure(*, pk: int, by: User) -> Figure:
    """A figure whose alliance ``by`` sees. Raises ``NotFound``."""
    figure: Figure | None = Figure.objects.visible_to(by).select_related("alliance__area").filter(pk=pk).first()
    if figure is None:
        raise NotFound
    return figure


def _require(figure: Figure, by: User | None) -> None:
    if by is not None and not keeps_alliance(by, figure.alliance):
        raise NotAllowed


def _fill(figure: Figure, *, label: str, value: str, source: str, as_of: str, position: int) -> None:
    figure.label, figure.value, figure.source = clean(label), clean(value), clean(source)
    figure.as_of, figure.position = clean(as_of), position
    save_checked(figure, raced=LABEL_TAKEN)


def _record(figure: Figure, by: User | None, changes: dict[str, list[object]]) -> None:
    alliance = figure.alliance
    params = {"figure": figure.pk, **changes}
    subject = f"alliance:{alliance.pk}"
    record(Action.REGISTER_CHANGED, actor=by, subject=subject, area_code=alliance.area_id, params=params)
