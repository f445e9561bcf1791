"""Publishing a document: once, and past nobody who joins just then. Each race stands beside one without the guard."""

from __future__ import annotations

import threading
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from alliance.lib.errors import Conflict, RuleBroken
from members.models import Alliance, DocumentVersion, Membership, MemberUnit, Receipt
from members.services import create_alliance, join_alliance
from members.services.documents import create_document, publish_version
from members.services.receipts import deliver, deliver_current, mark_seen
from members.states import DocumentKind, UnitKind
from notifications.models import Message
from tests.cast import Cast, at_once, fresh

ROUNDS, CROWD = 3, 6


def _alliance(cast: Cast) -> Alliance:
    here = cast.chengxiang
    alliance = create_alliance(area=here.street, name="平常心党建联盟", by=None)
    join_alliance(alliance=alliance, unit=MemberUnit.objects.get(area=here.street), by=None)
    return alliance


def _draft(cast: Cast, alliance: Alliance, title: str = "联盟章程") -> DocumentVersion:
    by = cast.chengxiang.clerk
    return create_document(alliance=alliance, by=by, kind=DocumentKind.CHARTER, title=title, text="第一条")


def _units(cast: Cast, mark: str) -> list[MemberUnit]:
    area = cast.chengxiang.street
    return [MemberUnit.objects.create(name=f"{mark}{n}", kind=UnitKind.OTHER, area=area) for n in range(CROWD)]


def test_of_many_who_publish_one_does_and_everybody_is_told_once(cast: Cast) -> None:
    alliance = _alliance(cast)
    people = [fresh(cast.chengxiang.clerk), fresh(cast.chengxiang.party_office), fresh(cast.chengxiang.section_head)]
    for number in range(ROUNDS):
        draft = _draft(cast, alliance, f"章程{number}")
        results = at_once(lambda n, pk=draft.pk: publish_version(pk=pk, by=people[n % 3], version=1), CROWD)
        won = [one for one in results if isinstance(one, DocumentVersion)]
        assert len(won) == 1, results
        assert all(isinstance(one, RuleBroken) for one in results if one not in won), results
        assert DocumentVersion.objects.get(pk=draft.pk).published_by == won[0].published_by
        assert Receipt.objects.filter(version=draft).count() == 1
        assert Message.objects.filter(occurrence=f"version {draft.pk}").count() == 1


def test_control_without_the_lock_both_find_a_draft_and_only_the_table_refuses(cast: Cast) -> None:
    draft, gate = _draft(cast, _alliance(cast)), threading.Barrier(2)

    def naive(_n: int) -> int:
        with transaction.atomic():
            seen = DocumentVersion.objects.get(pk=draft.pk)
            gate.wait(timeout=30)
            assert seen.published_at is None, "both pass the look"
            return DocumentVersion.objects.filter(pk=draft.pk).update(published_at=timezone.now())

    results = at_once(naive, 2)
    assert sum(1 for one in results if one == 1) == 1
    assert sum(1 for one in results if isinstance(one, DatabaseError)) == 1, results


def test_whoever_joins_while_a_version_is_published_has_it(cast: Cast) -> None:
    alliance, by = _alliance(cast), fresh(cast.chengxiang.clerk)
    for number in range(ROUNDS):
        units, draft = _units(cast, f"单位{number}"), _draft(cast, alliance, f"章程{number}")

        def work(n: int, units: list[MemberUnit] = units, pk: int = draft.pk) -> Any:
            if n == CROWD // 2:
                return publish_version(pk=pk, by=by)
            return join_alliance(alliance=alliance, unit=units[n], by=None)

        results = at_once(work, CROWD)
        assert not [one for one in results if isinstance(one, Exception)], results
        joined = Membership.objects.filter(alliance=alliance).values_list("unit_id", flat=True)
        having = Receipt.objects.filter(version=draft).values_list("unit_id", flat=True)
        assert sorted(joined) == sorted(having)


def test_control_without_the_alliances_row_a_unit_is_passed_over(cast: Cast) -> None:
    alliance, gate = _alliance(cast), threading.Barrier(2)
    draft, (unit, *_rest) = _draft(cast, alliance), _units(cast, "单位")

    def naive(n: int) -> None:
        with transaction.atomic():
            if n == 0:
                DocumentVersion.objects.filter(pk=draft.pk).update(published_at=timezone.now())
                deliver(DocumentVersion.objects.get(pk=draft.pk))
            else:
                deliver_current(Membership.objects.create(alliance=alliance, unit=unit))
            gate.wait(timeout=30)

    assert at_once(naive, 2) == [None, None]
    assert not Receipt.objects.filter(version=draft, unit=unit).exists()


def test_of_many_taps_on_seen_one_is_the_first(cast: Cast) -> None:
    alliance, by = _alliance(cast), fresh(cast.chengxiang.liaison)
    version = publish_version(pk=_draft(cast, alliance).pk, by=cast.chengxiang.clerk)
    unit = MemberUnit.objects.get(area=cast.chengxiang.street)
    results = at_once(lambda _n: mark_seen(version_pk=version.pk, unit_id=unit.pk, by=by), CROWD)
    assert sorted(results) == [False] * (CROWD - 1) + [True]


def test_of_two_drafts_begun_at_once_one_stands_and_the_other_is_told(cast: Cast) -> None:
    from members.services.documents import save_draft

    first, by = _draft(cast, _alliance(cast)), cast.chengxiang.clerk
    publish_version(pk=first.pk, by=by)
    texts = [f"第{n}人写的" for n in range(CROWD)]
    results = at_once(lambda n: save_draft(document_pk=first.document_id, by=fresh(by), text=texts[n]), CROWD)
    assert sum(1 for one in results if isinstance(one, DocumentVersion)) == 1, results
    assert sum(1 for one in results if isinstance(one, Conflict)) == CROWD - 1, results
