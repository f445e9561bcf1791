"""An activity from the first word to its end: proposed, approved, published, changed, called off, over.

Locks: the activity, then its posts, then sign-ups (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken, constraint_of
from alliance.lib.public_text import require_seen
from alliance.lib.text import clean
from members.models import MemberUnit
from members.permissions import keeps_place
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.services.numbers import next_number
from people.states import Level
from projects.services.linked import subject_label
from resources.permissions import speaks_for
from resources.services.calling_off import cancel_for
from volunteers.messages import activities as messages
from volunteers.models import Activity, Post, SignUp, Slot
from volunteers.permissions.activities import activity_abilities, hands
from volunteers.services.checked import checked, require_worth
from volunteers.services.dues import drop_slots, plan_slots, subject_of
from volunteers.services.telling import tell_comers, tell_keepers, tell_organisers
from volunteers.states import BUSY, ActivityKind, ActivityState, ActivityVerb, Hand, SignUpVerb

NUMBER_KIND = "HD"
PUBLIC = ("title", "summary", "place", "fit_for", "bring", "contact", "outcome")
ONLY_OFFICE = _("已经发布了，这一项由社区或街道改，请联系他们。")
TOLD = ("place",)
"""What everybody who comes hears of, once it changes."""
GUARDED = frozenset({"coefficient", "risky", "accompanied", "takes_children", "min_age", "max_age"})
"""What was looked at when it was approved, of points and of safety: changed by the office alone from then on."""
WATCHED = frozenset({"title", "kind"})
"""What the office hears of when the unit changes it."""


def hold(pk: int, by: User, verb: str, version: int | None) -> Activity:
    """The activity locked and open to ``verb``. Raises ``NotFound``, ``Conflict``, ``RuleBroken``, ``NotAllowed``."""
    row: Activity = Activity.objects.visible_to(by).select_related("area", "unit").locked(pk)
    row.require_version(version)
    if row.workflow.find(row.state, verb) is None:
        raise RuleBroken(_("这个活动现在是“%(state)s”，不能这样办。") % {"state": row.get_state_display()})
    if verb not in activity_abilities(by, row):
        raise NotAllowed
    return row


def propose(
    *,
    client_key: UUID,
    by: User,
    area: str,
    unit: int | None = None,
    origin: str = "",
    seen_warnings: str = "",
    **values: Any,
) -> Activity:
    """Draft an activity of the unit, or of the office of ``area``; a second tap finds the first.

    ``origin``: of which thing it comes (``need:12``), one that ``by`` may see. Raises ``NotFound`` (no such place, no
    such origin), ``NotAllowed`` (no seat in the unit, nobody who keeps the place), ``Invalid`` by field, ``Warned`` (a
    name or a phone in the words, unless ``seen_warnings`` marks them), ``Conflict`` (the key was used otherwise).
    """
    first = _already(client_key, by)
    if first is not None:
        return first
    place = _place(area)
    host = _host(by, place, unit)
    text = checked({"kind": ActivityKind.ONCE, "title": "", "place": "", "contact": "", "phone": "", **values})
    _require_seen(text, seen_warnings)
    label = subject_label(by, origin) if origin else ""
    try:
        with transaction.atomic():
            street = Area.objects.get(pk=place.pk[:STREET_LENGTH])
            row = Activity(client_key=client_key, area=place, unit=host, proposed_by=by, **text)
            row.origin, row.origin_label = clean(origin), label
            row.number = next_number(NUMBER_KIND, street, timezone.localdate())
            row.save(force_insert=True)
            row.write_event(verb=ActivityVerb.DRAFT, actor=by, source="", target=row.state, note="")
    except IntegrityError as error:
        first = _already(client_key, by) if constraint_of(error) == "activity_client_key_once" else None
        if first is None:
            raise
        return first
    row.just_made = True
    return row


def _require_seen(text: Mapping[str, Any], seen: str) -> None:
    """Everybody reads these words."""
    require_seen([text[name] for name in PUBLIC if text.get(name)], seen=seen)


def _already(key: UUID, by: User) -> Activity | None:
    row = Activity.objects.filter(client_key=key).first()
    if row is not None and row.proposed_by_id != by.pk:
        raise Conflict
    return row


def _place(code: str) -> Area:
    found: Area | None = Area.objects.filter(pk=code, level__in=[Level.STREET, Level.COMMUNITY]).first()
    if found is None:
        raise NotFound
    return found


def _host(by: User, place: Area, unit: int | None) -> MemberUnit | None:
    if unit is None:
        if not keeps_place(by, place.pk):
            raise NotAllowed
        return None
    found = MemberUnit.objects.members_in(place.pk[:STREET_LENGTH]).filter(pk=unit).first()
    if found is None:
        raise Invalid({"unit": [_("这家单位不在这里的联盟里。")]})
    if not (speaks_for(by, unit) or keeps_place(by, place.pk)):
        raise NotAllowed
    if found.suspended_at is not None:
        raise NotAllowed(_("这家单位现在暂停，不能办活动。"))
    return found


@transaction.atomic
def edit_activity(*, pk: int, by: User, version: int | None, seen_warnings: str = "", **values: Any) -> Activity:
    """Change what is said. Whoever comes hears of another place, the office of another name.

    Raises as ``hold``; ``Warned`` as ``propose``; ``Invalid`` by field, also for what only the office changes once it
    is published.
    """
    row = hold(pk, by, ActivityVerb.EDIT, version)
    text = checked(values)
    changed = {name: value for name, value in text.items() if getattr(row, name) != value}
    if not changed:
        return row
    kept = row.state == ActivityState.PUBLISHED and Hand.KEEPER not in hands(by, row)
    if kept and changed.keys() & GUARDED:
        raise Invalid({name: [ONLY_OFFICE] for name in sorted(changed.keys() & GUARDED)})
    _require_seen(changed, seen_warnings)
    row.move_to(ActivityVerb.EDIT, actor=by, note=str(_("、")).join(_labels(changed)), changes=changed)
    if kept and changed.keys() & WATCHED:
        tell_keepers(row, messages.ActivityRenamed, but=by)
    if changed.keys() & set(TOLD):
        for slot in Slot.objects.ahead().filter(activity=row).select_related("activity"):
            tell_comers(slot, messages.ActivityChanged, comers(slot), turn=f"v{row.version}")
    return row


def _labels(changed: Mapping[str, Any]) -> list[str]:
    return [str(Activity._meta.get_field(name).verbose_name) for name in changed]  # type: ignore[union-attr]


def comers(slot: Slot) -> list[User]:
    """Who comes to ``slot``, or may yet."""
    rows = SignUp.objects.live().filter(post__slot=slot).select_related("person")
    return [row.person for row in rows]


@transaction.atomic
def send_activity(*, pk: int, by: User, version: int | None) -> Activity:
    """送审, by the unit. Raises as ``hold``; ``RuleBroken`` without a day."""
    row = hold(pk, by, ActivityVerb.SEND, version)
    _require_days(row)
    row.move_to(ActivityVerb.SEND, actor=by)
    tell_keepers(row, messages.ActivityToApprove, but=by)
    return row


@transaction.atomic
def publish_activity(*, pk: int, by: User, version: int | None) -> Activity:
    """发布, of an office's own. Raises as ``hold``; ``RuleBroken`` without a day."""
    row = hold(pk, by, ActivityVerb.PUBLISH, version)
    _open(row, ActivityVerb.PUBLISH, by)
    return row


