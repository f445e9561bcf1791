"""Forms about points. They carry what was typed; services decide whether it is right."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import DAY
from members.models import MemberUnit
from people.models import Area
from people.querysets import STREET_LENGTH
from points.models import Reward
from points.services.rewards import Draft
from points.states import TENTHS, Sort
from resources.forms.resource import offices
from resources.models import Resource
from resources.states import Form

TEXTS = ("name", "sort", "words", "donor", "where")
NUMBERS = ("left", "per_quarter", "worth", "until")


class BareForm(forms.Form):
    """No colon after labels."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class PlainForm(BareForm):
    """A hidden key makes a second tap find the first."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)


class OwnChoice(forms.ModelChoiceField):
    """What is chosen already stays a choice, marked, though nobody else could choose it any more."""

    own: Any = None

    def keep(self, rows: Any, own: Any) -> None:
        """Offer ``rows``, and ``own``."""
        found = Q(pk__in=rows.values("pk"))
        if own is not None and not rows.filter(pk=own.pk).exists():
            self.own, found = own, found | Q(pk=own.pk)
        self.queryset = rows.model._default_manager.filter(found)

    def label_from_instance(self, obj: Any) -> str:
        return _("%(name)s（现在选不了了）") % {"name": obj} if obj == self.own else str(obj)


class RedeemForm(PlainForm):
    """One tap. ``price`` is what stood on the page."""

    price = forms.IntegerField(widget=forms.HiddenInput, required=False)


class WrongForm(PlainForm):
    """记录有误."""

    words = forms.CharField(label=_("哪里不对"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 3}))


class ReverseForm(BareForm):
    """冲正, with a reason."""

    why = forms.CharField(label=_("为什么冲正"), required=False, help_text=_("本人看得到，不要写姓名和电话"))


class CallOffForm(BareForm):
    """收回, with a reason."""

    why = forms.CharField(
        label=_("为什么收回"), required=False, help_text=_("本人看得到，积分马上退回；不要写姓名和电话")
    )


class RestoreForm(BareForm):
    """补回: to which phone, and what was looked at."""

    phone = forms.CharField(label=_("本人现在的手机号"), required=False, help_text=_("先核对身份证，再请本人登录一次"))
    why = forms.CharField(label=_("核对了什么"), required=False, help_text=_("本人看得到，不要写姓名和电话"))


class AnswerForm(BareForm):
    """The answer to a question, and what is put right with it."""

    answer = forms.CharField(
        label=_("怎么答复"),
        required=False,
        help_text=_("本人看得到，不要写姓名和电话"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    take_back = forms.BooleanField(label=_("冲正这一笔"), required=False)
    points = forms.DecimalField(
        label=_("补记几分"),
        required=False,
        min_value=0,
        max_value=10_000,
        decimal_places=1,
        help_text=_("不用补记就空着；冲正后重记的，填对的分数"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class RewardForm(PlainForm):
    """``reward``: what is changed; none: it is new, and ``area`` is asked for too."""

    name = forms.CharField(
        label=_("名称"),
        help_text=_("例如：理发、雨伞、血压血糖检测"),
        error_messages={"required": _("请写是什么，比如：理发。")},
    )
    sort = forms.ChoiceField(label=_("种类"), required=False, choices=Sort.choices)
    points = forms.IntegerField(label=_("要几分"), error_messages={"required": _("请填要几分，比如：20。")})
    words = forms.CharField(label=_("说明"), required=False, help_text=_("可以不填；大家看得到"))
    donor = forms.CharField(label=_("谁提供的"), required=False, help_text=_("可以不填；写在兑换页上，谢谢人家"))
    area = forms.ModelChoiceField(
        Area.objects.none(),
        label=_("哪里登记"),
        empty_label=_("请选"),
        error_messages={"required": _("请选街道或社区。")},
    )
    unit = OwnChoice(
        MemberUnit.objects.none(),
        label=_("在哪家单位领"),
        required=False,
        empty_label=_("在街道社区领"),
        help_text=_("可以不选；选了单位，由它的联络员核销"),
    )
    place = OwnChoice(
        Resource.objects.none(),
        label=_("在哪个阵地领"),
        required=False,
        empty_label=_("不在阵地"),
        help_text=_("可以不选"),
    )
    where = forms.CharField(label=_("到哪里领"), required=False, help_text=_("可以不填；例如：湘湖路12号，每周三下午"))
    left = forms.IntegerField(label=_("还有几份"), required=False, help_text=_("可以不填；服务类不限份数的空着"))
    per_quarter = forms.IntegerField(
        label=_("每人每季最多几份"), required=False, help_text=_("可以不填；紧俏的填1，不限就空着")
    )
    worth = forms.IntegerField(
        label=_("价值（元）"), required=False, help_text=_("可以不填；不超过100元，不发现金和购物卡")
    )
    until = forms.DateField(label=_("兑换到哪天"), required=False, widget=DAY, help_text=_("可以不填；一直有就空着"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    left_seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Any, reward: Reward | None = None, **kwargs: Any) -> None:
        if reward is not None:
            names = (
                "name",
                "sort",
                "words",
                "donor",
                "unit",
                "place",
                "where",
                "left",
                "per_quarter",
                "worth",
                "until",
            )
            first = {name: getattr(reward, name) for name in names}
            first |= {"points": reward.price // TENTHS, "version": reward.version, "left_seen": reward.left}
            kwargs["initial"] = {**first, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        own = offices(user)
        fields["area"].queryset = own
        streets = (
            {reward.street_code} if reward else {code[:STREET_LENGTH] for code in own.values_list("pk", flat=True)}
        )
        units: Any = MemberUnit.objects.none()
        for street in sorted(streets):
            units |= MemberUnit.objects.members_in(street)
        fields["unit"].keep(units, reward.unit if reward else None)
        fields["unit"].queryset = fields["unit"].queryset.order_by("pinyin", "pk")
        stations = Resource.objects.public().filter(street_code__in=streets, kind__form=Form.WALK_IN)
        fields["place"].keep(stations, reward.place if reward else None)
        fields["place"].queryset = fields["place"].queryset.order_by("name", "pk")
        if reward is not None:
            del self.fields["area"]

    def draft(self) -> Draft:
        """What the services take."""
        given = self.cleaned_data
        plain: dict[str, Any] = {name: given.get(name) or "" for name in TEXTS}
        plain |= {name: given.get(name) for name in (*NUMBERS, "left_seen")}
        unit, place = given.get("unit"), given.get("place")
        keys: dict[str, Any] = {"unit": unit.pk if unit else None, "place": place.pk if place else None}
        return Draft(points=given.get("points") or 0, **keys, **plain)
