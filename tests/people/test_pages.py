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


def test_a_new_account_is_asked_for_a_password_and_an_old_one_is_not(cast: Cast) -> None:
    client = browser_of(cast.chengxiang.system_admin)
    add = client.get(reverse("admin:people_user_add")).context["adminform"].form
    assert add.fields["password"].required and not add.fields["phone"].required
    assert "可以不填" in str(add.fields["phone"].help_text)
    change = reverse("admin:people_user_change", args=[cast.chengxiang.worker.pk])
    assert not client.get(change).context["adminform"].form.fields["password"].required
    refused = client.post(reverse("admin:people_user_add"), {"username": "new", "name": "新人"})
    assert refused.context["adminform"].form.errors == {"password": ["请写一个初始密码。"]}


def test_a_history_is_told_in_our_own_words(cast: Cast) -> None:
    client = browser_of(cast.chengxiang.system_admin)
    worker = cast.chengxiang.worker
    address = reverse("admin:people_user_history", args=[worker.pk])
    assert "还没有改动记录" in client.get(address).content.decode()
    change = reverse("admin:people_user_change", args=[worker.pk])
    client.post(change, {"name": "改了名", "email": "", "is_active": "on", "password": ""})
    page = client.get(address).content.decode()
    assert "还没有改动记录" not in page and cast.chengxiang.system_admin.name in page and "今天 " in page
