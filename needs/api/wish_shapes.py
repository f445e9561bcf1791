"""Shapes of wishes in the API. What is public and what staff read are two shapes that share no private field."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from alliance.lib.api import Given
from needs.states.wish import Approver, Delivery, WishKind, WishStage

TO_APPROVE = "to_approve"
STAGES = (*WishStage.choices, (TO_APPROVE, "待审批"))
"""As the page has it: verified, a wish waits for a yes."""
SEEN: dict[str, Any] = {
    "label": "看过提醒",
    "max_length": 60,
    "required": False,
    "allow_blank": True,
    "default": "",
    "help_text": "公开的话里好像有个人信息时会得到400 warned；确认无误，带上其中的fields.seen_words；话改过要再看一次",
}


class WishCard(serializers.Serializer[Any]):
    """One open wish, exactly as on the wall."""

    number = serializers.CharField(label="编号")
    kind = serializers.ChoiceField(label="类型", choices=WishKind.choices)
    item = serializers.CharField(label="心愿")
    called = serializers.CharField(label="称呼")
    area = serializers.CharField(label="社区代码")
    area_name = serializers.CharField(label="社区")
    cap_yuan = serializers.IntegerField(label="最多多少元", allow_null=True)
    shares = serializers.IntegerField(label="共几份")
    left = serializers.IntegerField(label="还差几份")
    closes_at = serializers.DateTimeField(label="认领到")
    offer = serializers.IntegerField(label="认领事项", help_text="认领时用：POST /offers/<offer>/claim/")


class WishRow(serializers.Serializer[Any]):
    """One wish as staff see it: the household masked."""

    id = serializers.IntegerField()
    number = serializers.CharField(label="编号")
    kind = serializers.ChoiceField(label="类型", choices=WishKind.choices)
    item = serializers.CharField(label="心愿")
    story = serializers.CharField(label="一句心里话", allow_blank=True)
    called = serializers.CharField(label="称呼")
    area = serializers.CharField(label="社区代码")
    area_name = serializers.CharField(label="社区")
    cap_yuan = serializers.IntegerField(label="最多多少元", allow_null=True)
    shares = serializers.IntegerField(label="共几份")
    taken = serializers.IntegerField(label="已认领几份")
    done = serializers.IntegerField(label="已圆梦几份")
    delivery = serializers.ChoiceField(label="怎么送", choices=Delivery.choices)
    stage = serializers.ChoiceField(label="状态", choices=STAGES)
    hand = serializers.CharField(label="在谁手里")
    since = serializers.DateTimeField(label="从什么时候起", allow_null=True)
    until = serializers.DateTimeField(
        label="到什么时候", allow_null=True, help_text="该核实、审批、送到、代确认的时候，或者认领期的末尾"
    )
    verified_by = serializers.CharField(label="核实人", allow_null=True)
    created_at = serializers.DateTimeField(label="登记时间")
    closes_at = serializers.DateTimeField(label="认领到", allow_null=True)
    need = serializers.IntegerField(label="来自诉求", allow_null=True)
    beneficiary = serializers.CharField(label="受益人（打码）")
    version = serializers.IntegerField(label="版本", help_text="办理时带上，别人改过会得到409")


class WishDetail(WishRow):
    """With what one may do."""

    abilities = serializers.ListField(child=serializers.CharField(), label="您可以做的")
    street_if_verified = serializers.BooleanField(
        label="您核实以后由街道审批", help_text="由社区书记审批、社区又没有另一位书记的时候"
    )


class WishFields(Given):
    """What is typed for a wish; the service says what is wrong."""

    kind = serializers.CharField(label="类型", max_length=20)
    item = serializers.CharField(label="心愿", max_length=200)
    story = serializers.CharField(
        label="一句心里话",
        max_length=500,
        required=False,
        allow_blank=True,
        default="",
        help_text="墙上不显示，认领的人能看到",
    )
    called = serializers.CharField(label="称呼", max_length=60)
    cap_yuan = serializers.IntegerField(
        label="最多多少元",
        required=False,
        allow_null=True,
        default=None,
        min_value=-1_000_000,
        max_value=1_000_000,
    )
    shares = serializers.IntegerField(label="几份", required=False, default=1, min_value=-1000, max_value=1000)
    delivery = serializers.CharField(label="怎么送", max_length=20, required=False, default=Delivery.ACCOMPANIED)
    beneficiary = serializers.CharField(label="受益人姓名", max_length=60, required=False, allow_blank=True, default="")
    household = serializers.CharField(label="家庭情况", max_length=2000, required=False, allow_blank=True, default="")
    phone = serializers.CharField(label="联系电话", max_length=40, required=False, allow_blank=True, default="")
    seen_warnings = serializers.CharField(**SEEN)


class WishWords(WishFields):
    client_key = serializers.UUIDField(label="提交键")
    area = serializers.CharField(label="社区代码", max_length=24, required=False, default="")


class NeedWishWords(WishWords):
    version = serializers.IntegerField(label="诉求的版本", min_value=1, max_value=2_000_000_000)


class VersionRequest(Given):
    version = serializers.IntegerField(label="版本", min_value=1, max_value=2_000_000_000)


class WishEditRequest(WishFields, VersionRequest):
    """All of it once more; only what is private stays as it is where nothing is given."""


class HouseholdRequest(Given):
    reason = serializers.CharField(
        label="为什么要看", max_length=200, required=False, allow_blank=True, default="", help_text="街道的人必填"
    )


class Household(serializers.Serializer[Any]):
    """Who a wish is for. Every look is logged."""

    beneficiary = serializers.CharField(label="受益人姓名")
    phone = serializers.CharField(label="联系电话", allow_blank=True)
    household = serializers.CharField(label="家庭情况", allow_blank=True)


class PolicyRow(Given):
    """Who approves wishes in a street."""

    street = serializers.CharField(label="街道代码", max_length=24)
    approver = serializers.ChoiceField(label="谁审批", choices=Approver.choices)


class HowRequest(VersionRequest):
    how = serializers.CharField(label="怎么核实的", max_length=500)


class ReasonRequest(VersionRequest):
    words = serializers.CharField(label="原因", max_length=2000)


class ApprovalRow(serializers.Serializer[Any]):
    """One thing that waits for the caller's yes or no."""

    title = serializers.CharField(label="是什么")
    what = serializers.CharField(label="哪一类")
    detail = serializers.CharField(label="详情", allow_blank=True)
    who = serializers.CharField(label="谁提的")
    since = serializers.DateTimeField(label="等了多久")
    url = serializers.CharField(label="去哪里办")
    number = serializers.CharField(label="编号", allow_blank=True)
    overdue = serializers.BooleanField(label="等得太久")
