"""A photo's way from the form to the need, and what happens to those that never arrive."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from alliance.lib.errors import Invalid, NotFound
from files import services as files
from files.models import Attachment
from files.states import Kind
from files.tasks import purge_held as purge_task
from tests.files.pictures import SVG, photo, upload

DRAFT, OTHER = "draft-of-the-resident", "draft-of-somebody-else"


def _hold(n: int = 0, draft: str = DRAFT) -> Attachment:
    return files.hold_photo(upload(photo(colour=(10 * n, 80, 80)), f"楼道{n}.png"), hold_key=draft)


def _attach(draft: str = DRAFT, owner: str = "7", **options: Any) -> list[Attachment]:
    return files.attach_held(hold_key=draft, owner_kind="need", owner_id=owner, area_code="330109001048", **options)


def _on_disk(media: Path) -> int:
    return sum(1 for path in media.rglob("*") if path.is_file())


def _aged(attachment: Attachment, hours: float) -> None:
    Attachment.objects.filter(pk=attachment.pk).update(created_at=timezone.now() - timedelta(hours=hours))


@pytest.mark.django_db
def test_a_held_photo_belongs_to_its_draft_alone(media: Path) -> None:
    one = _hold()
    assert [row.pk for row in files.held(DRAFT)] == [one.pk]
    assert files.held_one(DRAFT, one.pk) == one
    assert files.held(OTHER) == []
    with pytest.raises(NotFound):
        files.held_one(OTHER, one.pk)
    files.drop_held(OTHER, one.pk)
    assert files.held(DRAFT) == [one]
    assert DRAFT not in one.hold_key, "the draft's secret itself is not stored"
    assert (one.name, one.content_type, one.is_held) == ("楼道0.jpg", "image/jpeg", True)
    assert _on_disk(media) == 2


@pytest.mark.django_db
def test_no_draft_holds_nothing() -> None:
    attached = _attach_one()
    assert files.held("") == []
    with pytest.raises(NotFound):
        files.held_one("", attached.pk)


def _attach_one() -> Attachment:
    _hold()
    (attached,) = _attach()
    return attached


@pytest.mark.django_db
def test_attaching_moves_every_photo_of_the_draft_to_the_owner_in_order() -> None:
    held = [_hold(n).pk for n in range(3)]
    _hold(9, OTHER)
    assert [row.pk for row in _attach()] == held
    assert files.held(DRAFT) == []
    assert [row.pk for row in files.attachments("need", "7")] == held
    assert files.attachments("need", "8") == []
    assert len(files.held(OTHER)) == 1
    assert {row.area_code for row in files.attachments("need", "7")} == {"330109001048"}
    assert _attach() == []


@pytest.mark.django_db
def test_only_the_chosen_photos_are_attached() -> None:
    one, two = _hold(1), _hold(2)
    assert _attach(pks=[str(two.pk)]) == [two]
    assert files.held(DRAFT) == [one]


@pytest.mark.django_db
def test_a_chosen_photo_that_is_gone_is_said_and_nothing_is_attached() -> None:
    one = _hold()
    with pytest.raises(Invalid) as refused:
        _attach(pks=[one.pk, uuid4()])
    assert "重新选" in str(refused.value.fields["photos"])
    assert files.held(DRAFT) == [one]


@pytest.mark.django_db
def test_another_owners_photo_is_not_found() -> None:
    attached = _attach_one()
    assert files.attachment("need", "7", attached.pk) == attached
    for kind, owner, pk in (("need", "8", attached.pk), ("wish", "7", attached.pk), ("need", "7", "not-a-key")):
        with pytest.raises(NotFound):
            files.attachment(kind, owner, pk)


@pytest.mark.django_db
def test_the_same_photo_again_is_the_same_attachment(media: Path) -> None:
    assert _hold(1) == _hold(1)
    assert _hold(1, OTHER) != _hold(1)
    assert _on_disk(media) == 4


@pytest.mark.django_db
def test_the_seventh_photo_is_refused_by_name_and_fits_once_another_is_dropped() -> None:
    held = [_hold(n) for n in range(6)]
    with pytest.raises(Invalid) as refused:
        _hold(6)
    assert "楼道6.png" in str(refused.value.fields["photos"])
    files.drop_held(DRAFT, str(held[0].pk))
    assert _hold(6).is_held


@pytest.mark.django_db(transaction=True)
def test_ten_photos_at_once_leave_six(media: Path) -> None:
    start = threading.Barrier(10)

    def send(n: int) -> bool:
        start.wait(10)
        try:
            _hold(n)
        except Invalid:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(send, range(10))) == 6
    assert len(files.held(DRAFT)) == 6
    assert _on_disk(media) == 12


@pytest.mark.django_db
def test_a_refused_file_leaves_nothing_behind(media: Path) -> None:
    with pytest.raises(Invalid):
        files.hold_photo(upload(SVG, "图.jpg"), hold_key=DRAFT)
    assert (files.held(DRAFT), _on_disk(media)) == ([], 0)


@pytest.mark.django_db
def test_dropping_removes_the_files_after_the_commit(media: Path, django_capture_on_commit_callbacks: Any) -> None:
    one = _hold()
    with django_capture_on_commit_callbacks(execute=True):
        files.drop_held(DRAFT, one.pk)
        assert _on_disk(media) == 2
    assert (files.held(DRAFT), _on_disk(media)) == ([], 0)
    files.drop_held(DRAFT, one.pk)
    files.drop_held(DRAFT, "not-a-key")


@pytest.mark.django_db
def test_if_the_row_cannot_be_written_the_files_are_removed_at_once(media: Path, as_owner: Any) -> None:
    as_owner.execute("REVOKE INSERT ON files_attachment FROM tongxin_app; SET ROLE tongxin_app")
    with pytest.raises(DatabaseError):
        _hold()
    assert _on_disk(media) == 0


@pytest.mark.django_db
def test_files_of_a_transaction_that_rolled_back_are_swept_once_they_are_old(media: Path) -> None:
    kept = _hold(1)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _hold(2)
        raise ZeroDivisionError
    (media / "readme.txt").write_text("not ours")
    assert _on_disk(media) == 5
    assert files.purge_orphans(timezone.now() - timedelta(hours=24)) == 0, "it might still be committed"
    assert files.purge_orphans(timezone.now() + timedelta(seconds=5)) == 2
    assert Path(kept.file.path).exists()
    assert Path(kept.thumbnail.path).exists()
    assert (media / "readme.txt").exists()


@pytest.mark.django_db
def test_a_file_that_another_sweep_has_just_removed_stops_nobody(media: Path) -> None:
    """Listed, and gone when it is looked at: a link that leads nowhere behaves so every time."""
    folder = media / f"{timezone.localdate():%Y/%m}"
    folder.mkdir(parents=True)
    (folder / f"{uuid4()}.jpg").symlink_to(media / "gone")
    (folder / f"{uuid4()}.jpg").write_bytes(b"")
    assert files.purge_orphans(timezone.now() + timedelta(seconds=5)) == 1


@pytest.mark.django_db
def test_what_nobody_sent_is_deleted_after_a_day_and_what_is_attached_stays(
    media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    attached = _attach_one()
    old, young = _hold(1), _hold(2)
    _aged(attached, 1000)
    _aged(old, 24.1)
    _aged(young, 23.9)
    with django_capture_on_commit_callbacks(execute=True):
        assert files.purge_held() == 1
    assert set(Attachment.objects.values_list("pk", flat=True)) == {attached.pk, young.pk}
    assert _on_disk(media) == 4
    purge_task()
    assert Attachment.objects.count() == 2


@pytest.mark.django_db
def test_a_photo_is_shown_and_neither_cached_nor_run() -> None:
    one = _attach_one()
    response = files.serve(one)
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("inline")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert "sandbox" in response["Content-Security-Policy"]
    assert b"".join(response.streaming_content).startswith(b"\xff\xd8\xff")
    small = b"".join(files.serve(one, thumbnail=True).streaming_content)
    assert small.startswith(b"\xff\xd8\xff")


@pytest.mark.django_db
def test_a_name_cannot_break_out_of_its_header() -> None:
    one = files.hold_photo(upload(photo(), 'a"; filename="evil.html;.jpg'), hold_key=DRAFT)
    header = files.serve(one)["Content-Disposition"]
    assert header.count('filename="') - header.count('\\"') <= 1 or "filename*=" in header
    assert "\n" not in header


@pytest.mark.django_db
def test_a_document_is_saved_not_shown() -> None:
    one = _attach_one()
    one.kind = Kind.DOCUMENT
    assert files.serve(one)["Content-Disposition"].startswith("attachment")


@pytest.mark.django_db
def test_a_file_that_is_gone_is_not_found() -> None:
    one = _attach_one()
    Path(one.file.path).unlink()
    with pytest.raises(NotFound):
        files.serve(one)


@pytest.mark.django_db
@pytest.mark.parametrize("owner", ["7", ""])
def test_the_database_admits_held_or_attached_never_both_or_neither(owner: str) -> None:
    one = _hold()
    key = one.hold_key if owner else ""
    with pytest.raises(IntegrityError, match="attachment_held_or_attached"), transaction.atomic():
        Attachment.objects.filter(pk=one.pk).update(hold_key=key, owner_kind="need" if owner else "", owner_id=owner)
