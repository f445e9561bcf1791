"""A published version may begin later; which one is in force is said truly, and only the newest asks to be read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from members.models import DocumentVersion, Liaison
from members.presenting.documents import in_force, standing
from members.services.documents import create_document, publish_version, save_draft
from members.services.receipts import remind_unseen
from notifications.models import Message
from notifications.services import unread_count
from people.models import User
from tests.cast import browser_of
from tests.members.conftest import Twins, person

pytestmark = pytest.mark.django_db


def _first(twins: Twins) -> DocumentVersion:
    by = twins.here.clerk
    draft = create_document(alliance=twins.here.alliance, by=by, kind="rules", title="议事规则", text="一季一会。")
    return publish_version(pk=draft.pk, by=by)


def _second(twins: Twins, first: DocumentVersion, begins: date | None = None) -> DocumentVersion:
    by = twins.here.clerk
    draft = save_draft(document_pk=first.document_id, by=by, text="两月一会。", change="勤一点", effective_on=begins)
    return publish_version(pk=draft.pk, by=by)


def _reader(twins: Twins) -> User:
    user = person("reader", None, None)
    Liaison.objects.create(unit=twins.here.unit, user=user)
    return user


def _unread(user: User) -> list[str]:
    rows = Message.objects.inbox_of(user).unread().order_by("pk")
    return [f"{row.rule} {row.occurrence.partition(' ')[2].partition(' ')[0]}" for row in rows]


def test_a_version_that_begins_later_is_not_called_in_force(twins: Twins) -> None:
    today = timezone.localdate()
    first = _first(twins)
    second = _second(twins, first, today + timedelta(days=9))
    rows = [second, first]
    assert in_force(rows) == first
    assert in_force(rows, today + timedelta(days=9)) == second
    assert in_force([second]) is None
    assert [standing(row, first)[1] for row in rows] == ["work", "done"]
    assert [standing(row, second)[1] for row in rows] == ["done", "off"]


def test_the_pages_say_which_version_is_in_force(twins: Twins) -> None:
    first = _first(twins)
    staff, desk = browser_of(twins.here.clerk), browser_of(_reader(twins))
    page = f"/admin/members/document/{first.document_id}/change/"
    _second(twins, first, timezone.localdate() + timedelta(days=9))
    found = staff.get(page)
    assert [row["standing"][1] for row in found.context["versions"]] == ["work", "done"]
    assert found.context["in_force"] == first
    assert "这一版还在施行" in desk.get(f"/desk/documents/{first.pk}/").content.decode()
    third = _second(twins, first)
    found = staff.get(page)
    assert [row["standing"][1] for row in found.context["versions"]] == ["done", "off", "off"]
    assert found.context["in_force"] == third
    assert "这是以前的版本" in desk.get(f"/desk/documents/{first.pk}/").content.decode()


def test_a_version_that_was_overtaken_asks_for_no_tap_but_leads_to_the_new_one(twins: Twins) -> None:
    first, desk = _first(twins), browser_of(_reader(twins))
    tap = f'action="/desk/documents/{first.pk}/seen/"'
    assert tap in desk.get(f"/desk/documents/{first.pk}/").content.decode()
    second = _second(twins, first)
    text = desk.get(f"/desk/documents/{first.pk}/").content.decode()
    assert tap not in text
    assert f'<a class="btn btn--main" href="/desk/documents/{second.pk}/">' in text
    assert f'action="/desk/documents/{second.pk}/seen/"' in desk.get(f"/desk/documents/{second.pk}/").content.decode()


def test_a_new_version_settles_what_was_told_of_the_one_before(twins: Twins) -> None:
    reader, first = _reader(twins), _first(twins)
    other = create_document(alliance=twins.here.alliance, by=twins.here.clerk, kind="plan", title="计划", text="一")
    publish_version(pk=other.pk, by=twins.here.clerk)
    remind_unseen(document_pk=first.document_id, by=twins.here.clerk)
    kept = f"members.DocumentArrived {other.pk}"
    assert sorted(_unread(reader)) == sorted(
        [f"members.DocumentArrived {first.pk}", f"members.DocumentWaits {first.pk}", kept]
    )
    second = _second(twins, first)
    assert sorted(_unread(reader)) == sorted([kept, f"members.DocumentArrived {second.pk}"])
    assert unread_count(reader) == 2


def test_a_long_list_of_who_has_not_read_is_folded(twins: Twins) -> None:
    first, staff = _first(twins), browser_of(twins.here.clerk)
    page = f"/admin/members/document/{first.document_id}/change/"
    short = staff.get(page)
    assert len(short.context["unseen"]) <= short.context["few"]
    assert 'data-seek="unseen"' not in short.content.decode()
    rows = [(f"单位{n}", f"dan wei {n}") for n in range(short.context["few"])]
    for name, pinyin in rows:
        unit = twins.here.unit.__class__.objects.create(
            name=name, name_key=name, pinyin=pinyin, kind="other", area=twins.here.street
        )
        unit.memberships.create(alliance=twins.here.alliance)
        first.receipts.create(unit=unit)
    text = staff.get(page).content.decode()
    assert 'data-seek="unseen"' in text
    assert 'data-find="dan wei 3 ' in text
