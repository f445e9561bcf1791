"""Documents: what is taken, what is not and why, and that none is ever shown or run."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from alliance.lib.errors import Invalid, NotFound
from files import papers
from files import services as files
from files.models import Attachment
from files.states import Kind
from tests.files.papers import PDF, office, packed, packed_with_a_flaw
from tests.prove.mutants import forged

DRAFT = "draft-of-a-document"
EXTERNAL = b'<Relationship Type="http://x/attachedTemplate" Target="http://far/away.dotm" TargetMode="External"/>'


def _hold(data: bytes, name: str, draft: str = DRAFT) -> Attachment:
    return files.hold_document(SimpleUploadedFile(name, data), hold_key=draft)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "name"), [(PDF, "章程.pdf"), (office(), "工作制度.docx"), (office("xlsx"), "任务清单.XLSX")]
)
def test_a_document_is_kept_as_it_was_sent_under_a_random_name(media: Path, data: bytes, name: str) -> None:
    row = _hold(data, name)
    assert (row.kind, row.name, files.content(row)) == (Kind.DOCUMENT, name, data)
    stored = Path(str(row.file.name))
    assert stored.stem == row.pk.hex
    assert stored.suffix == Path(name).suffix.lower()
    assert not row.thumbnail
    assert _hold(data, name).pk == row.pk, "the same document again is the same attachment"


@pytest.mark.django_db
def test_a_document_is_saved_by_the_browser_and_never_run(media: Path) -> None:
    response = files.serve(_hold(PDF, "章程.pdf"))
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


REFUSED = {
    "an old Word file": (b"\xd0\xcf\x11\xe0" + b"0" * 600, "章程.doc"),
    "a web page called PDF": (b"<html><script>alert(1)</script></html>", "章程.pdf"),
    "a web page": (b"<html></html>", "章程.html"),
    "a PDF called Word": (PDF, "章程.docx"),
    "Excel called Word": (office("xlsx"), "章程.docx"),
    "any zip called Excel": (packed(a=b"1"), "表.xlsx"),
    "half a PDF": (PDF[:-8], "章程.pdf"),
    "half a Word file": (office()[:-30], "章程.docx"),
    "a PDF with a script": (PDF.replace(b"/Type", b"/JavaScript (app.alert) /Type"), "章程.pdf"),
    "Word with macros": (office(parts={"word/vbaProject.bin": b"x"}), "章程.docx"),
    "Word that says it has macros": (
        office(kind="application/vnd.ms-word.document.macroEnabled.main+xml"),
        "章程.docx",
    ),
    "Word with a control": (office(parts={"word/activeX/activeX1.bin": b"x"}), "章程.docx"),
    "Word with a template from outside": (office(parts={"word/_rels/settings.xml.rels": EXTERNAL}), "章程.docx"),
    "a damaged part": (packed_with_a_flaw(), "章程.docx"),
    "nothing": (b"", "章程.pdf"),
    "no kind at all": (PDF, "章程"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", REFUSED)
def test_anything_else_is_refused_by_name_and_leaves_nothing(media: Path, what: str) -> None:
    data, name = REFUSED[what]
    with pytest.raises(Invalid) as refused:
        _hold(data, name)
    (sentence,) = refused.value.fields["documents"]
    assert name in str(sentence)
    assert not Attachment.objects.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_a_file_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(
    media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = office(parts={"word/media/x.xml": b"0" * 3_000_000})
    assert len(bomb) < 10_000
    _hold(bomb, "control.docx")  # small enough as it is: the bound below is what refuses it
    monkeypatch.setattr(papers, "MAX_UNPACKED", 2_000_000)
    with pytest.raises(Invalid):
        _hold(bomb, "章程.docx", "another draft")
    monkeypatch.setattr(papers, "MAX_UNPACKED", 100_000_000)
    monkeypatch.setattr(papers, "MAX_PARTS", 2)
    with pytest.raises(Invalid):
        _hold(bomb, "章程.docx", "another draft")


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["word/media/x.png", "word/_rels/x.rels", "word/document.xml"])
def test_a_part_that_lies_about_its_size_is_not_unpacked(media: Path, part: str) -> None:
    content = forged(office(), part, b"0" * 30_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(Invalid) as refused:
            _hold(content, "章程.docx")
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert "打不开" in str(refused.value.fields["documents"][0])


@pytest.mark.django_db
@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_refused(media: Path, method: int) -> None:
    stream = io.BytesIO(office())
    with zipfile.ZipFile(stream, "a", method) as packed:
        packed.writestr("word/media/x.png", b"0" * 1000)
    with pytest.raises(Invalid):
        _hold(stream.getvalue(), "章程.docx")


@pytest.mark.django_db
def test_a_draft_holds_five_documents_and_says_so_at_the_sixth(media: Path) -> None:
    for number in range(files.MAX_FILES):
        _hold(PDF.replace(b"1.7", f"1.{number}".encode()), f"{number}.pdf")
    with pytest.raises(Invalid) as refused:
        _hold(PDF + b"\n", "多.pdf")
    assert "多.pdf" in str(refused.value.fields["documents"][0])


@pytest.mark.django_db
def test_what_is_attached_can_be_removed_by_its_owner_alone(media: Path) -> None:
    row = _hold(PDF, "章程.pdf")
    files.attach_held(hold_key=DRAFT, owner_kind="version", owner_id="7", area_code="330109001")
    with pytest.raises(NotFound):
        files.drop_attached("version", "8", row.pk)
    files.drop_attached("version", "7", row.pk)
    assert files.attachments("version", "7") == []


@pytest.mark.django_db(transaction=True)
def test_a_document_without_a_row_is_swept_away_like_a_photo(media: Path) -> None:
    from datetime import timedelta

    from django.utils import timezone

    row = _hold(PDF, "章程.pdf")
    kept = _hold(office(), "留下.docx")
    Attachment.objects.filter(pk=row.pk).delete()
    assert files.purge_orphans(timezone.now() + timedelta(minutes=1)) == 1
    assert files.content(kept) == office()
