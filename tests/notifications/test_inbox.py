"""One's own inbox: newest first, in the language in use, nobody else's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from alliance.lib.errors import Invalid, NotFound
from notifications.contributions import my_section
from notifications.models import Message
from notifications.services import inbox, latest_unread, mark_read, queue, unread_count
from notifications.states import State
from people.models import Area, User
from people.services.accounts import grant_role
from people.states import Level, Role
from tests.cast import browser_of
from tests.notifications.said import Arrived

if TYPE_CHECKING:
    from django.http import HttpResponse

pytestmark = pytest.mark.django_db


def _fill(user: User, count: int) -> None:
    for number in range(count):
        queue(Arrived(f"XQ-CX-20261121-{number:04d}"), occurrence=str(number), users=[user])


def test_pages_follow_each_other_without_gap_or_repetition(reader: User) -> None:
    _fill(reader, 7)
    # Equal instants are the hard case of a keyset.
    Message.objects.update(created_at=timezone.now())
    seen, cursor = [], ""
    while True:
        page = inbox(reader, cursor, size=3)
        seen += [notice.pk for notice in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert seen == sorted(Message.objects.values_list("pk", flat=True), reverse=True)


def test_a_notice_is_worded_when_it_is_read(reader: User) -> None:
    _fill(reader, 1)
    (notice,) = inbox(reader).rows
    assert (notice.title, notice.body) == ("待受理", "XQ-CX-20261121-0000等您受理。")
    assert (notice.subject, notice.url, notice.unread) == (
        "XQ-CX-20261121-0000",
        "/admin/needs/need/7/",
        True,
    )
    with translation.override("en"):
        (notice,) = inbox(reader).rows
        assert notice.title == str(Arrived.title)


def test_a_notice_of_a_class_that_is_gone_reads_as_it_was_stored(reader: User) -> None:
    _fill(reader, 1)
    Message.objects.update(rule="retired.Rule")
    assert inbox(reader).rows[0].title == "待受理"
    Message.objects.update(rule=Arrived.rule, params={})
    assert inbox(reader).rows[0].body == "XQ-CX-20261121-0000等您受理。"


def test_reading_one_and_reading_all(reader: User) -> None:
    _fill(reader, 3)
    newest = latest_unread(reader)[0]
    assert mark_read(reader, newest.pk) == 1
    assert mark_read(reader, newest.pk) == 0
    assert unread_count(reader) == 2
    assert mark_read(reader) == 2
    assert unread_count(reader) == 0
    assert set(Message.objects.values_list("state", flat=True)) == {State.READ}


def test_another_persons_notice_can_neither_be_seen_nor_marked(reader: User, neighbour: User) -> None:
    _fill(reader, 1)
    assert inbox(neighbour).rows == []
    with pytest.raises(NotFound):
        mark_read(neighbour, Message.objects.get().pk)
    assert mark_read(neighbour) == 0
    assert unread_count(reader) == 1


def test_a_made_up_cursor_is_refused(reader: User) -> None:
    with pytest.raises(Invalid):
        inbox(reader, "nonsense")


@pytest.fixture
def desk(reader: User, client: Client) -> Client:
    district = Area.objects.create(code="330109", name="某某区", level=Level.DISTRICT)
    street = Area.objects.create(code="330109001", name="甲街道", level=Level.STREET, parent=district)
    grant_role(user=reader, role=Role.STREET_STAFF, area=street, by=None)
    client.force_login(User.objects.get(pk=reader.pk), backend="people.backends.PasswordBackend")
    return client


def _titles(response: HttpResponse) -> str:
    return response.content.decode()


def test_the_page_shows_ones_notices_and_marks_them_read(desk: Client, reader: User, neighbour: User) -> None:
    _fill(reader, 2)
    queue(Arrived("XQ-CX-20261121-9999"), occurrence="9999", users=[neighbour])
    page = _titles(desk.get("/admin/inbox/"))
    assert "XQ-CX-20261121-0001等您受理。" in page
    assert "9999" not in page
    newest = latest_unread(reader)[0]
    assert desk.post("/admin/inbox/", {"read": newest.pk}).status_code == 302
    assert unread_count(reader) == 1
    assert desk.post("/admin/inbox/", {"read": "all"}).status_code == 302
    assert unread_count(reader) == 0


@pytest.mark.parametrize("read", ["", "abc", "٣", "-1", "9" * 30])
def test_a_made_up_number_is_not_found(desk: Client, reader: User, read: str) -> None:
    _fill(reader, 1)
    assert desk.post("/admin/inbox/", {"read": read}).status_code == 404
    assert unread_count(reader) == 1


def test_looking_marks_nothing_and_a_visitor_is_sent_to_the_door(desk: Client, reader: User, client: Client) -> None:
    _fill(reader, 1)
    desk.get("/admin/inbox/")
    assert unread_count(reader) == 1
    assert Client().get("/admin/inbox/").status_code == 302


def test_what_became_of_messages_is_seen_by_the_areas_system_administrator_only(reader: User, neighbour: User) -> None:
    district = Area.objects.create(code="330109", name="某某区", level=Level.DISTRICT)
    streets = [
        Area.objects.create(code=code, name=code, level=Level.STREET, parent=district)
        for code in ("330109001", "330109002")
    ]
    _fill(reader, 1)
    administrators = []
    for number, street in enumerate(streets):
        user = User.objects.create(username=f"admin{number}", name="管理")
        grant_role(user=user, role=Role.SYSTEM_ADMIN, area=street, by=None)
        administrators.append(User.objects.get(pk=user.pk))
    mine, other = administrators
    assert Message.objects.visible_to(mine).count() == 1
    assert Message.objects.visible_to(other).count() == 0
    assert Message.objects.visible_to(neighbour).count() == 0
    desk = browser_of(mine)
    message = Message.objects.visible_to(mine).get()
    Message.objects.filter(pk=message.pk).update(occurrence="gone", rule="tests.gone.Rule")
    _fill(reader, 1)
    page = desk.get("/admin/notifications/message/").content.decode()
    assert "待受理" in page and "Arrived" not in page
    assert "tests.gone.Rule" in page
    for row in Message.objects.visible_to(mine):
        assert "Arrived" not in desk.get(f"/admin/notifications/message/{row.pk}/change/").content.decode()


# The public page ----------------------------------------------------------------------------------------------------


@pytest.fixture
def visitor(reader: User, client: Client) -> Client:
    """Signed in without any role: a liaison, or a resident."""
    client.force_login(reader, backend="people.backends.PasswordBackend")
    return client


def test_everybody_who_signs_in_has_an_inbox(visitor: Client, reader: User, neighbour: User) -> None:
    assert "现在没有消息" in _titles(visitor.get("/inbox/"))
    _fill(reader, 2)
    queue(Arrived("XQ-CX-20261121-9999"), occurrence="9999", users=[neighbour])
    page = _titles(visitor.get("/inbox/"))
    assert "XQ-CX-20261121-0001等您受理。" in page and "2条未读" in page
    assert "9999" not in page
    assert unread_count(reader) == 2, "looking marks nothing"
    assert visitor.post("/inbox/", {"read": latest_unread(reader)[0].pk}).status_code == 302
    assert unread_count(reader) == 1
    assert visitor.post("/inbox/", {"read": "all"}).status_code == 302
    assert "都读过了" in _titles(visitor.get("/inbox/"))


def test_older_notices_are_on_the_next_page(visitor: Client, reader: User) -> None:
    _fill(reader, 30)
    first = _titles(visitor.get("/inbox/"))
    found = re.search(r'href="(/inbox/\?cursor=[^"]+)"', first)
    assert found and "-0029等您" in first and "-0004等您" not in first
    second = _titles(visitor.get(found[1]))
    assert "-0004等您" in second and "-0029等您" not in second and "看更早的" not in second
    assert visitor.post(found[1], {"read": "all"})["Location"] == found[1]


def test_another_persons_notice_is_not_found_on_the_public_page(visitor: Client, neighbour: User) -> None:
    _fill(neighbour, 1)
    for read in (str(Message.objects.get().pk), "", "abc"):
        assert visitor.post("/inbox/", {"read": read}).status_code == 404
    assert unread_count(neighbour) == 1


def test_staff_are_led_to_theirs_and_visitors_to_a_door(desk: Client, reader: User) -> None:
    assert desk.get("/inbox/")["Location"] == "/admin/inbox/"
    stranger = Client().get("/inbox/")
    assert stranger.status_code == 302 and "next=/inbox/" in stranger["Location"]


def test_ones_own_page_shows_the_newest_notices(reader: User, rf: RequestFactory) -> None:
    _fill(reader, 5)
    request = rf.get("/my/")
    request.user = reader
    section = my_section(request)
    assert section is not None and section["url"] == "/inbox/" and "5" in section["url_label"]
    assert [line["text"] for line in section["lines"]] == ["待受理"] * 3
