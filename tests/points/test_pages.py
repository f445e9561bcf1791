"""One story through the pages: points explained, exchanged, written off on a phone, doubted, put right."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from people.models import User
from points.codes import code_of
from points.models import Correction, Redemption, Reward, Transfer
from points.services.correcting import ask_correction
from tests.cast import Cast, browser_of
from tests.points.things import account, at_the_unit, give, now_true, redeem, reward_in, rich, volunteer


def _hidden(page: Any, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.content.decode())
    return found.group(1) if found else ""


def test_from_the_statement_to_the_barber_and_a_question(cast: Cast) -> None:
    here, who = cast.chengxiang, rich(cast.chengxiang, 50)
    counter, barber = at_the_unit(here)
    assert counter.unit is not None
    haircut = reward_in(here, unit=counter.unit.pk, donor="阿明理发店")
    mine, desk = browser_of(who), browser_of(barber)
    page = mine.get("/my/points/").content.decode()
    assert "跑腿：买一瓶眼药水" in page and ">50<" in page and "有一笔不对" in page
    assert "阿明理发店" in Client().get("/points/").content.decode()
    shown = mine.get(f"/points/rewards/{haircut.pk}/")
    typed = {"client_key": _hidden(shown, "client_key"), "price": _hidden(shown, "price")}
    taken = mine.post(f"/points/rewards/{haircut.pk}/take/", typed, follow=True)
    row = Redemption.objects.get()
    code = code_of(row.client_key)
    assert f"{code[:4]} {code[4:]}" in taken.content.decode()
    assert "等您去领" in mine.get("/my/points/").content.decode()
    assert desk.post("/desk/counter/", {"code": "AAAA2222"}).status_code == 422
    done = desk.post("/desk/counter/", {"code": f"{code[:4]} {code[4:]}".lower()})
    assert done.status_code == 200 and "核销好了" in done.content.decode() and "理发" in done.content.decode()
    assert "领到了" in mine.get(f"/my/points/exchanges/{row.pk}/").content.decode()
    _question(here, who, mine)
    now_true()


def _question(here: Any, who: User, mine: Client) -> None:
    """记录有误, answered: taken back, and given as it should have been."""
    own, award = account(who, here), Transfer.objects.filter(kind="award").earliest("pk")
    address = f"/my/points/{own.pk}/wrong/{award.pk}/"
    key = _hidden(mine.get(address), "client_key")
    assert mine.post(address, {"client_key": key, "words": " "}).status_code == 422
    for _tap in range(2):
        assert mine.post(address, {"client_key": key, "words": "只跑了一趟"}).status_code == 302
    asked = Correction.objects.get()
    assert "核对中" in mine.get("/my/points/").content.decode()
    office = browser_of(here.clerk)
    assert own.number in office.get("/admin/approvals/").content.decode()
    page = f"/admin/points/correction/{asked.pk}/change/"
    assert "只跑了一趟" in office.get(page).content.decode()
    said = {"answer": "核对过了，改成1分。", "take_back": "on", "points": "1", "version": "1"}
    assert office.post(page, {**said, "answer": ""}).status_code == 422
    assert office.post(page, said).status_code == 302
    assert office.post(page, said).status_code == 409
    statement = mine.get("/my/points/").content.decode()
    assert "更正" in statement and "冲正" not in statement and "核对过了，改成1分。" in statement
    assert account(who, here).balance == 300 - award.amount + 10


def test_what_is_anothers_is_not_there(cast: Cast) -> None:
    here, who, other = cast.chengxiang, rich(cast.chengxiang, 50), volunteer("老王")
    give(other, here, 10)
    made, own = redeem(who, reward_in(here)), account(who, here)
    award = Transfer.objects.filter(account=own).earliest("pk")
    asked = ask_correction(by=who, account=own.pk, client_key=uuid4(), words="不对", transfer=award.pk)
    pages = [
        f"/my/points/exchanges/{made.pk}/",
        f"/my/points/{own.pk}/wrong/",
        f"/my/points/{own.pk}/wrong/{award.pk}/",
    ]
    for address in pages:
        assert browser_of(who).get(address).status_code == 200, address
        assert browser_of(other).get(address).status_code == 404, address
        assert browser_of(here.clerk).get(address).status_code == 404, address
    staff = [
        f"/admin/points/account/{own.pk}/change/",
        f"/admin/points/correction/{asked.pk}/change/",
    ]
    for address in staff:
        assert browser_of(here.clerk).get(address).status_code == 200, address
        assert browser_of(cast.xiasha.clerk).get(address).status_code == 404, address
        assert browser_of(here.worker).get(address).status_code == 403, address
        assert browser_of(here.system_admin).get(address).status_code == 403, address
    masked = browser_of(here.clerk).get(staff[0]).content.decode()
    assert who.phone not in masked
    assert browser_of(volunteer("路人")).get("/desk/counter/").status_code == 403


def test_a_reward_is_registered_changed_and_taken_off_the_shelf(cast: Cast) -> None:
    here = cast.chengxiang
    office = browser_of(here.worker)
    form = office.get("/admin/points/reward/add/")
    said = {"client_key": _hidden(form, "client_key"), "area": here.home.pk, "sort": "goods", "left": "5"}
    assert office.post("/admin/points/reward/add/", {**said, "name": "雨伞", "points": "0"}).status_code == 422
    assert office.post("/admin/points/reward/add/", {**said, "name": "雨伞", "points": "15"}).status_code == 302
    row = Reward.objects.get()
    assert (row.price, row.left, row.area_id) == (150, 5, here.home.pk)
    page = f"/admin/points/reward/{row.pk}/"
    changed = {"name": "折叠雨伞", "sort": "goods", "points": "15", "left": "4", "left_seen": "5", "version": "1"}
    assert office.post(f"{page}edit/", changed).status_code == 302
    assert office.post(f"{page}edit/", changed).status_code == 409
    assert office.post(f"{page}stop/").status_code == 302
    assert "折叠雨伞" not in Client().get("/points/").content.decode()
    assert browser_of(cast.xiasha.worker).get(f"{page}change/").status_code == 404
    row.refresh_from_db()
    assert (row.state, row.left) == ("off", 4)


def test_a_unit_that_did_not_agree_is_not_named_and_a_second_tap_finds_the_first(cast: Cast) -> None:
    here, who = cast.chengxiang, rich(cast.chengxiang, 100)
    counter, _barber = at_the_unit(here)
    unit = counter.unit
    assert unit is not None
    type(unit).objects.filter(pk=unit.pk).update(is_public=False)
    row = reward_in(here, unit=unit.pk)
    everybody, mine = Client(), browser_of(who)
    for page in ("/points/", f"/points/rewards/{row.pk}/", "/api/v1/rewards/"):
        for reader in (everybody, mine):
            answer = reader.get(page)
            said = answer.content.decode()
            assert unit.name not in said and (unit.short_name or unit.name) not in said, page
    assert unit.name in browser_of(here.worker).get(f"/admin/points/reward/{row.pk}/change/").content.decode()
    typed = {"client_key": str(uuid4()), "price": row.price}
    address = f"/points/rewards/{row.pk}/take/"
    first = mine.post(address, typed)
    assert first.status_code == 302 and unit.name in mine.get(first["Location"]).content.decode()
    type(unit).objects.filter(pk=unit.pk).update(suspended_at=timezone.now())
    office = browser_of(here.worker)
    office.post(f"/admin/points/reward/{row.pk}/stop/")
    assert mine.post(address, typed)["Location"] == first["Location"], "a replay, though it is gone by now"
    api = {"client_key": typed["client_key"], "points": row.price // 10}
    answer = mine.post(f"/api/v1/rewards/{row.pk}/redeem/", api, content_type="application/json")
    assert answer.status_code == 200, answer.content
    again = mine.post(address, {**typed, "client_key": str(uuid4())})
    assert again.status_code == 409 and "下架" in again.content.decode()
    told = office.post(f"/admin/points/reward/{row.pk}/resume/", follow=True).content.decode()
    assert "居民还看不到" in told and "又上架了" not in told
    _edited(office, row)
    now_true()


def _edited(office: Client, row: Reward) -> None:
    """What it has already stays, though nobody else could choose it."""
    address = f"/admin/points/reward/{row.pk}/edit/"
    form = office.get(address).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    typed = {name: value for name, value in typed.items() if value not in (None, "")}
    assert typed["unit"] == row.unit_id
    row.unit.memberships.update(left_on=timezone.localdate(), joined_on=timezone.localdate() - timedelta(days=9))
    page = office.get(address)
    assert "现在选不了了" in page.content.decode()
    answer = office.post(address, {**typed, "name": "剪发"})
    row.refresh_from_db()
    assert (answer.status_code, row.name, row.unit_id) == (302, "剪发", typed["unit"])


def test_the_office_calls_off_what_cannot_be_given(cast: Cast) -> None:
    here, who = cast.chengxiang, rich(cast.chengxiang, 50)
    reward = reward_in(here, left=3)
    made, gone = redeem(who, reward), redeem(who, reward)
    office, page = browser_of(here.worker), f"/admin/points/reward/{reward.pk}/change/"
    shown = office.get(page).content.decode()
    assert made.number in shown and "收回这一份" in shown and who.phone not in shown
    address = f"/admin/points/reward/exchange/{made.pk}/call-off/"
    assert office.post(address, {f"x{made.pk}-why": " "}).status_code == 422
    assert office.post(address, {f"x{made.pk}-why": "理发店歇业了"}, follow=True).status_code == 200
    assert office.post(address, {f"x{made.pk}-why": "再来一次"}).status_code == 409
    made.refresh_from_db()
    reward.refresh_from_db()
    assert (made.state, reward.left, account(who, here).balance) == ("void", 2, 300)
    assert "理发店歇业了" in browser_of(who).get("/my/points/").content.decode()
    other = f"/admin/points/reward/exchange/{gone.pk}/call-off/"
    assert browser_of(cast.xiasha.worker).post(other, {f"x{gone.pk}-why": "不该"}).status_code == 404
    assert browser_of(here.leader).post(other, {f"x{gone.pk}-why": "不该"}).status_code == 403
    gone.refresh_from_db()
    assert gone.state == "held"
    now_true()
