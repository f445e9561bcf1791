"""Words that are too long or hold what nobody can type: the form names its own limit, and every word is still there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from alliance.lib.errors import Invalid
from needs.services.assigning import assign_need
from needs.services.extensions import ask_extension
from needs.services.triage import escalate_need
from needs.services.units import unit_will_help
from tests.cast import Cast, browser_of, fresh
from tests.desk.asking import asked, hidden, text
from tests.needs.ways import in_hand

pytestmark = pytest.mark.django_db
LONG = "长" * 20_000
UNTIL = timezone.localdate() + timedelta(days=9)


def _helped(cast: Cast) -> Any:
    need = asked(cast.chengxiang)
    unit = need.unit_id or 0
    return unit_will_help(pk=need.pk, by=fresh(cast.chengxiang.liaison), unit_id=unit, words=LONG)


SAID: dict[str, tuple[int, Callable[[Cast], Any]]] = {
    "will_help": (200, _helped),
    "assign": (
        200,
        lambda cast: assign_need(
            pk=in_hand(cast).pk, by=fresh(cast.chengxiang.worker), why=LONG, to_user_id=cast.chengxiang.secretary.pk
        ),
    ),
    "escalate": (200, lambda cast: escalate_need(pk=in_hand(cast).pk, by=fresh(cast.chengxiang.worker), why=LONG)),
    "extend": (
        500,
        lambda cast: ask_extension(pk=in_hand(cast).pk, by=fresh(cast.chengxiang.worker), until=UNTIL, reason=LONG),
    ),
}


@pytest.mark.parametrize("step", SAID)
def test_what_is_too_long_is_told_the_limit_of_its_own_field(cast: Cast, step: str) -> None:
    most, take = SAID[step]
    with pytest.raises(Invalid) as refused:
        take(cast)
    (said,) = [str(one) for texts in refused.value.fields.values() for one in texts]
    assert said == f"最多{most}字，现在多了{20_000 - most}字。"


def test_a_sign_nobody_can_type_is_left_out_and_the_words_stay(cast: Cast) -> None:
    here = cast.chengxiang
    need = in_hand(cast)
    path = f"/admin/needs/need/{need.pk}/escalate/"
    sent = browser_of(here.worker).post(path, {"escalate-version": need.version, "escalate-why": "要区里\0批"})
    assert sent.status_code == 302
    assert "要区里批" in text(browser_of(here.worker).get(f"/admin/needs/need/{need.pk}/change/"))
    helped = asked(here)
    desk, path = browser_of(here.liaison), f"/desk/needs/{helped.pk}/"
    unit = hidden(text(desk.get(path)), "unit")
    assert desk.post(f"{path}report/", {"unit": unit, "words": "换\0好了"}).status_code == 302
    assert helped.events.get(verb="report").words == "换好了", "at the desk too"
