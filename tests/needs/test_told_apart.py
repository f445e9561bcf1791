"""What a notice or a reminder is about is said in words, to whoever may read them now."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from deadlines.models import Due
from deadlines.selectors import titles_of
from needs.models import Need
from people.models import RoleGrant, User
from tests.cast import Cast, browser_of, fresh, say_need
from tests.desk.asking import errand
from tests.needs.wishing import published, taken

pytestmark = pytest.mark.django_db


def _page(user: User, name: str) -> str:
    response: Any = browser_of(user).get(reverse(name))
    return str(response.content.decode())


def test_the_inbox_says_what_it_is_about_before_what_happened(cast: Cast) -> None:
    here = cast.chengxiang
    need = say_need(here.home, words="井盖松了，车一过就响")
    taken(here, published(here))
    for name in ("admin:inbox", "admin:index"):
        page = _page(here.worker, name)
        assert "“井盖松了，车一过就响”：有新诉求，等您受理" in page
        assert "“一床厚被子”：心愿有人认领了" in page
        assert f"{here.home.name}，{need.number}" in re.sub(r"</?span[^>]*>", "", page) and "一床厚被子，" not in page
    # The words are the need's, not the notice's: they change with it, and go with the role.
    Need.objects.filter(pk=need.pk).update(title="井盖松了")
    assert "“井盖松了”：有新诉求" in _page(here.worker, "admin:inbox")
    RoleGrant.objects.filter(user=here.worker).update(area=cast.xiasha.home)
    page = _page(here.worker, "admin:inbox")
    assert "有新诉求，等您受理" in page and "井盖" not in page and "厚被子”" not in page


def test_dues_of_offers_and_claims_are_named(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    run, claim = errand(here), taken(here, published(here))
    dues = list(Due.objects.filter(subject__in=[f"offer:{run.offer_id}", f"claim:{claim.pk}"]))
    assert {due.subject for due in dues} == {f"offer:{run.offer_id}", f"claim:{claim.pk}"}
    wanted = {f"offer:{run.offer_id}": run.what, f"claim:{claim.pk}": "一床厚被子"}
    assert titles_of(fresh(here.worker), dues) == wanted
    assert titles_of(fresh(there.worker), dues) == {}
