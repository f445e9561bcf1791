"""A robot is kept by its area's administrators; its secret goes one way."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from alliance.lib.errors import Conflict, Invalid, NotFound, RuleBroken
from audit.models import AuditEntry
from notifications.models import Robot, RobotPost
from notifications.services import save_robot, say_all, test_robot
from notifications.services.posting import text_of
from people.models import User
from tests.cast import Cast, browser_of
from tests.notifications.robot_server import Group
from tests.notifications.telling import KEY, SIGN, new_robot, tell

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_secret_is_stored_encrypted_and_stands_in_no_record(robot: Robot, group: Group) -> None:
    tell()
    say_all()
    with connection.cursor() as cursor:
        for table in (
            "notifications_robot",
            "notifications_robotpost",
            "notifications_robotsending",
            "audit_auditentry",
        ):
            cursor.execute(f"SELECT json_agg(t)::text FROM {table} t")  # noqa: S608
            assert "canary" not in str(cursor.fetchone()[0]), table
    assert AuditEntry.objects.filter(action="robot_changed").count() == 1


def test_an_empty_secret_stays_what_it_was_and_a_stale_page_is_refused(robot: Robot, admin: User) -> None:
    given = {"name": "新群名", "is_active": True, "secret": "", "sign_secret": ""}
    changed = save_robot(by=admin, pk=robot.pk, version=1, **given)
    assert (changed.secret, changed.name) == (KEY, "新群名")
    with pytest.raises(Conflict):
        save_robot(by=admin, pk=robot.pk, version=1, **given)


@pytest.mark.parametrize(
    "given",
    [
        {"secret": ""},
        {"secret": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x"},
        {"kind": "telegram"},
        {"name": ""},
        {"name": "群" * 41},
        {"sign_secret": SIGN},
        {"area": "nowhere"},
    ],
)
def test_what_is_no_robot_is_refused(cast: Cast, admin: User, given: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        new_robot(admin, given.pop("area", cast.chengxiang.street.pk), **given)


def test_a_name_is_given_once_in_an_area(robot: Robot, cast: Cast, admin: User) -> None:
    with pytest.raises(Invalid):
        new_robot(admin, cast.chengxiang.street.pk)


def test_another_streets_administrator_finds_no_robot(robot: Robot, cast: Cast) -> None:
    with pytest.raises(NotFound):
        test_robot(by=cast.xiasha.system_admin, pk=robot.pk)


def test_the_test_button_says_one_thing_and_waits_for_its_answer(robot: Robot, admin: User, group: Group) -> None:
    test_robot(by=admin, pk=robot.pk)
    with pytest.raises(RuleBroken):
        test_robot(by=admin, pk=robot.pk)
    say_all()
    assert group.texts == ["【同心】测试：机器人接好了"]
    assert text_of(list(RobotPost.objects.all())) == group.texts[0]


def test_the_page_keeps_a_robot_and_never_shows_its_secret(cast: Cast, admin: User) -> None:
    browser, address = browser_of(admin), "/admin/notifications/robot/"
    typed = {"area": cast.chengxiang.street.pk, "name": "党建群", "kind": "dingtalk", "is_active": "on", "version": "0"}
    assert browser.post(f"{address}add/", {**typed, "secret": "short"}).status_code == 422
    assert browser.post(f"{address}add/", {**typed, "secret": KEY, "sign_secret": SIGN}).status_code == 302
    robot = Robot.objects.get()
    for page in (address, f"{address}{robot.pk}/change/"):
        assert "canary" not in browser.get(page).content.decode()
    stale = {"name": "党建群", "is_active": "on", "version": "0"}
    assert browser.post(f"{address}{robot.pk}/change/", stale).status_code == 409
    assert browser_of(cast.xiasha.system_admin).get(f"{address}{robot.pk}/change/").status_code == 404
