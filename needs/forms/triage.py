"""What is typed beside each way to go on with a need: who, why, until when, words for the resident."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from needs.forms import SeenField
from needs.models import Category
from needs.states import Declined, Nature
from needs.wording import right_channel

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
DAY_WRONG = _("日期请写成 2026-11-28 这样。")


class StepForm(forms.Form):
    """A step's own small form; ``version`` tells which state of the need it was opened on."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    choice = ""
    """The button that sent it, where there are several."""
    newest: Mapping[str, Any] = {}
    """What a stale form carries when it is shown again, beside the need's version."""

    @property
    def typed(self) -> list[dict[str, str]]:
        """What somebody wrote into it by hand, as label and words."""
        if not self.is_bound:
            return []
        boxes = [field for field in self.visible_fields() if isinstance(field.field.widget, forms.Textarea)]
        return [{"label": str(box.label), "words": str(box.value())} for box in boxes if box.value()]


def _words(label: Any, help_text: Any = "", rows: int = 2) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, strip=False, required=False, widget=widget, help_text=help_text)


class PlainForm(StepForm):
    """Nothing to fill in."""


class ErrandClaimForm(StepForm):
    """Nothing to fill in: whose run of the errand it was opened on, and how that stood (``running``)."""

    claim = forms.IntegerField(widget=forms.HiddenInput, required=False)
    claim_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, running: Claim | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if running is not None:
            self.newest = {"claim": running.pk, "claim_version": running.version}
        self.initial.update(self.newest)


class WhyForm(StepForm):
    """Why it goes elsewhere: read by colleagues."""

    why = _words(_("为什么"), _("同事看得到，居民看不到"))


class ListForm(StepForm):
    """The one sentence everybody reads."""

    words = forms.CharField(label=_("公开的一句话"), required=False, help_text=_("比如：楼道想装一盏感应灯"))
    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，照样公开"))


class ToResidentForm(StepForm):
    """Words that go to the resident with the step."""

    words = _words(_("告诉居民"), rows=3)


class DecisionFields(StepForm):
    """What is decided with acceptance, where the step is one."""

    nature = forms.ChoiceField(label=_("性质"), choices=Nature.choices, widget=forms.RadioSelect, required=False)
    category = forms.ModelChoiceField(
        label=_("类别"), queryset=Category.objects.in_use(), required=False, empty_label=_("未分类")
    )
    urgent = forms.BooleanField(label=_("紧急"), required=False, help_text=_("急事，同一天里排在最前面"))
    reply_by = forms.DateField(label=_("哪天前答复"), required=False, widget=DAY, error_messages={"invalid": DAY_WRONG})


PERSON, UNIT = "person", "unit"
UNITS = "admin:members_memberunit_changelist"
DECIDED = ("nature", "category", "urgent", "reply_by")


class AssignForm(DecisionFields):
    """转给: a colleague or a unit, and why; with what acceptance ``decides``; no day without a ``usual`` one.

    A unit reads why it is asked, so that words for it are warned about like others for outsiders.
    """

    to = forms.ChoiceField(label=_("转给谁"), required=False)
    why = _words(_("为什么转"), _("接手的人看得到；请单位协助的，单位也看得到，不写姓名电话。居民看不到"))
    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，照样转过去"))
    field_order = ("to", "why", "seen_warnings", *DECIDED)

    def __init__(
        self,
        *args: Any,
        people: Iterable[Any],
        units: Iterable[Any],
        decides: bool,
        usual: date | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        groups = [(_("同事"), [(f"{PERSON}:{pk}", label) for pk, label in people])]
        groups.append((_("商请单位协助"), [(f"{UNIT}:{pk}", label) for pk, label in units]))
        choices = [("", _("请选")), *(group for group in groups if group[1])]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]
        self.fields["to"].help_text = format_html(
            '{} <a href="{}">{}</a>', _("没有联络员的单位请不了："), reverse(UNITS), _("去登记联络员")
        )
        self.fields["to"].error_messages["invalid_choice"] = _("请从名单里选。")
        for name in DECIDED:
            if not decides or (usual is None and name == "reply_by"):
                del self.fields[name]
        self.initial.setdefault("reply_by", usual)

    def target(self) -> dict[str, int | None]:
        """Whom was chosen, as the service takes it."""
        kind, _colon, key = str(self.cleaned_data.get("to", "")).partition(":")
        pk = int(key) if key else None
        return {"to_user_id": pk if kind == PERSON else None, "to_unit_id": pk if kind == UNIT else None}


class SendBackForm(WhyForm):
    """退回社区, or handed to the community it belongs to where it was said to the street."""

    community = forms.ChoiceField(label=_("哪个社区"), required=False)
    field_order = ("community", "why")

    def __init__(self, *args: Any, communities: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = list(communities)
        if choices:
            self.fields["community"].choices = [("", _("请选")), *choices]  # type: ignore[attr-defined]
        else:
            del self.fields["community"]


def _reasons() -> list[tuple[str, str]]:
    """Each reason with the place where it belongs."""
    found = []
    for reason in Declined:
        channel = right_channel(reason)
        found.append((reason.value, f"{reason.label} → {channel.name}" if channel else str(reason.label)))
    return found


class DeclineForm(StepForm):
    """不予受理: why, and what the resident is told beside the right channel."""

    reason = forms.ChoiceField(label=_("原因"), choices=_reasons, widget=forms.RadioSelect, required=False)
    words = _words(_("告诉居民"), _("居民会同时看到该找哪里"), rows=3)


class ErrandForm(StepForm):
    """转跑腿: what and where for everybody, the handover for whoever takes it."""

    what = forms.CharField(label=_("帮什么忙"), required=False, help_text=_("谁都看得到，不写姓名和电话"))
    where = forms.CharField(label=_("大概在哪里"), required=False, help_text=_("谁都看得到，写到小区为止"))
    handover = _words(_("送到哪里、怎么交接"), _("只有接单的人看得到"))
    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，照样发布"))
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)


class ExtendForm(StepForm):
    """申请延期."""

    until = forms.DateField(label=_("延到哪天"), required=False, widget=DAY, error_messages={"invalid": DAY_WRONG})
    reason = _words(_("为什么"), _("审批的人看得到"))


class NoteForm(ErrandClaimForm):
    """A word for whoever runs the errand."""

    words = _words(_("说一句"), _("志愿者看得到"))


class DecideForm(StepForm):
    """同意 or 不同意 a request for more time."""

    words = _words(_("审批意见"), _("可以不填，申请的人看得到，居民看不到"))


class CallBackForm(StepForm):
    """What the leader heard on the phone."""

    words = _words(_("回访记录"), _("居民怎么说的；同事看得到"), rows=3)
