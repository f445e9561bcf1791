"""The ways to go on with a resource, in the order in which they stand on its page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid
from people.models import User
from resources import services
from resources.admin.acts import Act, simply
from resources.forms import acts as forms
from resources.forms.resource import offices
from resources.models import Resource
from resources.permissions import gives, keeps
from resources.presenting import facts, hands
from resources.services.keeping import could_be_parts, set_parts
from resources.services.subjects import subject_for
from resources.states import Form, ResourceState, ResourceVerb


def _close(pk: int, by: User, version: int, form: Any) -> Any:
    return services.close_days(pk=pk, by=by, version=version, **form.given())


def _use(pk: int, by: User, version: int, form: Any) -> Any:
    return services.note_use(resource=pk, by=by, **form.given())


def _book(pk: int, by: User, version: int, form: Any) -> Any:
    given = form.cleaned_data
    starts, ends = form.times()
    about = subject_for(by, given["subject"])
    try:
        return services.book(
            client_key=given["client_key"],
            by=by,
            resource=pk,
            starts=starts,
            ends=ends,
            purpose=given["purpose"],
            booker=services.Booker(office=given["office"]),
            quantity=given.get("quantity") or 1,
            people=given["people"],
            place=given.get("place", ""),
            subject=given["subject"] if about else "",
            subject_label=str(about.label) if about else "",
            seen_warnings=given["seen_warnings"],
        )
    except Invalid as error:
        if "starts" in error.fields:
            error.fields["day"] = error.fields.pop("starts")
        raise
    except Conflict as error:
        # Somebody was faster, or the time is simply taken: it is the time that has to be chosen again.
        raise Invalid({"day": [error.message]}) from error


def _offices(row: Resource, user: User) -> list[tuple[str, str]]:
    rows = offices(user).filter(pk__startswith=row.street_code)
    return [(area.pk, area.name) for area in rows]


def _booking_form(row: Resource, user: User) -> dict[str, Any]:
    key = getattr(row, "asked_for", "")
    about = subject_for(user, key)
    found = {"offices": _offices(row, user), "use": Form(row.kind.form)}
    if about is None:
        return found
    return {**found, "initial": {"subject": key, "purpose": about.purpose, "place": about.place}}


def _may_book(row: Resource, user: User) -> bool:
    usable = row.state == ResourceState.USABLE and row.kind.form != Form.WALK_IN and not row.is_over
    return usable and bool(_offices(row, user))


def _hours(row: Resource, user: User) -> dict[str, Any]:
    return {"hours": list(row.openings.all()), "station": row.within.name if row.within else ""}


def _parts(row: Resource, user: User) -> dict[str, Any]:
    chosen = list(row.its_parts.values_list("part_id", flat=True))
    return {"rooms": [(room.pk, _room_name(room)) for room in could_be_parts(row)], "chosen": chosen}


def _room_name(room: Resource) -> Any:
    if room.state == ResourceState.USABLE:
        return room.name
    return _("%(name)s（%(state)s）") % {"name": room.name, "state": room.get_state_display()}


def _keeps(row: Resource, user: User) -> bool:
    return gives(user, row) or keeps(user, row.area_id)


def _asked_again(row: Resource, user: User) -> bool:
    """Of something that stands, the service sends it on by itself when it is changed."""
    return row.state == ResourceState.STOPPED


def booking_page(booking: Any) -> str:
    return reverse("admin:resources_booking_change", args=[booking.pk])


ACTS = (
    Act(
        name="approve",
        verb=ResourceVerb.APPROVE,
        label=_("通过"),
        hint=_("通过以后，大家看得到，也可以预约；提供的一方会收到。"),
        done=_("通过了，已经告诉提供的一方。"),
        tone="main",
        unfolded=True,
        take=simply(services.approve_resource),
    ),
    Act(
        name="refuse",
        verb=ResourceVerb.REFUSE,
        label=_("退回修改"),
        hint=_("写清要改什么，提供的一方改好可以重新送审。"),
        done=_("退回了，已经告诉提供的一方。"),
        form=forms.ReasonForm,
        take=simply(services.refuse_resource),
    ),
    Act(
        name="resume",
        verb=ResourceVerb.RESUME,
        label=_("恢复"),
        done=_("恢复了，又可以预约。"),
        take=simply(services.resume_resource),
    ),
    Act(
        name="ask_again",
        verb=ResourceVerb.ASK_AGAIN,
        label=_("重新送审"),
        done=_("送审了，等街道审批。"),
        fits=_asked_again,
        take=simply(services.ask_again),
    ),
    Act(
        name="book",
        verb=None,
        label=_("预约"),
        hint=_("为街道或社区约；要提供方同意的，等对方答复。"),
        button=_("约这个时间"),
        done=_("约上了。"),
        said=hands.asked_said,
        form=forms.BookForm,
        fits=_may_book,
        arguments=_booking_form,
        onward=booking_page,
        take=_book,
    ),
    Act(
        name="hours",
        verb=ResourceVerb.EDIT,
        label=_("开放时间"),
        hint=_("已经约好的不受影响。"),
        button=_("保存"),
        done=_("开放时间改好了。"),
        form=forms.HoursForm,
        arguments=_hours,
        take=simply(services.change_hours),
    ),
    Act(
        name="close",
        verb=ResourceVerb.CLOSE_DAYS,
        label=_("关闭几天"),
        button=_("关闭这几天"),
        done=_("这几天关了，收回的预约都告诉了对方。"),
        form=forms.CloseForm,
        take=_close,
    ),
    Act(
        name="parts",
        verb=ResourceVerb.EDIT,
        label=_("由哪几间合成"),
        hint=_("勾上以后，约这一处就把这几间一起约下来；约了其中一间，这一处就约不了。"),
        button=_("保存"),
        done=_("合成改好了。"),
        form=forms.PartsForm,
        fits=lambda row, user: row.kind.form == Form.SPACE and bool(could_be_parts(row)),
        arguments=_parts,
        take=simply(set_parts),
    ),
    Act(
        name="use",
        verb=None,
        label=_("登记使用"),
        hint=_("不用预约的，记一笔哪天来了多少人。"),
        button=_("记下"),
        done=_("记下了。"),
        form=forms.UseForm,
        fits=_keeps,
        take=_use,
    ),
    Act(
        name="stop",
        verb=ResourceVerb.STOP,
        label=_("停用"),
        hint=_("停用以后不能再约；还没开始的预约收回，并告诉对方为什么。"),
        done=_("停用了，预约了的都告诉了。"),
        form=forms.StopForm,
        arguments=lambda row, user: {"booked": facts.booked_said(row)},
        tone="off",
        take=simply(services.stop_resource),
    ),
)