@transaction.atomic
def approve_activity(*, pk: int, by: User, version: int | None) -> Activity:
    """通过 what a unit proposed, by somebody else than who proposed it.

    Raises as ``publish_activity``; ``RuleBroken`` while the unit is suspended.
    """
    row = hold(pk, by, ActivityVerb.APPROVE, version)
    if row.unit is not None and row.unit.suspended_at is not None:
        raise RuleBroken(_("这家单位现在暂停，不能办活动。"))
    _open(row, ActivityVerb.APPROVE, by)
    tell_organisers(row, messages.ActivityApproved, but=by)
    return row


@transaction.atomic
def return_activity(*, pk: int, by: User, version: int | None, words: str) -> Activity:
    """退回, with words. Raises as ``hold``; ``Invalid`` without words."""
    row = hold(pk, by, ActivityVerb.RETURN, version)
    row.move_to(ActivityVerb.RETURN, actor=by, note=_why(words, _("请写一句要改什么，对方看得到。")))
    tell_organisers(row, messages.ActivityReturned, but=by)
    return row


def _open(row: Activity, verb: str, by: User) -> None:
    days = _require_days(row)
    row.move_to(verb, actor=by, changes={"approved_by": by, "published_at": timezone.now()})
    plan_slots(days, row)


def _require_days(row: Activity) -> list[Slot]:
    days = list(Slot.objects.filter(activity=row, ends__gt=timezone.now(), called_off_at=None))
    if not days:
        raise RuleBroken(_("还没有排时间，请先加一个场次。"))
    require_worth(row.coefficient, [slot.starts for slot in days])
    return days


