"""What the lists of the register have in common: choices that name nothing of another street, dates, yes and no."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import Text
from alliance.lib.listing import NO, YES, Facet, Options, Rows, by_column, by_condition, choices, equals, if_so
from members.models import Alliance, Body
from members.querysets import streets_around
from members.states import READ_ROLES
from people.models import Area
from people.querysets import within


def reads(user: Any) -> bool:
    """Whoever works in a street reads its register."""
    return bool(user.has_role(*READ_ROLES))


def alliances(user: Any) -> Options:
    """The alliances of one's streets, the street's own before those of its communities."""
    rows = Alliance.objects.visible_to(user).order_by("area_id", "id")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


def bodies_on(axis: str) -> Callable[[Any], Options]:
    """The groups or the zones of one's alliances; with the alliance's name where there are several."""

    def offered(user: Any) -> Options:
        rows = Body.objects.visible_to(user).active().filter(kind__axis=axis)
        found = list(rows.order_by("alliance", "position", "id").values_list("pk", "name", "alliance__name"))
        several = len({alliance for _pk, _name, alliance in found}) > 1
        return [(str(pk), f"{name} · {alliance}" if several else name) for pk, name, alliance in found]

    return offered


def places(user: Any) -> Options:
    """The streets one works in, and their communities."""
    rows = Area.objects.filter(within(streets_around(user), area="code", street=""), level__in=["street", "community"])
    return list(rows.order_by("code").values_list("code", "name"))


def in_place(rows: Rows, code: str) -> Rows:
    """Those that lie in the area ``code`` or below."""
    return rows.filter(area_id__startswith=code)


PLACE = Facet(
    key="place",
    label=gettext_lazy("所在地"),
    any_label=gettext_lazy("全部社区"),
    options=places,
    narrow=in_place,
    main=True,
)
"""Where: the same question in every list whose rows have an area."""


def of_kind(kinds: list[tuple[str, Any]]) -> Facet:
    """Which of ``kinds`` the row's column ``kind`` is."""
    return Facet(
        key="kind",
        label=gettext_lazy("类型"),
        any_label=gettext_lazy("全部类型"),
        options=choices(kinds),
        narrow=equals("kind"),
        counts=by_column("kind"),
        main=True,
    )


def active(rows: Any, _user: Any) -> Rows:
    """Those in force today."""
    found: Rows = rows.active()
    return found


def asks(key: str, label: Text, condition: Q, yes: Text, no: Text) -> Facet:
    """A question answered by yes or no."""
    return Facet(
        key=key,
        label=label,
        any_label=gettext_lazy("%(what)s：不限") % {"what": label},
        options=lambda _user: [(YES, str(yes)), (NO, str(no))],
        narrow=if_so(condition),
        counts=by_condition(condition),
    )


def said(value: bool) -> str:
    return _("是") if value else _("否")
