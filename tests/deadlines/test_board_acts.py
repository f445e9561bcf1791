"""What may be done from 到期与提醒: by whom, once more asked, written down."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from alliance.lib.errors import NotAllowed, NotFound, RuleBroken
from tests.deadlines.boards import broken, message, page, page_of, post

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("ladder")


def test_a_retry_asks_once_more_then_does_it_and_writes_it_down(cast: Cast) -> None:
    from audit.models import AuditEntry
    from tests.cast import browser_of

    here, due = cast.chengxiang, broken(cast.chengxiang)
    browser = browser_of(here.party_office)
    asked = browser.get(f"/admin/due/{due.pk}/retry/")
    assert asked.status_code == 200 and "重办这一条" in asked.content.decode()
    due.refresh_from_db()
    assert due.state == "failed"
    done = browser.post(f"/admin/due/{due.pk}/retry/", follow=True)
    assert "已经重新排上" in done.content.decode()
    due.refresh_from_db()
    assert (due.state, due.attempts, due.last_error) == ("waiting", 0, "")
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.actor, entry.subject) == ("due_retried", here.party_office, due.label)


def test_calling_off_wants_a_reason_that_is_kept(cast: Cast) -> None:
    from audit.models import AuditEntry

    here, due = cast.chengxiang, broken(cast.chengxiang, "waiting")
    refused = post(here.party_office, f"/admin/due/{due.pk}/cancel/", reason="")
    due.refresh_from_db()
    assert refused.status_code == 422 and due.state == "waiting"
    assert post(here.party_office, f"/admin/due/{due.pk}/cancel/", reason="居民已当面答复").status_code == 302
    due.refresh_from_db()
    assert (due.state, due.last_error) == ("cancelled", "by_hand")
    assert AuditEntry.objects.latest("pk").reason == "居民已当面答复"


@pytest.mark.parametrize("verb", ["retry", "cancel"])
def test_the_wrong_people_change_nothing(cast: Cast, verb: str) -> None:
    here, due = cast.chengxiang, broken(cast.chengxiang)
    path = f"/admin/due/{due.pk}/{verb}/"
    wrong = {here.worker: 403, here.clerk: 403, here.leader: 403, here.neighbour: 404, here.audit_admin: 404}
    for person, status in {**wrong, cast.xiasha.party_office: 404, cast.xiasha.system_admin: 404}.items():
        assert post(person, path, reason="不行").status_code == status, person.username
    due.refresh_from_db()
    assert due.state == "failed"
    # The guard is what stopped them: whoever has the right is not stopped.
    assert post(here.system_admin, path, reason="可以").status_code == 302
    due.refresh_from_db()
    assert due.state != "failed"


def test_what_is_done_cannot_be_done_again_from_here(cast: Cast) -> None:
    from deadlines.models import Due

    due = broken(cast.chengxiang)
    Due.objects.filter(pk=due.pk).update(state="done")
    answer = post(cast.chengxiang.party_office, f"/admin/due/{due.pk}/retry/")
    assert answer.status_code == 302
    due.refresh_from_db()
    assert due.state == "done"


def test_all_of_a_kind_that_failed_are_retried_and_nobody_elses(cast: Cast) -> None:
    from audit.models import AuditEntry
    from deadlines.models import Due

    here, there = cast.chengxiang, cast.xiasha
    for number in range(3):
        broken(here, "failed", number)
    broken(here, "missed", 7)
    broken(there, "failed", 8)
    path = "/admin/due/retry/?kind=deadlines.chase"
    assert "3条" in page_of(here.party_office, path)
    assert Due.objects.filter(state="failed").count() == 4
    assert post(here.party_office, path).status_code == 302
    assert set(Due.objects.filter(state="failed").values_list("area_code", flat=True)) == {there.home.code}
    assert Due.objects.filter(state="missed").count() == 1
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.params) == ("due_retried", {"count": 3})
    assert post(here.party_office, path).status_code == 404
    assert post(here.worker, path).status_code == 403


def test_the_service_of_the_bulk_asks_for_the_right_itself(cast: Cast) -> None:
    from deadlines.services.again import retry_kind
    from tests.cast import fresh

    broken(cast.chengxiang)
    with pytest.raises(NotAllowed):
        retry_kind(kind="deadlines.chase", by=fresh(cast.chengxiang.worker))
    with pytest.raises(RuleBroken):
        retry_kind(kind="deadlines.chase", by=fresh(cast.xiasha.party_office))
    assert retry_kind(kind="deadlines.chase", by=fresh(cast.chengxiang.party_office)) == 1


def test_what_was_missed_is_seen_all_at_once_and_off_the_list(cast: Cast) -> None:
    from audit.models import AuditEntry
    from deadlines.models import Due

    here, there = cast.chengxiang, cast.xiasha
    for number in range(3):
        broken(here, "missed", number)
    broken(here, "failed", 7)
    broken(there, "missed", 8)
    path = "/admin/due/seen/?kind=deadlines.chase"
    assert "都知道了：到期提醒（3）" in page(here.party_office, "trouble")
    assert "都知道了：" not in page(here.worker, "trouble")
    assert "错过的3条" in page_of(here.party_office, path)
    assert Due.objects.missed().count() == 4
    for person, status in ((here.worker, 403), (here.leader, 403), (here.party_office, 302)):
        assert post(person, path).status_code == status
    assert list(Due.objects.missed().values_list("area_code", flat=True)) == [there.home.code]
    assert Due.objects.failed().count() == 1
    assert set(Due.objects.filter(state="cancelled").values_list("last_error", flat=True)) == {"seen"}
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.params) == ("due_cancelled", {"count": 3})
    assert "都知道了：" not in page(here.party_office, "trouble")
    assert post(here.party_office, path).status_code == 404


def test_what_was_missed_long_ago_is_neither_listed_nor_counted(cast: Cast) -> None:
    from deadlines.models import Due
    from deadlines.selectors import figures

    here = cast.chengxiang
    for number, days in enumerate((29, 31)):
        due = broken(here, "missed", number)
        Due.objects.filter(pk=due.pk).update(ended_at=timezone.now() - timedelta(days=days))
    old = broken(here, "failed", 5)
    Due.objects.filter(pk=old.pk).update(ended_at=timezone.now() - timedelta(days=99))
    assert (figures(here.party_office).missed, figures(here.party_office).stuck) == (1, 1)
    for listed in (page(here.party_office, "trouble"), page(here.party_office, "trouble", state="missed")):
        assert "KD-109-0" in listed and "KD-109-1" not in listed
    assert "KD-109-5" in page(here.party_office, "trouble"), "what failed waits for somebody"


def test_work_of_no_area_is_seen_and_retried_by_whoever_keeps_the_limits(cast: Cast) -> None:
    from deadlines.services.dues import retry_due
    from people.models import Area, RoleGrant
    from tests.cast import fresh

    here, due = cast.chengxiang, broken(cast.chengxiang, area_code="")
    assert due.label not in page(here.system_admin, "trouble")
    with pytest.raises(NotFound):
        retry_due(pk=due.pk, by=fresh(here.system_admin))
    RoleGrant.objects.filter(user=here.system_admin).update(area=Area.objects.get(pk="330109"))
    assert due.label in page(here.system_admin, "trouble")
    assert retry_due(pk=due.pk, by=fresh(here.system_admin)).state == "waiting"


def test_messages_that_did_not_go_out_are_for_administrators(cast: Cast) -> None:
    here = cast.chengxiang
    message(here, "failed", "E.1", 1)
    message(here, "missed", "not_open", 2)
    message(here, "waiting", "", 3)
    message(cast.xiasha, "failed", "E.1", 4)
    text = page(here.system_admin, "messages")
    assert "XX-109-1" in text and "XX-109-3" in text
    assert "XX-109-2" not in text, "a channel the street does not have is no fault"
    assert "XX-114-4" not in text and "13800000000" not in text
    assert "XX-109-1" not in page(here.party_office, "messages")


def test_a_waiting_message_is_sent_at_once_or_called_off(cast: Cast) -> None:
    here, row = cast.chengxiang, message(cast.chengxiang, "waiting")
    assert post(here.party_office, f"/admin/due/message/{row.pk}/cancel/").status_code == 403
    assert post(cast.xiasha.system_admin, f"/admin/due/message/{row.pk}/cancel/").status_code == 404
    assert post(here.system_admin, f"/admin/due/message/{row.pk}/retry/").status_code == 302
    assert post(here.system_admin, f"/admin/due/message/{row.pk}/cancel/").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.last_error, row.address) == ("missed", "cancelled", None)
