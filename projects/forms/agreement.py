"""An agreement as staff write it down: what is done together, who takes on what, what is promised in numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import DAY
from alliance.lib.errors import Invalid
from members.forms.profile import FindSelect
from members.models import MemberUnit
from members.states import REGISTER_ROLES
from people.models import Area, User
from people.querysets import STREET_LENGTH, within
from people.states import COMMUNITY_ROLES, Level
from projects.models import Agreement
from projects.services.fields import checked, colleagues
from resources.forms.acts import DAY_WRONG

PARTIES, TARGETS, SPARE = 3, 3, 1
WHAT = ("area", "theme", "aim", "starts_on", "ends_on", "commissioner")
KEPT = ("theme", "aim", "office_duties", "starts_on", "ends_on")
LONG = forms.Textarea(attrs={"rows": 4})


def offices(user: Any) -> QuerySet[Area]:
    """Streets and communities in whose name this person writes agreements."""
    own = within(user.areas_of(*REGISTER_ROLES, *COMMUNITY_ROLES), area="code", street="")
    return Area.objects.filter(own, level__in=[Level.STREET, Level.COMMUNITY]).order_by("code")


def say_more(form: forms.Form, check: Callable[[], Any]) -> None:
    """What ``check`` refuses of the fields of ``form`` that nothing is said of yet."""
    try:
        check()
    except Invalid as error:
        for name, texts in error.fields.items():
            if name in form.fields and name not in form.errors:
                form.add_error(name, [str(text) for text in texts])


def one_day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=DAY, error_messages=DAY_WRONG, help_text=help_text)


class AgreementForm(forms.Form):
    """``agreement``: what is changed; none: it is new, and ``area`` is asked for too. Empty lines are no lines."""

    area = forms.ModelChoiceField(Area.objects.none(), label=_("甲方"), empty_label=_("请选"))
    theme = forms.CharField(label=_("共建主题"), required=False, help_text=_("例如：清厢之旅"))
    aim = forms.CharField(
        label=_("共建内容"), required=False, widget=LONG, help_text=_("一起做什么；不写个人的姓名和电话")
    )
    starts_on = one_day(_("从哪天起"))
    ends_on = one_day(_("到哪天止"), _("这一天还算在内；一般一年"))
    commissioner = forms.ModelChoiceField(User.objects.none(), label=_("专员"), required=False, empty_label=_("还没定"))
    office_duties = forms.CharField(label=_("街道社区的责任"), required=False, widget=LONG)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def __init__(self, *args: Any, user: Any, agreement: Agreement | None = None, **kwargs: Any) -> None:
        parts = [party for party in agreement.parties.all() if party.left_on is None] if agreement else []
        goals = list(agreement.targets.all()) if agreement else []
        first = {name: getattr(agreement, name) for name in (*KEPT, "version")} if agreement else {}
        kwargs["initial"] = {**first, **kwargs.get("initial", {})}
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.parties = range(1, max(PARTIES, len(parts) + SPARE) + 1)
        self.targets = range(1, max(TARGETS, len(goals) + SPARE) + 1)
        self._fill(user, agreement)
        for number, party in enumerate(parts, start=1):
            self.initial.update({f"unit{number}": party.unit_id, f"duties{number}": party.duties})
        for number, goal in enumerate(goals, start=1):
            said = {"goal": goal.name, "amount": goal.amount, "measure": goal.measure}
            self.initial.update({f"{name}{number}": value for name, value in said.items()})

    def _fill(self, user: Any, agreement: Agreement | None) -> None:
        fields: Any = self.fields
        own = offices(user)
        fields["area"].queryset = own
        streets = sorted({code[:STREET_LENGTH] for code in own.values_list("pk", flat=True)})
        street = agreement.street_code if agreement else (streets[0] if streets else "")
        people, units = User.objects.none(), MemberUnit.objects.none()
        for code in [street] if agreement else streets:
            people |= colleagues(code)
            units |= MemberUnit.objects.members_in(code)
        fields["commissioner"].queryset = people.order_by("name", "pk")
        units = units.filter(suspended_at__isnull=True).order_by("pinyin", "pk")
        for number in self.parties:
            fields[f"unit{number}"] = forms.ModelChoiceField(
                units, label=_("单位"), required=False, empty_label=_("不选"), widget=FindSelect
            )
            fields[f"duties{number}"] = forms.CharField(
                label=_("单位做什么"), required=False, widget=forms.Textarea(attrs={"rows": 3})
            )
        for number in self.targets:
            fields[f"goal{number}"] = forms.CharField(label=_("指标"), required=False, help_text=_("例如：参加党员"))
            fields[f"amount{number}"] = forms.DecimalField(label=_("目标"), required=False)
            fields[f"measure{number}"] = forms.CharField(label=_("计量单位"), required=False, help_text=_("例如：人次"))
        if agreement is not None:
            del fields["area"], fields["commissioner"]

    def clean(self) -> dict[str, Any]:
        """Where something is left out already, whatever else the service would refuse is said at the same time."""
        if self.errors:
            say_more(self, lambda: checked(self.cleaned_data))
        return self.cleaned_data

    def groups(self) -> list[tuple[Any, list[Any], Any]]:
        """The fields as they stand on the page, in groups, and of a group with lines what adds one; errors of lines
        stand with the first of them."""
        parties = [f"{name}{number}" for number in self.parties for name in ("unit", "duties")]
        targets = [f"{name}{number}" for number in self.targets for name in ("goal", "amount", "measure")]
        titles = (
            (_("是什么"), WHAT, ""),
            (_("各方责任"), ("office_duties", *parties), _("再加一家")),
            (_("指标（可以不填）"), targets, _("再加一项")),
        )
        return [(title, [self[name] for name in names if name in self.fields], more) for title, names, more in titles]

    def typed(self) -> dict[str, Any]:
        """What the services take of it, beside the place and the 专员."""
        given = self.cleaned_data
        parties = [
            {"unit": unit.pk, "duties": given.get(f"duties{number}", "")}
            for number in self.parties
            if (unit := given.get(f"unit{number}")) is not None
        ]
        targets = [
            {"name": name, "amount": given.get(f"amount{number}"), "measure": given.get(f"measure{number}", "")}
            for number in self.targets
            if (name := given.get(f"goal{number}"))
        ]
        return {**{name: given.get(name) for name in KEPT}, "parties": parties, "targets": targets}
