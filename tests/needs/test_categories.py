"""Categories: one list for all streets, so one street does not change it."""

from __future__ import annotations

import pytest

from alliance.lib.errors import Invalid, NotAllowed, NotFound
from audit.models import AuditEntry
from audit.states import Action
from needs.models import Category
from needs.services.categories import save_category
from people.models import Area, User
from people.services.accounts import create_user, grant_role
from people.states import Role
from tests.cast import Cast, browser_of, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def district_admin(cast: Cast) -> User:
    area = Area.objects.get(pk="330109")
    user = create_user(username="district", name="区管理员", area=area)
    grant_role(user=user, role=Role.SYSTEM_ADMIN, area=area, by=None)
    return fresh(user)


@pytest.mark.parametrize("name", ["system_admin", "security_admin", "audit_admin", "clerk", "worker"])
def test_nobody_of_one_street_changes_what_all_streets_use(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        save_category(by=getattr(cast.chengxiang, name), name="电梯")


def test_the_districts_administrator_adds_and_changes_and_it_is_logged(cast: Cast, district_admin: User) -> None:
    made = save_category(by=district_admin, name=" 电梯\x00 ", order=7)
    assert (made.name, made.order) == ("电梯", 7)
    save_category(by=district_admin, pk=made.pk, name="电梯", order=7, is_active=False)
    save_category(by=district_admin, pk=made.pk, name="电梯", order=7, is_active=False)
    added, changed = AuditEntry.objects.filter(action=Action.CATEGORY_CHANGED).order_by("pk")
    assert (added.actor, added.subject, added.area_code) == (district_admin, f"category:{made.pk}", "330109")
    assert changed.params == {"is_active": [True, False]}


def test_a_wrong_category_is_refused_in_words(cast: Cast, district_admin: User) -> None:
    taken = Category.objects.in_use()[0].name
    for name in (taken, "", " \x00", "长" * 31):
        with pytest.raises(Invalid):
            save_category(by=district_admin, name=name)
    with pytest.raises(NotFound):
        save_category(by=district_admin, pk=10_000, name="电梯")


def test_in_the_workbench_the_street_looks_and_the_district_changes(cast: Cast, district_admin: User) -> None:
    category = Category.objects.in_use()[0]
    change = f"/admin/needs/category/{category.pk}/change/"
    entry = {"name": "电梯", "name_en": "", "order": "7", "is_active": "on"}
    street, district = browser_of(cast.chengxiang.system_admin), browser_of(district_admin)
    assert street.get("/admin/needs/category/").status_code == 200
    assert street.post(change, entry).status_code == 403
    assert street.post("/admin/needs/category/add/", entry).status_code == 403
    assert "form-0-order" not in district.get("/admin/needs/category/").content.decode()
    assert district.post(change, entry).status_code == 302
    assert district.post("/admin/needs/category/add/", {**entry, "name": "路灯"}).status_code == 302
    assert set(Category.objects.filter(order=7).values_list("name", flat=True)) == {"电梯", "路灯"}
