"""What somebody signed up for, as their calendar reads it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.lib.calendar_file import Happening
from people.models import User
from volunteers.models import SignUp
from volunteers.states import BUSY, SignUpState

MOST = 200


def happenings(user: User, since: datetime) -> Iterator[Happening]:
    """Days ``user`` is signed up for that end after ``since``; of those who wait it says so."""
    rows = SignUp.objects.filter(person=user, state__in=BUSY, post__slot__ends__gte=since)
    for row in rows.select_related("post__slot__activity").order_by("post__slot__starts", "pk")[:MOST]:
        slot = row.post.slot
        waits = row.state in (SignUpState.WAITING, SignUpState.OFFERED)
        title = slot.activity.title
        yield Happening(
            key=f"signup:{row.pk}",
            starts=slot.starts,
            ends=slot.ends,
            title=_("%(title)s（候补，还没定）") % {"title": title} if waits else title,
            place=slot.activity.place,
            url=f"{settings.SITE_URL.rstrip('/')}{reverse('volunteers:signup', args=[row.pk])}",
            revision=row.version,
            cancelled=slot.called_off_at is not None,
        )
