"""The community looks at somebody new, where the street asks for it, and at another name.

Locks: the volunteer (docs/locking.md).
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, RuleBroken
from alliance.lib.text import clean
from notifications.services import queue
from people.models import User
from volunteers.messages.people import NameConfirmed, VolunteerApproved, VolunteerRefused, of_volunteer
from volunteers.models import Volunteer
from volunteers.services.registering import hold
from volunteers.states.people import VolunteerVerb

MOST_WORDS = 200


@transaction.atomic
def approve_volunteer(*, pk: int, by: User, version: int | None) -> Volunteer:
    """通过. Raises as ``hold``."""
    row = hold(pk, by, VolunteerVerb.APPROVE, version)
    event = row.move_to(VolunteerVerb.APPROVE, actor=by)
    queue(of_volunteer(VolunteerApproved, row), occurrence=f"{row.number}:{event.pk}", users=[row.user])
    return row


@transaction.atomic
def refuse_volunteer(*, pk: int, by: User, version: int | None, words: str) -> Volunteer:
    """不通过, with a word why, which the person reads. Raises as ``hold``, ``Invalid`` without words."""
    row = hold(pk, by, VolunteerVerb.REFUSE, version)
    why = " ".join(clean(words).split())
    if not 0 < len(why) <= MOST_WORDS:
        raise Invalid({"words": [_("请写一句为什么，本人看得到，%(n)d字以内。") % {"n": MOST_WORDS}]})
    event = row.move_to(VolunteerVerb.REFUSE, actor=by, changes={"refused_why": why})
    queue(of_volunteer(VolunteerRefused, row), occurrence=f"{row.number}:{event.pk}", users=[row.user])
    return row


@transaction.atomic
def rename_volunteer(*, pk: int, by: User, version: int | None) -> Volunteer:
    """改名: somebody has looked at a paper with the name that was asked for. Papers issued before stay as they are.

    Raises as ``hold``; ``RuleBroken`` where none was asked for.
    """
    row = hold(pk, by, VolunteerVerb.RENAME, version)
    if not row.name_asked:
        raise RuleBroken(_("本人没有要改姓名，不用办。"))
    changes = {"name": row.name_asked, "name_before": row.name, "name_asked": ""}
    event = row.move_to(VolunteerVerb.RENAME, actor=by, changes=changes)
    queue(of_volunteer(NameConfirmed, row), occurrence=f"{row.number}:{event.pk}", users=[row.user])
    return row
