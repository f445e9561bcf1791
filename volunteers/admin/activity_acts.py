"""How an activity goes on, on its page in the workbench."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from people.models import User
from resources.admin.acts import Act, simply
from resources.forms.acts import ReasonForm
from resources.presenting.times import between
from volunteers.forms.behalf import EnrolForm
from volunteers.forms.staff import DayForm, OffForm, OutcomeForm, SeriesForm, SlotOffForm
from volunteers.forms.venue import VenueForm
from volunteers.models import Activity, Post, Slot
from volunteers.presenting.activities import left_of
from volunteers.services import activities, behalf, slots, venue
from volunteers.services.seats import place_in_line
from volunteers.states import ActivityVerb, SignUpState

MOST = 60


def _add(pk: int, by: User, version: int, form: Any) -> Any:
    return slots.add_slot(activity=pk, by=by, version=version, **form.given())


def _series(pk: int, by: User, version: int, form: Any) -> Any:
    return slots.set_series(activity=pk, by=by, version=version, **form.given())


def _slot_off(_pk: int, by: User, version: int, form: Any) -> Any:
    said = form.given()
    given = {name: said[name] for name in ("words", "seen_warnings")}
    return activities.call_off_slot(pk=said["slot"], by=by, version=version, **given)


def days_to_come(row: Activity) -> list[tuple[int, str]]:
    """Days that may still be called off."""
    found = Slot.objects.ahead().filter(activity=row).order_by("starts", "pk")[:MOST]
    return [(one.pk, between(one.starts, one.ends)) for one in found]


def _has_days(row: Any, _user: User) -> bool:
    return Slot.objects.filter(activity=row, called_off_at=None).exists()


def _venue(pk: int, by: User, _version: int, form: Any) -> Any:
    return venue.book_venue(activity=pk, by=by, **form.given())


def _enrol(_pk: int, by: User, _version: int, form: Any) -> Any:
    return behalf.sign_up_for(by=by, **form.given())


def _enrolled(made: Any) -> Any:
    if made.state == SignUpState.WAITING:
        return _("满员，排了候补第%(n)d位，短信告诉本人了。") % {"n": place_in_line(made)}
    return _("报好了，短信告诉本人了。")


def _open_posts(row: Activity, user: User) -> dict[str, Any]:
    posts = [(one.pk, _post_said(one)) for one in behalf.open_posts(row)[:MOST]]
    return {"posts": posts, "together": row.together, "children": row.takes_children}


def _post_said(post: Post) -> str:
    left = left_of(post.left) if post.left > 0 else str(_("满员，可候补"))
    parts = (between(post.slot.starts, post.slot.ends), post.name, left)
    return " · ".join(part for part in parts if part)


def _halls(row: Activity, user: User) -> dict[str, Any]:
    """Which day, and which room; proposed is that everybody comes."""
    days = [(one.pk, between(one.starts, one.ends)) for one in venue.days_without(row)]
    return {"slots": days, "halls": venue.halls(row, user)}


ACTS = (
    Act(
        name="approve",
        verb=ActivityVerb.APPROVE,
        label=_("通过"),
        take=simply(activities.approve_activity),
        done=_("通过了，可以报名了。"),
        tone="main",
        unfolded=True,
    ),
    Act(
        name="publish",
        verb=ActivityVerb.PUBLISH,
        label=_("发布"),
        take=simply(activities.publish_activity),
        done=_("发布了，可以报名了。"),
        tone="main",
        unfolded=True,
        fits=_has_days,
    ),
    Act(
        name="send",
        verb=ActivityVerb.SEND,
        label=_("送审"),
        take=simply(activities.send_activity),
        done=_("送审了。"),
        tone="main",
        fits=_has_days,
    ),
    Act(
        name="day",
        verb=ActivityVerb.PLAN,
        label=_("加一场"),
        take=_add,
        done=_("加好了。"),
        form=DayForm,
    ),
    Act(
        name="series",
        verb=ActivityVerb.PLAN,
        label=_("按规律排"),
        take=_series,
        done=_("排好了，有人报名的场次没有动。"),
        form=SeriesForm,
        hint=_("值守、巡河、课程：一次排好几周。改了规律，有人报名的场次不变。"),
    ),
    Act(
        name="venue",
        verb=ActivityVerb.PLAN,
        label=_("约场地"),
        take=_venue,
        done=_("约了，要对方答应的，答应了会告诉您。"),
        form=VenueForm,
        hint=_("共享仓里的场地，按这一场的时间约。取消这一场，场地跟着取消。"),
        fits=lambda row, user: venue.days_without(row).exists(),
        arguments=_halls,
    ),
    Act(
        name="enrol",
        verb=None,
        label=_("代居民报名"),
        take=_enrol,
        done=_("报好了，短信告诉本人了。"),
        said=_enrolled,
        form=EnrolForm,
        hint=_("给打电话来的、到柜台来的居民。报好了短信告诉本人；短信里的名额，您也可以替本人确认或取消。"),
        fits=behalf.may_enrol,
        arguments=_open_posts,
        late=lambda row, user: behalf.keeps(row, user) and row.published_at is not None,
    ),
    Act(
        name="return",
        verb=ActivityVerb.RETURN,
        label=_("退回修改"),
        take=simply(activities.return_activity),
        done=_("退回了，已经告诉对方。"),
        form=ReasonForm,
    ),
    Act(
        name="slot_off",
        verb=ActivityVerb.PLAN,
        label=_("取消一场"),
        take=_slot_off,
        done=_("取消了，报名的人都告诉了。"),
        form=SlotOffForm,
        fits=lambda row, user: row.published_at is not None and len(days_to_come(row)) > 1,
        arguments=lambda row, user: {"slots": days_to_come(row)},
    ),
    Act(
        name="call_off",
        verb=ActivityVerb.CALL_OFF,
        label=_("取消活动"),
        take=simply(activities.call_off_activity),
        done=_("取消了，报名的人都告诉了。"),
        form=OffForm,
        hint=_("下雨、台风：一次取消全部场次，报名的人马上收到。"),
    ),
    Act(
        name="finish",
        verb=ActivityVerb.FINISH,
        label=_("结束"),
        take=simply(activities.finish_activity),
        done=_("结束了。"),
        form=OutcomeForm,
        fits=lambda row, user: not days_to_come(row),
    ),
)
