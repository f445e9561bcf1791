"""Pictures of a day in words: for everybody, for whoever is on them, for whoever runs the day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.models import User
from volunteers.models import Activity, DayPhoto, PhotoConsent, PhotoShown, SignUp, Slot
from volunteers.services.photos import THERE

MOST = 60


def public_of(activity: Activity) -> list[dict[str, Any]]:
    """What everybody sees of an activity, the newest day first."""
    rows = DayPhoto.objects.public().filter(slot__activity=activity)
    return [picture(one) for one in rows.order_by("-slot__starts", "pk")[:MOST]]


def of_person(signup: SignUp) -> list[dict[str, Any]]:
    """Pictures on which somebody is, public or not."""
    rows = DayPhoto.objects.filter(shown__signup=signup).order_by("pk")
    return [picture(one) for one in rows[:MOST]]


def picture(row: DayPhoto) -> dict[str, Any]:
    """Where it is, and how it is called."""
    url = reverse("volunteers:photo", args=[row.pk])
    return {"row": row, "url": url, "small": f"{url}?small=1", "caption": row.caption}


def of_day(slot: Slot, by: User) -> list[dict[str, Any]]:
    """All pictures of a day, for whoever runs it: who is on each and whether they agree."""
    people = PhotoShown.objects.select_related("signup__person", "signup__photo_consent").order_by("pk")
    rows = DayPhoto.objects.filter(slot=slot).prefetch_related(Prefetch("shown", queryset=people))
    public = set(DayPhoto.objects.public().filter(slot=slot).values_list("pk", flat=True))
    return [_line(one, one.pk in public, by) for one in rows.order_by("pk")]


def _line(row: DayPhoto, public: bool, by: User) -> dict[str, Any]:
    people = [_on_it(one) for one in row.shown.all()]
    refusing = sum(not one["agrees"] for one in people)
    tone, said = _standing(row, public, refusing)
    looks = row.looked_at is None and row.noted_by_id != by.pk
    return {**picture(row), "people": people, "tone": tone, "said": said, "may_look": looks}


def _on_it(one: PhotoShown) -> dict[str, Any]:
    consent: PhotoConsent | None = getattr(one.signup, "photo_consent", None)
    agrees = consent is not None and consent.withdrawn_at is None and (consent.guardian or not one.children)
    name = one.signup.real_name or one.signup.person.name
    words = _("%(name)s和孩子") % {"name": name} if one.children else name
    return {"words": words, "agrees": agrees}


def _standing(row: DayPhoto, public: bool, refusing: int) -> tuple[str, str]:
    """A tone and words: 公开, 等同意, 等另一位同事看."""
    if public:
        return "ok", _("公开了")
    if refusing:
        return "warn", ngettext("不公开，%(n)d人没有同意", "不公开，%(n)d人没有同意", refusing) % {"n": refusing}
    if row.looked_at is None:
        return "info", _("不公开，等另一位同事看")
    return "", _("不公开")


def those_there(slot: Slot, ticked: Mapping[int, bool]) -> list[dict[str, Any]]:
    """Whom to choose from, as ticked already."""
    rows = SignUp.objects.filter(post__slot=slot, state__in=THERE).select_related("person", "photo_consent")
    return [_choice(one, ticked) for one in rows.order_by("made_at", "pk")]


def _choice(row: SignUp, ticked: Mapping[int, bool]) -> dict[str, Any]:
    consent: PhotoConsent | None = getattr(row, "photo_consent", None)
    return {
        "pk": row.pk,
        "name": row.real_name or row.person.name,
        "said": _("同意") if consent is not None and consent.withdrawn_at is None else _("没有同意"),
        "children": row.children > 0,
        "ticked": row.pk in ticked,
        "child_ticked": ticked.get(row.pk, False),
    }


def ticked_of(row: DayPhoto) -> dict[int, bool]:
    """Who is on it, as noted."""
    return dict(row.shown.values_list("signup", "children"))


def names(rows: Iterable[dict[str, Any]]) -> str:
    """In one line."""
    return _("、").join(one["words"] for one in rows)
