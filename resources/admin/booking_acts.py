"""The ways to go on with a booking, in the order in which they stand on its page."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import Area, User
from resources import services
from resources.admin.acts import Act, simply
from resources.forms import acts as forms
from resources.models import Booking
from resources.permissions import may_decide
from resources.states import Appeal, BookingVerb, Form

UPHELD, EXCUSED = "upheld", "excused"


def _decide(pk: int, by: User, version: int, form: Any) -> Any:
    return services.decide_appeal(pk=pk, by=by, version=version, excused=form.choice == EXCUSED, **form.given())


def _pause(pk: int, by: User, version: int, form: Any) -> Any:
    row = Booking.objects.kept_by(by).get(pk=pk)
    street = Area.objects.get(pk=row.street_code)
    return services.pause_booking(street=street, by=by, unit=row.unit, person=row.person, **form.given())


def _may_pause(row: Booking, user: User) -> bool:
    return services.may_pause(user, street=row.street_code, unit=row.unit_id, person=row.person_id)


def _begun(row: Booking, user: User) -> bool:
    return row.starts <= timezone.now()


def _its_day(row: Booking, user: User) -> bool:
    return timezone.localdate(row.starts) <= timezone.localdate()


ACTS = (
    Act(
        name="decide",
        verb=BookingVerb.UPHOLD,
        label=_("答复说明"),
        hint=_("对方说了当时的情况（见下面的经过）。记爽约的人、约的人和说明的人不答复。"),
        buttons=(
            (EXCUSED, _("不算爽约"), _("这一次不记。")),
            (UPHELD, _("维持"), _("照记爽约。")),
        ),
        done=_("答复了，已经告诉对方。"),
        form=forms.NoteForm,
        tone="main",
        unfolded=True,
        fits=lambda row, user: may_decide(user, row),
        take=_decide,
    ),
    Act(
        name="approve",
        verb=BookingVerb.APPROVE,
        label=_("同意"),
        done=_("同意了，已经告诉对方。"),
        tone="main",
        unfolded=True,
        take=simply(services.approve_booking),
    ),
    Act(
        name="refuse",
        verb=BookingVerb.REFUSE,
        label=_("约不了"),
        done=_("已经告诉对方约不了。"),
        form=forms.ReasonForm,
        take=simply(services.refuse_booking),
    ),
    Act(
        name="hand_over",
        verb=BookingVerb.HAND_OVER,
        label=_("已交给对方"),
        hint=_("钥匙、东西交出去了，点一下。"),
        done=_("记下了：已交给对方。"),
        fits=lambda row, user: _its_day(row, user) and row.resource.kind.form in (Form.PIECES, Form.SPACE),
        take=simply(services.hand_over),
    ),
    Act(
        name="take_back",
        verb=BookingVerb.TAKE_BACK,
        label=_("已用完"),
        hint=_("用完了、还回来了，写一下服务了几个人。"),
        button=_("记下"),
        done=_("记下了，谢谢。"),
        form=forms.UsedForm,
        tone="finish",
        fits=_begun,
        take=simply(services.take_back),
    ),
    Act(
        name="no_show",
        verb=BookingVerb.NO_SHOW,
        label=_("没有来"),
        hint=_("记一次爽约；对方会收到，可以说明情况，由另一位同事答复。"),
        button=_("记爽约"),
        done=_("记了爽约，已经告诉对方。"),
        fits=_begun,
        take=simply(services.note_no_show),
    ),
    Act(
        name="cancel",
        verb=BookingVerb.CANCEL,
        label=_("取消预约"),
        hint=_("是街道社区自己约的，不用了就取消，让别人用。"),
        done=_("取消了。"),
        form=forms.NoteForm,
        take=simply(services.cancel_booking),
    ),
    Act(
        name="call_off",
        verb=BookingVerb.CALL_OFF,
        label=_("收回预约"),
        hint=_("实在用不成了，请写清为什么，并尽早告诉对方。"),
        done=_("收回了，已经告诉对方。"),
        form=forms.ReasonForm,
        tone="off",
        take=simply(services.call_off_booking),
    ),
    Act(
        name="appeal",
        verb=BookingVerb.APPEAL,
        label=_("说明情况"),
        hint=_("是街道社区自己约的，被记了没有来；情况不是这样，可以说明一次。"),
        done=_("说明了，等答复。"),
        form=forms.ReasonForm,
        fits=lambda row, user: row.appeal == Appeal.NONE,
        take=simply(services.appeal),
    ),
    Act(
        name="pause",
        verb=None,
        label=_("暂停预约"),
        hint=_("几次约了不来的，可以暂停一段时间；不写日子就是30天。已经约好的不受影响。"),
        button=_("暂停"),
        done=_("暂停了，到时自动恢复。"),
        form=forms.PauseForm,
        tone="off",
        fits=_may_pause,
        take=_pause,
    ),
)
