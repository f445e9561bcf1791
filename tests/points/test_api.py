"""Points over the API: bad input is named, a replay is the first answer; and whoever leaves, leaves figures."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from people.services.residents import erase_account
from points.models import Account, Correction, Redemption, Transfer
from points.services.correcting import ask_correction
from tests.cast import Cast, api_of
from tests.points.things import account, at_the_unit, now_true, redeem, reward_in, rich

API = "/api/v1"


@pytest.mark.parametrize("points", [0, -20, 10**12, 20.5, "二十", None, True, [], {"a": 1}, "", "9" * 400])
def test_a_price_that_is_none_is_named_and_nothing_is_held(cast: Cast, points: Any) -> None:
    who, reward = rich(cast.chengxiang, 50), reward_in(cast.chengxiang)
    answer = api_of(who).post(
        f"{API}/rewards/{reward.pk}/redeem/", {"client_key": str(uuid4()), "points": points}, format="json"
    )
    assert answer.status_code == 400
    assert "points" in answer.json()["fields"]
    assert not Redemption.objects.exists()


def test_from_the_shelf_to_the_counter_over_the_api(cast: Cast) -> None:
    here, who = cast.chengxiang, rich(cast.chengxiang, 50)
    counter, barber = at_the_unit(here)
    assert counter.unit is not None
    reward = reward_in(here, unit=counter.unit.pk, left=1)
    mine, desk, key = api_of(who), api_of(barber), str(uuid4())
    (shown,) = mine.get(f"{API}/rewards/", {"street": here.street.pk}).json()["results"]
    assert (shown["id"], shown["points"], shown["left"]) == (reward.pk, 20.0, 1)
    address, said = f"{API}/rewards/{reward.pk}/redeem/", {"client_key": key, "points": 20}
    assert mine.post(address, {**said, "points": 15}, format="json").status_code == 409
    made = mine.post(address, said, format="json")
    again = mine.post(address, said, format="json")
    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json() == again.json()
    other = reward_in(here, name="雨伞")
    assert mine.post(f"{API}/rewards/{other.pk}/redeem/", said, format="json").status_code == 409
    (purse,) = mine.get(f"{API}/points/").json()
    assert (purse["points"], purse["held"]) == (30.0, 20.0)
    wrong = {"code": "AAAA2222", "unit": counter.unit.pk}
    assert desk.post(f"{API}/counter/write-off/", wrong, format="json").status_code == 404
    done = desk.post(f"{API}/counter/write-off/", {**wrong, "code": made.json()["code"]}, format="json")
    assert (done.status_code, done.json()["what"], done.json()["points"]) == (200, "理发", 20.0)
    assert who.name not in done.content.decode()
    assert api_of(None).get(f"{API}/points/").status_code == 401
    assert mine.post(f"{API}/redemptions/{made.json()['id']}/cancel/", {}, format="json").status_code == 409
    totals = mine.get(f"{API}/points/totals/{here.street.pk}/").json()
    assert totals["issued"] == sum(totals[name] for name in ("usable", "held", "spent", "expired"))
    assert mine.get(f"{API}/points/totals/{'9' * 50}/").status_code == 404
    now_true()


def test_whoever_deletes_the_account_leaves_figures_without_a_name(cast: Cast) -> None:
    here, who = cast.chengxiang, rich(cast.chengxiang, 50)
    reward = reward_in(here, left=3)
    held, own = redeem(who, reward), account(who, here)
    ask_correction(by=who, account=own.pk, client_key=uuid4(), words="我是大刘，记少了")
    lines = list(Transfer.objects.filter(account=own).values_list("pk", "amount"))
    erase_account(user=who)
    gone = Account.objects.get(pk=own.pk)
    held.refresh_from_db()
    reward.refresh_from_db()
    assert (gone.person_id, gone.balance, held.state, reward.left) == (None, 0, "void", 3)
    assert gone.closed_at is not None
    kept = dict(Transfer.objects.filter(account=own).values_list("pk", "amount"))
    assert all(kept[pk] == amount for pk, amount in lines), "what stood, stands"
    assert [row.words for row in Correction.objects.all()] == [""]
    now_true()
