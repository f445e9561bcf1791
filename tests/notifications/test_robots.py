"""Robots say number, title, day and link in groups, no oftener than they may, and are believed by ``errcode`` alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from notifications.channels import Unavailable
from notifications.channels import robots as channel
from notifications.checks import robots_have_no_test_server
from notifications.models import Message, Robot, RobotPost, RobotSending
from notifications.services import queue, queue_many, say_all
from notifications.services.posting import A_MINUTE
from notifications.states import PostState, RobotKind
from people.models import User
from tests.cast import Cast
from tests.clock import database_clock
from tests.notifications.robot_server import Group
from tests.notifications.telling import KEY, Late, new_robot, tell

pytestmark = pytest.mark.django_db(transaction=True)


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
    new_robot(admin, cast.chengxiang.street.pk, kind)
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
