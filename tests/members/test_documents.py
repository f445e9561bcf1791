"""Documents: a draft, a version that never changes again, who has it and who has seen it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from files import services as files
from members.models import Document, DocumentVersion, Liaison, MemberUnit, Receipt
from members.services import create_unit, join_alliance, leave_alliance, suspend_unit
from members.services.documents import (
    create_document,
    files_of,
    publish_version,
    save_draft,
    update_document,
)
from members.services.receipts import mark_seen, readings, remind_unseen, unread_count
from members.states import DocumentKind, UnitKind
from notifications.models import Message
from people.models import User
from tests.files.papers import PDF
from tests.members.conftest import Side, Twins, person

TEXT = "第一条 自愿加入。\n第二条 每季度碰一次头。"


def _draft(side: Side, **changes: Any) -> DocumentVersion:
    typed = {"kind": DocumentKind.CHARTER, "title": "联盟章程", "text": TEXT}
    return create_document(alliance=side.alliance, by=side.clerk, **{**typed, **changes})


def _published(side: Side, **changes: Any) -> DocumentVersion:
    return publish_version(pk=_draft(side, **changes).pk, by=side.clerk)


def _next(version: DocumentVersion, by: User, text: str = TEXT + "\n第三条 轮流召集。") -> DocumentVersion:
    draft = save_draft(document_pk=version.document_id, by=by, text=text, change="加了轮流召集")
    return publish_version(pk=draft.pk, by=by)


def _liaison(unit: MemberUnit, username: str = "liaison") -> User:
    user = person(username, None, None)
    Liaison.objects.create(unit=unit, user=user)
    return user


def _units(version: DocumentVersion) -> set[str]:
    return set(version.receipts.values_list("unit__name", flat=True))


@pytest.mark.django_db
def test_a_published_version_goes_once_to_every_present_unit_and_to_no_other(twins: Twins) -> None:
    here = twins.here
    gone = create_unit(name="走了的单位", kind=UnitKind.OTHER, area=here.street, by=None, alliance=here.alliance)
    leave_alliance(pk=gone.memberships.get().pk, by=here.clerk)
    version = _published(here)
    assert _units(version) == {"甲街道小学", "某某区图书馆"}
    assert readings([version.pk])[version.pk].delivered == 2
    assert not Receipt.objects.filter(unit=twins.there.unit).exists()


@pytest.mark.django_db
def test_a_liaison_of_two_units_gets_one_notice(twins: Twins) -> None:
    user = _liaison(twins.here.unit)
    Liaison.objects.create(unit=twins.shared, user=user)
    _published(twins.here)
    rows = Message.objects.filter(recipient_key=f"u:{user.pk}", rule="members.DocumentArrived")
    assert rows.count() == 1
    assert "联盟章程" in rows.get().title


@pytest.mark.django_db
def test_a_published_version_is_not_written_again(twins: Twins) -> None:
    version = _published(twins.here)
    with pytest.raises(RuleBroken):
        publish_version(pk=version.pk, by=twins.here.clerk)
    with pytest.raises(Conflict):
        save_draft(document_pk=version.document_id, by=twins.here.clerk, text="改", version=version.version)
    for change in ({"text": "改了"}, {"published_at": None}, {"number": 9}):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            DocumentVersion.objects.filter(pk=version.pk).update(**change)
    assert DocumentVersion.objects.get(pk=version.pk).text == TEXT


@pytest.mark.django_db
def test_control_the_same_statement_writes_a_draft(twins: Twins) -> None:
    draft = _draft(twins.here)
    assert DocumentVersion.objects.filter(pk=draft.pk).update(text="改了") == 1


@pytest.mark.django_db
def test_the_files_of_a_version_are_the_drafts_alone_and_stay(twins: Twins) -> None:
    here, key = twins.here, str(uuid4())
    held = files.hold_document(SimpleUploadedFile("章程.pdf", PDF), hold_key=key)
    draft = _draft(here, text="", hold_key=key)
    assert [row.pk for row in files_of(draft)] == [held.pk]
    draft = save_draft(document_pk=draft.document_id, by=here.clerk, text="", drop=[held.pk], version=1)
    assert files_of(draft) == []
    with pytest.raises(Invalid) as refused:
        publish_version(pk=draft.pk, by=here.clerk)
    assert "text" in refused.value.fields


@pytest.mark.django_db
def test_who_writes_over_somebody_elses_draft_is_told(twins: Twins) -> None:
    draft, by = _draft(twins.here), twins.here.clerk
    save_draft(document_pk=draft.document_id, by=by, text="甲写的", version=1)
    with pytest.raises(Conflict):
        save_draft(document_pk=draft.document_id, by=by, text="乙写的", version=1)
    with pytest.raises(Conflict):
        save_draft(document_pk=draft.document_id, by=by, text="丙以为没有草稿", version=None)
    with pytest.raises(Conflict):
        publish_version(pk=draft.pk, by=by, version=1)
    assert DocumentVersion.objects.get(pk=draft.pk).text == "甲写的"


@pytest.mark.django_db
def test_a_later_version_says_what_changed_and_everybody_gets_it_too(twins: Twins) -> None:
    first, by = _published(twins.here), twins.here.clerk
    draft = save_draft(document_pk=first.document_id, by=by, text="改好的")
    with pytest.raises(Invalid) as refused:
        publish_version(pk=draft.pk, by=by)
    assert "change" in refused.value.fields
    save_draft(document_pk=first.document_id, by=by, text="改好的", change="第二条写错了", version=1)
    second = publish_version(pk=draft.pk, by=by)
    assert (second.number, _units(second)) == (2, _units(first))
    assert DocumentVersion.objects.get(pk=first.pk).text == TEXT, "the mistaken one stays in the history"


@pytest.mark.django_db
def test_a_unit_that_joins_later_gets_what_is_in_force_and_nothing_older(twins: Twins) -> None:
    here = twins.here
    second = _next(_published(here), here.clerk)
    _draft(here, title="还没发布的")
    plan = _published(here, title="实施计划", kind=DocumentKind.PLAN)
    unit = create_unit(name="后来的单位", kind=UnitKind.BANK, area=here.street, by=None, alliance=here.alliance)
    assert set(unit.receipts.values_list("version_id", flat=True)) == {second.pk, plan.pk}
    assert unread_count(unit.pk) == 2


@pytest.mark.django_db
def test_the_first_who_reads_it_counts_and_only_somebody_of_the_unit(twins: Twins) -> None:
    version = _published(twins.here)
    unit, reader = twins.here.unit, _liaison(twins.here.unit)
    second = person("second", None, None)
    Liaison.objects.create(unit=unit, user=second, is_second=True)
    for stranger in (twins.here.clerk, _liaison(twins.there.unit, "other")):
        with pytest.raises(NotFound):
            mark_seen(version_pk=version.pk, unit_id=unit.pk, by=stranger)
    assert mark_seen(version_pk=version.pk, unit_id=unit.pk, by=reader)
    assert not mark_seen(version_pk=version.pk, unit_id=unit.pk, by=second)
    row = Receipt.objects.get(version=version, unit=unit)
    assert row.seen_by == reader
    found = readings([version.pk])[version.pk]
    assert (found.delivered, found.seen, found.unseen) == (2, 1, 1)


@pytest.mark.django_db
def test_a_seat_that_has_ended_reads_for_nobody(twins: Twins) -> None:
    version, reader = _published(twins.here), _liaison(twins.here.unit)
    yesterday = timezone.localdate() - timedelta(days=1)
    Liaison.objects.filter(user=reader).update(starts_on=yesterday, ends_on=yesterday)
    with pytest.raises(NotFound):
        mark_seen(version_pk=version.pk, unit_id=twins.here.unit.pk, by=reader)


@pytest.mark.django_db
def test_who_has_not_seen_it_is_reminded_at_most_once_in_three_days(twins: Twins) -> None:
    here = twins.here
    seen, waiting, paused = _liaison(here.unit, "seen"), _liaison(twins.shared, "waiting"), _suspended(here)
    version = _published(here)
    mark_seen(version_pk=version.pk, unit_id=here.unit.pk, by=seen)
    assert remind_unseen(document_pk=version.document_id, by=here.clerk) == 1
    told = Message.objects.filter(rule="members.DocumentWaits", channel="inapp")
    assert set(told.values_list("recipient_key", flat=True)) == {f"u:{waiting.pk}"}
    assert f"u:{paused.pk}" not in told.values_list("recipient_key", flat=True)
    with pytest.raises(RuleBroken):
        remind_unseen(document_pk=version.document_id, by=here.clerk)
    Document.objects.update(reminded_at=timezone.now() - timedelta(days=3, minutes=1))
    Message.objects.update(occurrence="earlier")
    assert remind_unseen(document_pk=version.document_id, by=here.clerk) == 1
    mark_seen(version_pk=version.pk, unit_id=twins.shared.pk, by=waiting)
    Document.objects.update(reminded_at=None)
    with pytest.raises(RuleBroken):
        remind_unseen(document_pk=version.document_id, by=here.clerk)


def _suspended(side: Side) -> User:
    unit = create_unit(name="暂停的单位", kind=UnitKind.OTHER, area=side.street, by=None, alliance=side.alliance)
    suspend_unit(pk=unit.pk, by=side.clerk, why="装修")
    return _liaison(unit, "paused")


@pytest.mark.django_db
def test_another_street_neither_sees_nor_touches_it(twins: Twins) -> None:
    version, there = _published(twins.here), twins.there.clerk
    draft = _draft(twins.here, title="草稿")
    assert not Document.objects.visible_to(there).exists()
    assert not Receipt.objects.visible_to(there).exists()
    for act in (
        lambda: publish_version(pk=draft.pk, by=there),
        lambda: save_draft(document_pk=draft.document_id, by=there, text="改", version=1),
        lambda: update_document(pk=version.document_id, by=there, kind="other", title="改", is_public=True),
        lambda: remind_unseen(document_pk=version.document_id, by=there),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotAllowed):
        create_document(alliance=twins.here.alliance, by=there, kind="plan", title="别人的")


@pytest.mark.django_db
def test_a_community_worker_reads_but_does_not_publish_for_the_street(twins: Twins) -> None:
    draft = _draft(twins.here)
    assert Document.objects.visible_to(twins.here.worker).exists()
    with pytest.raises(NotAllowed):
        publish_version(pk=draft.pk, by=twins.here.worker)
    with pytest.raises(NotAllowed):
        _draft(Side(**{**twins.here.__dict__, "clerk": twins.here.worker}), title="社工写的")


@pytest.mark.django_db
def test_joining_again_gives_no_second_receipt(twins: Twins) -> None:
    version = _published(twins.here)
    membership = twins.here.unit.memberships.get()
    leave_alliance(pk=membership.pk, by=twins.here.clerk)
    join_alliance(alliance=twins.here.alliance, unit=twins.here.unit, by=twins.here.clerk)
    assert Receipt.objects.filter(version=version, unit=twins.here.unit).count() == 1
