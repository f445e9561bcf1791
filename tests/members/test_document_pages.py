"""Documents on their pages: written and published in the workbench, read and marked as seen at the desk."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from members.models import Document, DocumentVersion, Liaison, Receipt
from members.services import leave_alliance
from members.services.documents import create_document, files_of, publish_version, save_draft
from people.models import User
from tests.cast import browser_of
from tests.files.papers import PDF, office
from tests.members.conftest import Twins, person

TEXT = "第一条 自愿加入。\n第二条 每季度碰一次头。"


@pytest.fixture
def clerk(twins: Twins) -> Client:
    return browser_of(twins.here.clerk)


def _typed(twins: Twins, **more: Any) -> dict[str, Any]:
    said = {"alliance": twins.here.alliance.pk, "kind": "charter", "title": "联盟章程", "text": TEXT}
    return {**said, "hold_key": str(uuid4()), **more}


def _published(twins: Twins, **more: Any) -> DocumentVersion:
    typed = {"kind": "charter", "title": "联盟章程", "text": TEXT, **more}
    draft = create_document(alliance=twins.here.alliance, by=twins.here.clerk, **typed)
    return publish_version(pk=draft.pk, by=twins.here.clerk)


def _reader(twins: Twins, name: str = "reader") -> tuple[Client, User]:
    user = person(name, None, None)
    Liaison.objects.create(unit=twins.here.unit, user=user)
    return browser_of(user), user


def _page(document: Any, step: str = "change") -> str:
    return f"/admin/members/document/{document}/{step}/"


@pytest.mark.django_db
def test_a_document_is_drafted_with_a_file_and_published(twins: Twins, clerk: Client) -> None:
    papers = [SimpleUploadedFile("章程.pdf", PDF), SimpleUploadedFile("附表.xlsx", office("xlsx"))]
    response = clerk.post("/admin/members/document/add/", _typed(twins, documents=papers))
    document = Document.objects.get()
    assert response["Location"] == _page(document.pk)
    draft = document.versions.get()
    assert [row.name for row in files_of(draft)] == ["章程.pdf", "附表.xlsx"]
    assert not Receipt.objects.exists(), "a draft goes to nobody"
    clerk.post(_page(document.pk, "publish"), {"draft": draft.pk, "version": draft.version})
    assert Receipt.objects.filter(version=draft).count() == 2
    text = clerk.get(_page(document.pk)).content.decode()
    assert "第二条 每季度碰一次头。" in text
    assert "甲街道小学" in text


@pytest.mark.django_db
def test_a_refused_form_keeps_what_was_typed_and_the_good_files(twins: Twins, clerk: Client) -> None:
    papers = [SimpleUploadedFile("章程.pdf", PDF), SimpleUploadedFile("坏的.docx", b"<html></html>")]
    typed = _typed(twins, documents=papers)
    response = clerk.post("/admin/members/document/add/", typed)
    text = response.content.decode()
    assert response.status_code == 422
    assert "坏的.docx" in text
    assert "第二条 每季度碰一次头。" in text
    assert not Document.objects.exists()
    del typed["documents"]
    clerk.post("/admin/members/document/add/", typed)
    assert [row.name for row in files_of(DocumentVersion.objects.get())] == ["章程.pdf"]


@pytest.mark.django_db
def test_a_draft_that_somebody_else_wrote_meanwhile_is_a_conflict_and_the_words_stay(
    twins: Twins, clerk: Client
) -> None:
    draft = create_document(alliance=twins.here.alliance, by=twins.here.clerk, kind="plan", title="计划", text="一")
    save_draft(document_pk=draft.document_id, by=twins.here.clerk, text="别人写的", version=1)
    response = clerk.post(
        _page(draft.document_id, "draft"), {"text": "我写的很长一段", "version": 1, "hold_key": str(uuid4())}
    )
    assert response.status_code == 409
    assert "我写的很长一段" in response.content.decode()
    assert DocumentVersion.objects.get().text == "别人写的"
    published = clerk.post(_page(draft.document_id, "publish"), {"draft": draft.pk, "version": 1})
    assert published.status_code == 409
    assert DocumentVersion.objects.get().published_at is None


@pytest.mark.django_db
def test_a_version_of_another_document_is_not_published_through_this_one(twins: Twins, clerk: Client) -> None:
    mine = create_document(alliance=twins.here.alliance, by=twins.here.clerk, kind="plan", title="甲", text="一")
    other = create_document(alliance=twins.there.alliance, by=twins.there.clerk, kind="plan", title="乙", text="一")
    for draft in (other.pk, 0, "x", ""):
        response = clerk.post(_page(mine.document_id, "publish"), {"draft": draft, "version": 1})
        assert response.status_code == 404
    assert not DocumentVersion.objects.published().exists()


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["change", "draft", "publish", "details", "remind"])
def test_another_street_finds_no_such_document(twins: Twins, step: str) -> None:
    version, there = _published(twins), browser_of(twins.there.clerk)
    for answer in (there.get(_page(version.document_id, step)), there.post(_page(version.document_id, step), {})):
        assert answer.status_code == 404
    assert "联盟章程" not in there.get("/admin/members/document/").content.decode()


@pytest.mark.django_db
def test_a_worker_reads_it_and_finds_no_button(twins: Twins) -> None:
    version, worker = _published(twins), browser_of(twins.here.worker)
    text = worker.get(_page(version.document_id)).content.decode()
    assert "第二条 每季度碰一次头。" in text
    for step in ("draft", "publish", "details", "remind"):
        assert _page(version.document_id, step) not in text
    assert worker.get("/admin/members/document/add/").status_code == 403
    assert "/admin/members/document/add/" not in worker.get("/admin/members/document/").content.decode()


@pytest.mark.django_db
def test_opening_it_at_the_desk_marks_nothing_and_a_tap_does(twins: Twins) -> None:
    version = _published(twins)
    browser, user = _reader(twins)
    receipt = Receipt.objects.get(version=version, unit=twins.here.unit)
    assert "还没看的文件" in browser.get("/desk/").content.decode()
    for _time in range(2):
        assert browser.get(f"/desk/documents/{version.pk}/").status_code == 200
        browser.head(f"/desk/documents/{version.pk}/")
        browser.get(f"/desk/documents/{version.pk}/seen/")
    receipt.refresh_from_db()
    assert receipt.seen_at is None
    browser.post(f"/desk/documents/{version.pk}/seen/")
    receipt.refresh_from_db()
    assert receipt.seen_by == user
    first = receipt.seen_at
    browser.post(f"/desk/documents/{version.pk}/seen/")
    receipt.refresh_from_db()
    assert receipt.seen_at == first
    assert "还没看的文件" not in browser.get("/desk/").content.decode()


@pytest.mark.django_db
def test_the_desk_shows_what_changed_line_by_line(twins: Twins) -> None:
    version = _published(twins)
    new = TEXT.replace("每季度", "每两个月")
    draft = save_draft(document_pk=version.document_id, by=twins.here.clerk, text=new, change="碰头勤一点")
    second = publish_version(pk=draft.pk, by=twins.here.clerk)
    browser, _user = _reader(twins)
    page = browser.get(f"/desk/documents/{second.pk}/")
    kinds = [(line.kind, line.text) for line in page.context["lines"]]
    assert ("gone", "第二条 每季度碰一次头。") in kinds
    assert ("new", "第二条 每两个月碰一次头。") in kinds
    assert "碰头勤一点" in page.content.decode()
    assert "这是以前的版本" in browser.get(f"/desk/documents/{version.pk}/").content.decode()


@pytest.mark.django_db
def test_drafts_and_other_alliances_documents_are_not_at_the_desk(twins: Twins) -> None:
    version = _published(twins)
    draft = save_draft(document_pk=version.document_id, by=twins.here.clerk, text="草稿", change="改")
    typed = {"kind": "plan", "title": "乙的计划", "text": "一"}
    theirs = create_document(alliance=twins.there.alliance, by=twins.there.clerk, **typed)
    publish_version(pk=theirs.pk, by=twins.there.clerk)
    browser, _user = _reader(twins)
    for pk in (draft.pk, theirs.pk):
        assert browser.get(f"/desk/documents/{pk}/").status_code == 404
        assert browser.post(f"/desk/documents/{pk}/seen/").status_code == 404
    assert "乙的计划" not in browser.get("/desk/documents/").content.decode()
    leave_alliance(pk=twins.here.unit.memberships.get().pk, by=twins.here.clerk)
    assert browser.get(f"/desk/documents/{version.pk}/").status_code == 404


@pytest.mark.django_db
def test_a_file_is_saved_by_readers_of_its_version_alone(twins: Twins, clerk: Client) -> None:
    clerk.post("/admin/members/document/add/", _typed(twins, documents=SimpleUploadedFile("章程.pdf", PDF)))
    draft = DocumentVersion.objects.get()
    (held,) = files_of(draft)
    browser, _user = _reader(twins)
    own, staff = f"/desk/documents/{draft.pk}/file/{held.pk}/", f"/admin/members/document/{draft.document_id}/file/"
    assert browser.get(own).status_code == 404, "a draft's file is nobody's yet"
    publish_version(pk=draft.pk, by=twins.here.clerk)
    response = browser.get(own)
    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    assert response["Content-Disposition"].startswith("attachment")
    assert clerk.get(f"{staff}{draft.pk}/{held.pk}/").status_code == 200
    assert clerk.get(f"{staff}{draft.pk + 1}/{held.pk}/").status_code == 404
    assert browser_of(twins.there.clerk).get(f"{staff}{draft.pk}/{held.pk}/").status_code == 404
    public = f"/alliance/{twins.here.alliance.pk}/documents/{draft.document_id}/file/{held.pk}/"
    assert Client().get(public).status_code == 404
    Document.objects.update(is_public=True)
    assert Client().get(public).status_code == 200
