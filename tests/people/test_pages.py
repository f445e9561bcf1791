"""The lists and forms of the administrators, as pages."""

from __future__ import annotations

import pytest
from django.urls import reverse

from people.services.accounts import create_user
from tests.cast import Cast, browser_of

pytestmark = pytest.mark.django_db
LIST = reverse("admin:people_user_changelist")


def test_the_list_of_people_says_their_roles_and_finds_those_without(cast: Cast) -> None:
    street = cast.chengxiang
    client = browser_of(street.system_admin)
    page = client.get(LIST).content.decode()
    assert f"社工（{street.home.name}）" in page
    assert 'data-label="启用"><span class="yesno yes">是</span>' in page and "icon-yes" not in page
    idle = create_user(username="cxidle", name="闲人", password="Chu-Shi-2026-Tongxin", by=street.system_admin)
    tiles = client.get(reverse("admin:index")).context["tiles"]
    tile = next(tile for tile in tiles if tile["label"] == "没有工作角色的账号")
    found = list(client.get(tile["url"]).context["cl"].result_list)
    assert idle in found and str(len(found)) == tile["value"]
    assert street.worker not in found


def test_an_account_shows_its_user_name_and_a_wrong_form_says_how_many_things_are_wrong(cast: Cast) -> None:
    client = browser_of(cast.chengxiang.system_admin)
    one = client.get(reverse("admin:people_user_change", args=[cast.chengxiang.worker.pk])).content.decode()
    assert cast.chengxiang.worker.username in one and "重设密码" in one
    page = client.post(reverse("admin:people_user_add"), {}).content.decode()
    assert "有3处要改一下" in page and "这一项要填" in page
    assert page.index('name="name"') < page.index("这一项要填", page.index('name="name"'))