def _why(words: str, ask: Any) -> str:
    text = clean(words)[:200]
    if not text:
        raise Invalid({"words": [ask]})
    return text


@transaction.atomic
def call_off_activity(*, pk: int, by: User, version: int | None, words: str, seen_warnings: str = "") -> Activity:
    """取消活动, whole, in one action: nobody is signed up any more, and everybody hears of it.

    What was already over keeps its hours; what had begun ends now. Raises as ``hold``; ``Invalid`` without words;
    ``Warned`` as ``propose``.
    """
    row = hold(pk, by, ActivityVerb.CALL_OFF, version)
    why = _why(words, _("请写一句为什么，报名的人看得到。"))
    require_seen([why], seen=seen_warnings)
    row.move_to(ActivityVerb.CALL_OFF, actor=by, note=why, changes={"ended_at": timezone.now(), "ended_why": why})
    for slot in Slot.objects.filter(activity=row, called_off_at=None, starts__gt=timezone.now()).order_by("pk"):
        _let_go(slot, row, by, why)
    return row


@transaction.atomic
def call_off_slot(*, pk: int, by: User, version: int | None, words: str, seen_warnings: str = "") -> Slot:
    """取消一场: the others stay. Raises as ``call_off_activity``; ``RuleBroken`` once it has begun."""
    seen = Slot.objects.visible_to(by).filter(pk=pk).first()
    if seen is None:
        raise NotFound
    row = hold(seen.activity_id, by, ActivityVerb.PLAN, version)
    slot: Slot = Slot.objects.locked(pk)
    why = _why(words, _("请写一句为什么，报名的人看得到。"))
    if slot.called_off_at is not None or slot.starts <= timezone.now():
        raise RuleBroken(_("这一场已经开始或者取消了。"))
    require_seen([why], seen=seen_warnings)
    _let_go(slot, row, by, why)
    row.move_to(ActivityVerb.PLAN, actor=by, note=why)
    return slot


def _let_go(slot: Slot, activity: Activity, by: User, why: str) -> None:
    """Nobody comes to ``slot`` any more. Its posts first: whoever takes a seat at this moment finds them shut."""
    slot.activity = activity
    posts = list(Post.objects.filter(slot=slot).order_by("pk").select_for_update(of=("self",), no_key=True))
    Post.objects.filter(pk__in=[post.pk for post in posts]).update(is_open=False)
    # Whoever has checked in already too: what never began has no hours.
    rows = SignUp.objects.filter(post__in=posts, state__in=BUSY).select_related("person").order_by("pk")
    live = list(rows.select_for_update(of=("self",), no_key=True))
    for one in live:
        changes = {"ended_at": timezone.now(), "answer_by": None, "real_name": None}
        one.move_to(SignUpVerb.CALL_OFF, actor=by, changes=changes)
    Slot.objects.filter(pk=slot.pk).update(called_off_at=timezone.now(), called_off_why=why)
    Post.objects.filter(pk__in=[post.pk for post in posts]).update(taken=0)
    drop_slots([slot])
    cancel_for([subject_of(slot)], by=by)
    tell_comers(slot, messages.ActivityCalledOff, [one.person for one in live], turn="off")


@transaction.atomic
def finish_activity(*, pk: int, by: User, version: int | None, outcome: str = "", seen_warnings: str = "") -> Activity:
    """结束, with what came of it, which everybody reads. Raises as ``hold``; ``RuleBroken`` while a day is still to
    come; ``Warned`` as ``propose``."""
    row = hold(pk, by, ActivityVerb.FINISH, version)
    if Slot.objects.ahead().filter(activity=row).exists():
        raise RuleBroken(_("还有没开始的场次，请先取消那一场。"))
    said = clean(outcome)[:120]
    require_seen([said] if said else [], seen=seen_warnings)
    changes = {"ended_at": timezone.now(), "outcome": said or row.outcome}
    row.move_to(ActivityVerb.FINISH, actor=by, changes=changes)
    return row
