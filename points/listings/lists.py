"""Accounts, questions about them, and what can be exchanged, as the workbench lists them. People are masked."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.dates import day_of, iso
from alliance.lib.listing import Cell, Column, Listing, Rows, Tab, register
from alliance.lib.privacy import mask_name
from points.figures import said
from points.models import Account, Correction, Reward
from points.permissions import account_abilities, reward_abilities
from points.presenting.exchange import where
from points.states import CorrectionState, Shelf

TONES = {Shelf.ON: "done", Shelf.OFF: "off"}


def _who(row: Account) -> str:
    """The holder, masked; an account that is nobody's any more says so."""
    return mask_name(row.person.name) if row.person else _("已销户")


def _by_number(found: Rows, term: str) -> Rows:
    return found.filter(number__icontains=term.strip()[:40])


ACCOUNTS = register(
    Listing(
        key="points.accounts",
        title=pgettext_lazy("plural", "积分账户"),
        url_name="admin:points_account_changelist",
        row_url=lambda row: reverse("admin:points_account_change", args=[row.pk]),
        may_view=lambda user: "view" in account_abilities(user),
        rows=lambda user: Account.objects.kept_by(user).select_related("person", "street"),
        order=("-opened_at", "-id"),
        order_label=gettext_lazy("新的在前"),
        search=_by_number,
        search_hint=gettext_lazy("账户编号，本人的“我的积分”里有"),
        columns=(
            Column(key="number", label=gettext_lazy("账户编号"), cell=lambda row: row.number),
            Column(key="who", label=gettext_lazy("本人"), cell=_who),
            Column(key="balance", label=gettext_lazy("可用"), cell=lambda row: said(row.balance), number=True),
            Column(
                key="since",
                label=gettext_lazy("开户时间"),
                cell=lambda row: day_of(timezone.localdate(row.opened_at)),
                value=lambda row: iso(timezone.localdate(row.opened_at)),
            ),
        ),
        empty_title=gettext_lazy("还没有积分账户"),
        empty_text=gettext_lazy("有人第一次得积分，就会列在这里。"),
    )
)


def _question(row: Correction) -> Cell:
    done = row.state != CorrectionState.ASKED
    return Cell(text=str(row.get_state_display()), tone="done" if done else "")


CORRECTIONS = register(
    Listing(
        key="points.corrections",
        title=pgettext_lazy("plural", "积分更正"),
        url_name="admin:points_correction_changelist",
        row_url=lambda row: reverse("admin:points_correction_change", args=[row.pk]),
        may_view=lambda user: "view" in account_abilities(user),
        rows=lambda user: Correction.objects.filter(account__in=Account.objects.kept_by(user)).select_related(
            "account", "transfer"
        ),
        order=("-asked_at", "-id"),
        order_label=gettext_lazy("新的在前"),
        tabs=(
            Tab(
                key="open",
                label=gettext_lazy("等答复"),
                narrow=lambda found, _user: found.filter(state=CorrectionState.ASKED),
            ),
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
        ),
        columns=(
            Column(
                key="about",
                label=gettext_lazy("哪一笔"),
                cell=lambda row: row.transfer.label if row.transfer else _("少记了一笔"),
            ),
            Column(key="number", label=gettext_lazy("账户编号"), cell=lambda row: row.account.number),
            Column(
                key="since",
                label=gettext_lazy("提出时间"),
                cell=lambda row: day_of(timezone.localdate(row.asked_at)),
                value=lambda row: iso(timezone.localdate(row.asked_at)),
            ),
            Column(key="state", label=gettext_lazy("状态"), cell=_question),
        ),
        empty_title=gettext_lazy("没有人说记录有误"),
        empty_text=gettext_lazy("本人在“我的积分”里点“有一笔不对”，会列在这里。"),
    )
)


def _search(found: Rows, term: str) -> Rows:
    word = term.strip()[:30]
    return found.filter(Q(name__icontains=word) | Q(donor__icontains=word))


def _state(row: Reward) -> Cell:
    return Cell(text=str(row.get_state_display()), tone=TONES[Shelf(row.state)])


REWARDS = register(
    Listing(
        key="points.rewards",
        title=pgettext_lazy("plural", "兑换品"),
        url_name="admin:points_reward_changelist",
        row_url=lambda row: reverse("admin:points_reward_change", args=[row.pk]),
        may_view=lambda user: "view" in reward_abilities(user),
        rows=lambda user: Reward.objects.kept_by(user).select_related("area", "unit", "place"),
        order=("-made_at", "-id"),
        order_label=gettext_lazy("新的在前"),
        search=_search,
        search_hint=gettext_lazy("名称、谁提供的"),
        tabs=(
            Tab(key="on", label=gettext_lazy("可兑换"), narrow=lambda found, _user: found.filter(state=Shelf.ON)),
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
        ),
        columns=(
            Column(key="name", label=gettext_lazy("名称"), cell=lambda row: row.name),
            Column(key="price", label=gettext_lazy("积分"), cell=lambda row: said(row.price), number=True),
            Column(
                key="left",
                label=gettext_lazy("还有几份"),
                cell=lambda row: _("不限") if row.left is None else str(row.left),
                number=True,
            ),
            Column(key="where", label=gettext_lazy("到哪里领"), cell=lambda row: where(row, None, told=True)),
            Column(key="state", label=gettext_lazy("状态"), cell=_state),
        ),
        empty_title=gettext_lazy("还没有兑换品"),
        empty_text=gettext_lazy("登记一件，居民就能用积分换。"),
    )
)
