"""Pictures of a day: added by whoever runs it, looked at by a second person, public while everybody on them agrees.

Locks: of new pictures the day, else the picture (docs/locking.md). Whether a picture is public is asked of
both tables whenever somebody looks, so a yes taken back hides it at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.text import clean
from files.services import attach_held, drop_attached, drop_held, held
from people.models import User
from volunteers.models import DayPhoto, PhotoShown, SignUp, Slot
from volunteers.permissions.activities import may_look, runs
from volunteers.services.attending import slot_to_run
from volunteers.states import SignUpState

OWNER, MOST, MOST_WORDS = "activity-day", 30, 60
THERE = (SignUpState.ATTENDED, SignUpState.CONFIRMED)
WHO = _("请勾照片上认得出的人，或者勾“没有认得出的人”。")
People = Mapping[int, bool]
"""Who is on a picture: by sign-up, whether their children are, too."""


@transaction.atomic
def add_photos(
    *, slot: int, by: User, hold_key: str, caption: str = "", nobody: bool = False, people: People | None = None
) -> list[DayPhoto]:
    """The pictures that ``hold_key`` holds become those of the day, all with the same people on them; a picture the day
    has already is not added again. Returns the new ones.

    Raises as ``slot_to_run``; ``RuleBroken`` before it begins; ``Invalid`` on ``photos`` (none, too many), ``who``
    (nobody named, somebody who was not there, children of whoever brought none), ``caption``.
    """
    day = slot_to_run(slot, by)
    if day.starts > timezone.now():
        raise RuleBroken(_("活动还没有开始，开始以后再放照片。"))
    said = _checked(day, caption, nobody, people or {})
    Slot.objects.select_for_update(of=("self",), no_key=True).get(pk=day.pk)
    there = set(DayPhoto.objects.filter(slot=day).values_list("file__sha256", flat=True))
    kept = held(hold_key) if hold_key else []
    if not kept:
        raise Invalid({"photos": [_("请选照片。")]})
    fresh = [one.pk for one in kept if one.sha256 not in there]
    for one in kept:
        if one.sha256 in there:
            drop_held(hold_key, one.pk)
    if len(there) + len(fresh) > MOST:
        raise Invalid({"photos": [_("照片最多%(n)d张。") % {"n": MOST}]})
    area = day.activity.area_id
    files = attach_held(hold_key=hold_key, owner_kind=OWNER, owner_id=str(day.pk), area_code=area, pks=fresh)
    made = [DayPhoto.objects.create(slot=day, file=one, caption=said, nobody=nobody, noted_by=by) for one in files]
    for row in made:
        _name(row, people or {})
    return made


def _checked(day: Slot, caption: str, nobody: bool, people: People) -> str:
    """The caption, tidied. Raises ``Invalid``."""
    said = clean(caption)
    if len(said) > MOST_WORDS:
        raise Invalid({"caption": [_("最多%(n)d个字。") % {"n": MOST_WORDS}]})
    if nobody == bool(people):
        raise Invalid({"who": [WHO]})
    found = SignUp.objects.filter(pk__in=list(people), post__slot=day, state__in=THERE)
    brought = dict(found.values_list("pk", "children"))
    if set(brought) != set(people):
        raise Invalid({"who": [_("名单变了，请重新勾。")]})
    if any(children and not brought[pk] for pk, children in people.items()):
        raise Invalid({"who": [_("没有带孩子来的人，不能勾孩子。")]})
    return said


def _name(row: DayPhoto, people: People) -> None:
    rows = [PhotoShown(photo=row, signup_id=pk, children=children) for pk, children in sorted(people.items())]
    PhotoShown.objects.bulk_create(rows)


def _held(pk: int, by: User, version: int | None) -> DayPhoto:
    """The picture, locked, of a day that ``by`` runs. Raises ``NotFound``, ``NotAllowed``, ``Conflict``."""
    row: DayPhoto = DayPhoto.objects.visible_to(by).select_related("slot__activity").locked(pk)
    if not runs(by, row.slot.activity):
        raise NotAllowed
    if version is not None and version != row.version:
        raise Conflict
    return row


def photo_to_see(pk: int, user: Any) -> DayPhoto:
    """One picture, for everybody while it is public; else for whoever is on it or runs the day. Raises ``NotFound``."""
    rows = DayPhoto.objects.visible_to(user).select_related("file", "slot__activity")
    row: DayPhoto | None = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound
    if not DayPhoto.objects.public().filter(pk=pk).exists():
        on_it = user.is_authenticated and row.shown.filter(signup__person_id=user.pk).exists()
        if not on_it and not runs(user, row.slot.activity):
            raise NotFound
    return row


@transaction.atomic
def name_people(*, pk: int, by: User, version: int | None, nobody: bool, people: People) -> DayPhoto:
    """Who is on it, said anew: a second person has to look again. Raises as ``_held``; ``Invalid`` on ``who``."""
    row = _held(pk, by, version)
    _checked(row.slot, row.caption, nobody, people)
    row.shown.all().delete()
    _name(row, people)
    row.nobody, row.noted_by, row.noted_at, row.looked_by, row.looked_at = nobody, by, timezone.now(), None, None
    row.version += 1
    row.save(update_fields=["nobody", "noted_by", "noted_at", "looked_by", "looked_at", "version"])
    return row


@transaction.atomic
def look_at(*, pk: int, by: User, version: int | None) -> DayPhoto:
    """看过了: it is as the first person said; twice changes nothing. Raises as ``_held``; ``RuleBroken`` for whoever
    said so."""
    row = _held(pk, by, version)
    if row.looked_at is not None:
        return row
    if not may_look(by, row):
        raise RuleBroken(_("照片上有谁是您登记的，要另一位同事再看一遍。"))
    row.looked_by, row.looked_at, row.version = by, timezone.now(), row.version + 1
    row.save(update_fields=["looked_by", "looked_at", "version"])
    return row


@transaction.atomic
def remove_photo(*, pk: int, by: User) -> None:
    """Gone for good, with its file. Raises as ``_held``."""
    _drop(_held(pk, by, None))


def _drop(row: DayPhoto) -> None:
    owner, file = str(row.slot_id), row.file_id
    row.shown.all().delete()
    row.delete()
    drop_attached(OWNER, owner, file)


def drop_photos_of(user: User) -> int:
    """Whoever goes is on no picture any more: those that show them are deleted. Returns how many."""
    keys = PhotoShown.objects.filter(signup__person=user).values_list("photo", flat=True)
    rows = DayPhoto.objects.filter(pk__in=list(keys)).order_by("pk").select_for_update(of=("self",))
    found = list(rows)
    for row in found:
        _drop(row)
    return len(found)
