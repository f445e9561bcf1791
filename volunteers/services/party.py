"""Who may come to a post, and with whom: asked when somebody signs up, and again before a seat is theirs for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, RuleBroken
from alliance.lib.text import clean
from people.models import User
from volunteers.models import Activity, Post, Volunteer
from volunteers.services.fitness import require_fit, volunteer_of
from volunteers.states.activity import NAMED
from volunteers.states.people import ALONE

FULL_NAME = (2, 30)
Errors = dict[str, list[Any]]


@dataclass(frozen=True, kw_only=True)
class Party:
    """Who comes: oneself, grown-ups, and children of ``ages`` (years), whose guardian agrees."""

    myself: bool = True
    companions: int = 0
    ages: Sequence[int] = ()
    guardian_ok: bool = False
    real_name: str = ""

    @property
    def seats(self) -> int:
        return int(self.myself) + self.companions + len(self.ages)


def check_party(post: Post, wanted: Party, by: User) -> None:
    """Raises ``Invalid`` by field (nobody, too many, a child without a guardian, too young), ``RuleBroken`` (a child
    that registered itself, and what is not for children)."""
    activity = post.slot.activity
    errors: Errors = {}
    most = min(activity.together, post.capacity)
    if wanted.companions < 0 or not 1 <= wanted.seats <= most:
        errors["myself"] = [_("请选谁去，一次最多报%(n)d人。") % {"n": most}]
    if wanted.ages:
        _check_children(activity, wanted, errors)
    if wanted.real_name and activity.kind not in NAMED:
        errors["real_name"] = [_("这个活动不用写姓名。")]
    elif wanted.real_name and not FULL_NAME[0] <= len(clean(wanted.real_name)) <= FULL_NAME[1]:
        errors["real_name"] = [_("请写姓名，2到30个字。")]
    company = _own_company(activity, wanted, volunteer_of(by), timezone.localdate(post.slot.starts))
    if company and wanted.myself and not wanted.companions:
        errors["companions"] = [_("10岁以下要有大人陪，请把大人也报上。")]
    # Whoever comes along is on no record: neither what they can do nor who insures them is known.
    if asks_fitness(post) and (not wanted.myself or wanted.ages or wanted.companions > int(company)):
        errors["myself"] = [_("这个岗位只能报自己。同去的人，请各自登记、各自报名。")]
    if errors:
        raise Invalid(errors)


def _check_children(activity: Activity, wanted: Party, errors: Errors) -> None:
    low, high = ages_of(activity)
    if not activity.takes_children:
        errors["ages"] = [_("这个活动不适合孩子。")]
    elif any(not low <= age <= high for age in wanted.ages):
        errors["ages"] = [_("孩子要%(low)d到%(high)d岁。") % {"low": low, "high": high}]
    if not wanted.guardian_ok:
        errors["guardian_ok"] = [_("孩子报名要监护人同意，请勾选。")]
    accompanied = activity.accompanied or min(wanted.ages) < ALONE
    if accompanied and not (wanted.myself or wanted.companions):
        errors["myself"] = [_("孩子要有大人陪，请把陪的大人也报上。")]


def _own_company(activity: Activity, wanted: Party, own: Volunteer | None, on: date) -> bool:
    """Whether ``own``, a child that registered itself, needs a grown-up beside. Raises ``RuleBroken`` for what is not
    for a child of that age."""
    age = own.age(on) if own is not None and wanted.myself else None
    if age is None:
        return False
    low, high = ages_of(activity)
    if not activity.takes_children or activity.risky:
        raise RuleBroken(_("这个活动不适合孩子。"))
    if not low <= age <= high:
        raise RuleBroken(_("孩子要%(low)d到%(high)d岁。") % {"low": low, "high": high})
    return age < ALONE


def ages_of(activity: Activity) -> tuple[int, int]:
    """From which age to which children may come."""
    return activity.min_age or 0, activity.max_age if activity.max_age is not None else 17


def asks_fitness(post: Post) -> bool:
    """Whether only volunteers on record come to ``post``: service, a paper, or a risk."""
    return post.is_service or bool(post.needs) or post.slot.activity.risky


def require_post_fit(post: Post, by: User) -> None:
    """A post of service asks for a volunteer with what it needs; a risky one for an insurance. Raises
    ``RuleBroken``."""
    activity = post.slot.activity
    if asks_fitness(post):
        on = timezone.localdate(post.slot.starts)
        require_fit(by, area_code=activity.area_id, on=on, needs=post.needs, risky=activity.risky)
