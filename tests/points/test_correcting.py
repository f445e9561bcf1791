"""A question is answered whole or not at all; who answers, and what with, stands in the log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from alliance.lib.errors import Conflict, NotFound, RuleBroken
from audit.models import AuditEntry
from people.models import User
from points.contributions import my_data
from points.models import Correction, Transfer
from points.services.correcting import answer_correction, ask_correction
from points.services.leaving import close_accounts_of
from tests.cast import Cast, browser_of
from tests.points.things import account, give, now_true, redeem, reward_in, volunteer


def _asked(here: Any, who: User, transfer: int | None = None, **more: Any) -> Correction:
    said = {"client_key": uuid4(), "words": "少记了", **more}
    return ask_correction(by=who, account=account(who, here).pk, transfer=transfer, **said)


def test_an_answer_gives_all_or_nothing_and_is_in_the_log(cast: Cast) -> None:
    here, who = cast.chengxiang, volunteer()
    given = give(who, here, 150)
    asked = _asked(here, who, given.pk)
    said: dict[str, Any] = {"pk": asked.pk, "by": here.clerk, "version": asked.version, "answer": "补上"}
    with pytest.raises(RuleBroken) as refused:
        answer_correction(give=80, **said)
    assert "5" in str(refused.value.message) and account(who, here).balance == 150
    asked.refresh_from_db()
    assert asked.state == "asked" and not AuditEntry.objects.filter(action="points_given").exists()
    answer_correction(give=50, **said)
    entry = AuditEntry.objects.get(action="points_given")
    assert (entry.actor, entry.params["points"], account(who, here).balance) == (here.clerk, "5", 200)
    now_true()


def test_what_is_mostly_spent_is_put_right_by_giving_first(cast: Cast) -> None:
    here, who = cast.chengxiang, volunteer()
    wrong = give(who, here, 10)
    give(who, here, 195, day=timezone.localdate() - timedelta(days=1))
    redeem(who, reward_in(here))
    assert account(who, here).balance == 5
    asked = _asked(here, who, wrong.pk)
    said: dict[str, Any] = {"pk": asked.pk, "by": here.clerk, "version": asked.version, "answer": "两件算成一件"}
    with pytest.raises(RuleBroken):
        answer_correction(take_back=True, **said)
    assert account(who, here).balance == 5
    answer_correction(take_back=True, give=20, **said)
    assert account(who, here).balance == 15
    now_true()


def test_questions_of_an_exchange_cannot_be_taken_back_and_go_with_the_account(cast: Cast) -> None:
    here, who = cast.chengxiang, volunteer()
    first = give(who, here, 200)
    made, key = redeem(who, reward_in(here)), uuid4()
    asked = _asked(here, who, Transfer.objects.get(kind="hold").pk, client_key=key)
    assert _asked(here, who, client_key=key).pk == asked.pk
    with pytest.raises(RuleBroken):
        _asked(here, who, asked.transfer_id)
    other = volunteer("老王")
    give(other, here, 10)
    with pytest.raises(Conflict):
        _asked(here, other, client_key=key)
    office = browser_of(here.clerk)
    page = f"/admin/points/correction/{asked.pk}/change/"
    assert "take_back" not in office.get(page).content.decode()
    about = _asked(here, who, first.pk)
    assert "take_back" in office.get(f"/admin/points/correction/{about.pk}/change/").content.decode()
    answer_correction(pk=asked.pk, by=here.clerk, version=1, answer="核对过了，没有错")
    assert my_data(who)["exchanges"][0]["number"] == made.number
    own = account(who, here).pk
    close_accounts_of(who)
    assert set(Correction.objects.filter(account=own).values_list("answer", "state")) == {("", "kept")}
    with pytest.raises(NotFound):
        ask_correction(by=who, account=own, client_key=uuid4(), words="还有一笔")
    now_true()


def test_pages_of_the_statement_turn_by_themselves(cast: Cast) -> None:
    """Of two streets one turns its page, and the office reads to the first posting."""
    here, there, who = cast.chengxiang, cast.xiasha, volunteer()
    today = timezone.localdate()
    for number in range(31):
        give(who, here, 10, day=today - timedelta(days=number), label=f"第{number}件")
        give(who, there, 10, day=today - timedelta(days=number), label=f"外街{number}件")
    mine, own = browser_of(who), account(who, here).pk
    page = mine.get("/my/points/").content.decode()
    assert "第0件" not in page and "外街0件" not in page
    oldest = Transfer.objects.get(label="第1件").pk
    turned = mine.get(f"/my/points/?account={own}&before={oldest}").content.decode()
    assert "第0件" in turned and "外街0件" not in turned and "外街30件" in turned
    office = browser_of(here.clerk).get(f"/admin/points/account/{own}/change/?before={oldest}").content.decode()
    assert "第0件" in office and "第5件" not in office
