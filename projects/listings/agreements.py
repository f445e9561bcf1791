"""共建协议 of one's streets: what waits for units, for a yes, for the signing; what runs, and until when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.dates import day_of, iso
from alliance.lib.listing import Cell, Column, Facet, Listing, Options, Rows, Tab, by_column, equals, register
from alliance.lib.search import named
from members.listings.common import PLACE, asks
from members.models import MemberUnit
from projects.models import Agreement, Party
from projects.permissions import agreement_abilities
from projects.presenting.progress import days_note
from projects.services.clock import days_left
from projects.states import AgreementState

NEWEST = ("-drafted_at", "-id")
FEW = 2
TONES = {
    AgreementState.DRAFT: "",
    AgreementState.CONFIRMING: "work",
    AgreementState.TO_SIGN: "work",
    AgreementState.RUNNING: "done",
    AgreementState.CLOSED: "off",
    AgreementState.RENEWED: "off",
    AgreementState.ENDED: "off",
}


def rows(user: Any) -> Rows:
    """Agreements of the streets one works in."""
    return Agreement.objects.kept_by(user).select_related("area", "commissioner").prefetch_related("parties")


def _units(user: Any) -> Options:
    there = Party.objects.filter(agreement__in=Agreement.objects.kept_by(user).values("pk")).order_by().values("unit")
    return [(str(unit.pk), str(unit)) for unit in MemberUnit.objects.filter(pk__in=there).order_by("pinyin", "pk")]


def _with_unit(found: Rows, value: str) -> Rows:
    mine = Party.objects.filter(unit=int(value)) if value.isdigit() and len(value) < 18 else Party.objects.none()
    return found.filter(pk__in=mine.values("agreement"))


def _by_unit(found: Rows) -> dict[str, int]:
    parties = Party.objects.filter(agreement__in=found.order_by().values("pk")).order_by()
    return {str(unit): n for unit, n in parties.values_list("unit").annotate(n=Count("agreement", distinct=True))}


def _in_state(state: str) -> Callable[[Rows, Any], Rows]:
    return lambda found, _user: found.filter(state=state)


def _over(found: Rows, _user: Any) -> Rows:
    return found.filter(pk__in=Agreement.objects.over().values("pk"))


def names(one: Agreement) -> str:
    """The units that are parties today."""
    return _("、").join(party.name for party in one.parties.all() if party.left_on is None)


def _first_names(one: Agreement) -> str:
    """Two of them, and how many there are: 萧山区中医院、萧山区民政局等4家."""
    there = [party.name for party in one.parties.all() if party.left_on is None]
    if len(there) <= FEW:
        return names(one)
    return _("%(names)s等%(n)d家") % {"names": _("、").join(there[:FEW]), "n": len(there)}


def _state(one: Agreement) -> Cell:
    flags = ((_("等审批"), "warn"),) if one.state == AgreementState.CONFIRMING and one.confirmed_at else ()
    if one.is_over:
        flags = ((_("到期待评估"), "warn"),)
    elif one.is_ahead:
        flags = ((_("还没到开始的日子"), "info"),)
    return Cell(text=one.get_state_display(), tone=TONES[AgreementState(one.state)], flags=flags)


def _until(one: Agreement) -> Cell:
    last = one.runs_until or one.ends_on
    left = days_note(days_left(one)) if one.state == AgreementState.RUNNING else ""
    return Cell(text=day_of(last), small=left)


COLUMNS = (
    Column(
        key="theme",
        label=gettext_lazy("协议"),
        cell=lambda one: Cell(text=one.theme, code=one.number),
        value=lambda one: one.theme,
        order=("theme", "id"),
    ),
    Column(key="number", label=gettext_lazy("编号"), cell=lambda one: one.number, page=False),
    Column(key="units", label=gettext_lazy("签约单位"), cell=_first_names, value=names),
    Column(key="place", label=gettext_lazy("甲方"), cell=lambda one: one.area.name, order=("area_id", "id")),
    Column(
        key="starts",
        label=gettext_lazy("从哪天起"),
        cell=lambda one: day_of(one.starts_on),
        value=lambda one: iso(one.starts_on),
        order=("starts_on", "id"),
        shown=False,
    ),
    Column(
        key="until",
        label=gettext_lazy("履行到"),
        cell=_until,
        value=lambda one: iso(one.runs_until or one.ends_on),
        order=("runs_until", "id"),
    ),
    Column(
        key="signed",
        label=gettext_lazy("签约日期"),
        cell=lambda one: day_of(one.signed_on),
        value=lambda one: iso(one.signed_on),
        order=("signed_on", "id"),
    ),
    Column(
        key="commissioner",
        label=gettext_lazy("专员"),
        cell=lambda one: one.commissioner.name if one.commissioner else "",
        shown=False,
    ),
    Column(key="code", label=gettext_lazy("校验码"), cell=lambda one: one.sha256, page=False),
    Column(key="state", label=gettext_lazy("状态"), cell=_state, value=lambda one: one.get_state_display()),
)

AGREEMENTS = register(
    Listing(
        key="projects.agreements",
        look="dated",
        title=pgettext_lazy("plural", "共建协议"),
        url_name="admin:projects_agreement_changelist",
        row_url=lambda one: reverse("admin:projects_agreement_change", args=[one.pk]),
        may_view=lambda user: "view" in agreement_abilities(user),
        rows=rows,
        order=NEWEST,
        order_label=gettext_lazy("新的在前"),
        tabs=(
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
            *(Tab(key=state.value, label=state.label, narrow=_in_state(state)) for state in AgreementState),
            Tab(key="over", label=gettext_lazy("到期待评估"), narrow=_over),
        ),
        columns=COLUMNS,
        facets=(
            PLACE,
            Facet(
                key="unit",
                label=gettext_lazy("签约单位"),
                any_label=gettext_lazy("签约单位：不限"),
                options=_units,
                narrow=_with_unit,
                counts=_by_unit,
                main=True,
            ),
            Facet(
                key="state",
                label=gettext_lazy("状态"),
                any_label=gettext_lazy("状态：不限"),
                options=lambda _user: [(state.value, str(state.label)) for state in AgreementState],
                narrow=equals("state"),
                counts=by_column("state"),
            ),
            asks("public", gettext_lazy("公开正文"), Q(is_public=True), gettext_lazy("公开"), gettext_lazy("不公开")),
        ),
        search=named,
        search_hint=gettext_lazy("主题、编号"),
        empty_title=gettext_lazy("还没有协议"),
        empty_text=gettext_lazy("拟好以后送单位确认，审批通过就可以签约。"),
    )
)
