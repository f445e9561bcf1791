"""Robots say number, title, day and link in groups, no oftener than they may, and are believed by ``errcode`` alone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotFound, RuleBroken
from audit.models import AuditEntry
from notifications.channels import Unavailable
from notifications.channels import robots as channel
from notifications.checks import robots_have_no_test_server
from notifications.messages import MessageClass
from notifications.models import Message, Robot, RobotPost, RobotSending
from notifications.services import queue, queue_many, save_robot, say_all, test_robot
from notifications.services.posting import A_MINUTE, text_of
from notifications.states import PostState, RobotKind
from people.models import User
from tests.cast import Cast, build
from tests.clock import database_clock
from tests.notifications.robot_server import Group, robot_server

pytestmark = pytest.mark.django_db(transaction=True)
KEY, SIGN = "0a1b2c3d-0000-4000-8000-canary000001", "SECcanary0000000000000000"


class Late(MessageClass):
    """For a group as well. What it says to one person is not for the group."""

    label = _("提醒")
    title = _("待受理")
    body = _("%(name)s，电话%(phone)s")
    sample = {"name": "赵阿婆", "phone": "13800005678"}
    group = True

    def __init__(self, number: str = "XQ-CX-20261121-0007", code: str = "330109001048", urgent: bool = False) -> None:
        params = {"name": "赵阿婆", "phone": "13800005678", "day": "2026-11-25"}
        super().__init__(params=params, area_code=code, subject_label=number, url="/admin/needs/need/7/", urgent=urgent)


@pytest.fixture
def group(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Group]:
    monkeypatch.setattr(channel, "STEP_SECONDS", 1.0)
    monkeypatch.setattr(channel, "TALK_SECONDS", 1.5)
    with robot_server() as fake:
        settings.ROBOT_TEST_SERVER = ("127.0.0.1", fake.port)
        yield fake


@pytest.fixture
def cast(db: None) -> Cast:
    return build()


@pytest.fixture
def admin(cast: Cast) -> User:
    return cast.chengxiang.system_admin


@pytest.fixture
def robot(cast: Cast, admin: User) -> Robot:
    return _robot(admin, cast.chengxiang.street.pk)


def _robot(by: User, area: str, kind: RobotKind = RobotKind.WECOM, **given: Any) -> Robot:
    said = {"area": area, "name": "联盟群", "kind": kind, "is_active": True, "secret": KEY, "sign_secret": ""}
    return save_robot(by=by, pk=None, version=0, **{**said, **given})


def tell(count: int = 1, reader: User | None = None, **more: Any) -> None:
    queue_many(
        [(Late(f"XQ-{number}", **more), f"late {number}", [reader] if reader else []) for number in range(count)]
    )


def states() -> list[str]:
    return list(RobotPost.objects.order_by("id").values_list("state", flat=True))


def minutes_later(count: int) -> Any:
    return database_clock(timedelta(minutes=count))


def test_a_group_is_told_number_title_day_and_link_and_nothing_of_anybody(robot: Robot, group: Group) -> None:
    queue(Late(), occurrence="7")
    assert say_all() == 1
    assert group.texts == ["【同心】XQ-CX-20261121-0007 待受理 2026-11-25\nhttps://tongxin.example/admin/needs/need/7/"]
    assert group.calls[0][0] == f"/cgi-bin/webhook/send?key={KEY}"
    assert states() == [PostState.SENT]
    assert (say_all(), len(group.calls)) == (0, 1)


def test_the_same_happening_is_said_once(robot: Robot, group: Group) -> None:
    for _twice in range(2):
        queue(Late(), occurrence="7")
    assert RobotPost.objects.count() == 1


def test_another_street_is_told_nothing(robot: Robot, group: Group, cast: Cast) -> None:
    tell(code=cast.xiasha.home.pk)
    assert not RobotPost.objects.exists()


def test_without_a_robot_queueing_asks_once_and_a_class_that_is_for_nobody_else_not_at_all(admin: User) -> None:
    tell(reader=admin)
    assert Message.objects.count() == 1
    assert not RobotPost.objects.exists()


@pytest.mark.parametrize(("kind", "errcode", "rest"), [(RobotKind.WECOM, 45009, 1), (RobotKind.DINGTALK, 130101, 10)])
def test_a_yes_by_http_that_says_too_many_is_tried_later_and_then_together(
    group: Group, admin: User, cast: Cast, kind: RobotKind, errcode: int, rest: int
) -> None:
    _robot(admin, cast.chengxiang.street.pk, kind)
    group.errcode = errcode
    tell(2)
    assert say_all() == 1
    assert states() == [PostState.WAITING] * 2
    assert say_all() == 0, "left alone for a while"
    group.errcode = 0
    with minutes_later(rest + 1):
        assert say_all() == 1
    assert states() == [PostState.SENT] * 2
    assert group.texts[-1].startswith("【同心】2件事\nXQ-0 ")
    assert list(RobotSending.objects.order_by("id").values_list("posts", "answer")) == [(1, "throttled"), (2, "0")]


@pytest.mark.parametrize("errcode", [93000, 310000, 40058])
def test_any_other_code_is_a_no_and_is_written_down(robot: Robot, group: Group, errcode: int) -> None:
    group.errcode = errcode
    tell()
    say_all()
    post = RobotPost.objects.get()
    assert (post.state, post.last_error) == (PostState.FAILED, f"errcode.{errcode}")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_platform_in_trouble_is_tried_later(robot: Robot, group: Group, status: int) -> None:
    group.status = status
    tell()
    say_all()
    assert states() == [PostState.WAITING]


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"errmsg": "ok"}', b'{"errcode": null}'])
def test_an_answer_nobody_understands_is_no_yes(robot: Robot, group: Group, body: bytes) -> None:
    group.body = body
    tell()
    say_all()
    assert states() == [PostState.UNCERTAIN]


def test_a_redirect_is_not_followed(robot: Robot, group: Group) -> None:
    group.status, group.body = 302, b""
    tell()
    say_all()
    assert (states(), len(group.calls)) == ([PostState.UNCERTAIN], 1)


def test_a_platform_that_stalls_is_left_and_nothing_is_said_twice(robot: Robot, group: Group) -> None:
    group.stall = threading.Event()
    tell(2)
    began = timezone.now()
    assert say_all() == 1
    assert timezone.now() - began < timedelta(seconds=6)
    assert states() == [PostState.UNCERTAIN, PostState.WAITING]


def test_a_platform_that_is_not_there_is_tried_five_times(robot: Robot, settings: Any) -> None:
    settings.ROBOT_TEST_SERVER = ("127.0.0.1", 1)
    tell()
    for number in range(5):
        RobotPost.objects.update(not_before=timezone.now() - timedelta(minutes=1))
        assert say_all() == 1, number
    assert states() == [PostState.FAILED]


def test_never_more_than_twenty_calls_a_minute_and_the_rest_together(robot: Robot, group: Group) -> None:
    tell(3)
    say_all()
    assert len(group.calls) == 3, "a few are said one by one"
    queue_many([(Late(f"XQ-9{number}"), f"more {number}", []) for number in range(500)])
    while say_all():
        pass
    assert len(group.calls) <= A_MINUTE
    assert all(len(text.encode()) <= 2048 for text in group.texts)
    with minutes_later(2):
        while say_all():
            pass
    assert set(states()) == {PostState.SENT}
    said = "\n".join(group.texts)
    assert all(said.count(f"XQ-9{number} ") == 1 for number in range(500))


def test_eight_threads_that_speak_at_once_say_everything_once(
    robot: Robot, group: Group, in_threads: Callable[[Callable[[int], Any], int], list[Any]]
) -> None:
    tell(40)
    in_threads(lambda _number: say_all(), 8)
    said = "\n".join(group.texts)
    assert all(said.count(f"XQ-{number} ") == 1 for number in range(40))


def test_what_a_dead_worker_had_in_hand_is_uncertain(robot: Robot, group: Group) -> None:
    tell()
    RobotPost.objects.update(batch=RobotSending(robot=robot, posts=1).batch, attempts=1)
    Robot.objects.update(leased_until=timezone.now() - timedelta(minutes=1))
    queue(Late("XQ-new"), occurrence="new")
    say_all()
    assert states() == [PostState.UNCERTAIN, PostState.SENT]


def test_at_night_a_group_hears_only_what_is_urgent(robot: Robot, group: Group, settings: Any) -> None:
    settings.QUIET_HOURS = "21:00-08:00"
    night = timezone.localtime().replace(hour=23, minute=0) + timedelta(days=1)
    with database_clock(night - timezone.now()):
        queue(Late("XQ-calm"), occurrence="calm")
        queue(Late("XQ-now", urgent=True), occurrence="now")
        say_all()
    assert [text.split()[0] for text in group.texts] == ["【同心】XQ-now"]


def test_what_came_too_late_is_missed(robot: Robot, group: Group) -> None:
    tell()
    with database_clock(timedelta(days=2)):
        assert say_all() == 0
    assert states() == [PostState.MISSED]


def test_dingtalk_is_signed_as_it_wants_it() -> None:
    assert channel.signature(1_700_000_000_000, "SECtest") == "aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g%3D"
    path = channel.path_of(RobotKind.DINGTALK, KEY, "SECtest", 1_700_000_000)
    assert path.endswith("&timestamp=1700000000000&sign=aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g%3D")


@pytest.mark.parametrize("host", ["127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "::1", "localhost"])
def test_nothing_within_the_house_is_ever_called(host: str) -> None:
    with pytest.raises(Unavailable):
        channel.checked_address(host, 443)


def test_only_tests_have_a_server_of_their_own(settings: Any) -> None:
    assert set(channel.HOSTS) == set(RobotKind.values)
    assert settings.ROBOT_TEST_SERVER is None
    assert robots_have_no_test_server(None) == []
    settings.ROBOT_TEST_SERVER = ("127.0.0.1", 1)
    assert [found.id for found in robots_have_no_test_server(None)] == ["notifications.E006"]


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
        _robot(admin, given.pop("area", cast.chengxiang.street.pk), **given)


def test_a_name_is_given_once_in_an_area(robot: Robot, cast: Cast, admin: User) -> None:
    with pytest.raises(Invalid):
        _robot(admin, cast.chengxiang.street.pk)


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
