"""The signing page and the sealed pages: sent with the signing or later, kept, shown to staff and to the parties."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from files.models import Attachment
from members.models import Liaison
from tests.cast import Cast, browser_of
from tests.files.papers import PDF
from tests.files.pictures import photo
from tests.projects.things import again, approved, ask_of, sent, signed, today, two_units

pytestmark = pytest.mark.django_db
LIST = "/admin/projects/agreement/"


def a_photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("盖章页.jpg", photo(), content_type="image/jpeg")


def test_the_page_signs_with_its_scan_and_a_refused_form_keeps_it(cast: Cast) -> None:
    here = cast.chengxiang
    (one, first), (two, second) = two_units(here)
    row, clerk = approved(here, (one, first), (two, second)), browser_of(here.clerk)
    path, key = f"{LIST}{row.pk}/sign/", str(uuid4())
    page = clerk.get(path).content.decode()
    assert "每年五趟" in page and one.name in page and path in clerk.get(f"{LIST}{row.pk}/change/").content.decode()
    said = {"version": row.version, "signed_on": today().isoformat(), "place": "", "hold_key": key}
    refused = clerk.post(path, {**said, "scan": [a_photo(), SimpleUploadedFile("假.pdf", b"no pdf")]})
    assert refused.status_code == 422 and "盖章页.jpg" in refused.content.decode()
    noplace = clerk.post(path, said)
    assert "请写在哪里签的" in noplace.content.decode() and again(row).state == "to_sign"
    signing = {**said, "place": "党群服务中心", "scan": SimpleUploadedFile("全文.pdf", PDF)}
    assert clerk.post(path, signing)["Location"] == f"{LIST}{row.pk}/change/"
    names = sorted(Attachment.objects.filter(owner_kind="agreement").values_list("name", flat=True))
    assert again(row).signed_place == "党群服务中心" and names == ["全文.pdf", "盖章页.jpg"]
    shown = clerk.get(f"{LIST}{row.pk}/change/").content.decode()
    desk = browser_of(second).get(f"/desk/agreements/{row.pk}/").content.decode()
    for kept in Attachment.objects.filter(owner_kind="agreement"):
        staff = f"{LIST}{row.pk}/file/agreement/{row.pk}/{kept.pk}/"
        unit = f"/desk/agreements/{row.pk}/agreement/{row.pk}/{kept.pk}/"
        assert staff in shown and unit in desk
        assert clerk.get(staff).status_code == browser_of(second).get(unit).status_code == 200
        assert browser_of(cast.xiasha.clerk).get(staff).status_code == 404
        assert browser_of(cast.xiasha.liaison).get(unit).status_code == 404
    assert clerk.get(path)["Location"] == f"{LIST}{row.pk}/change/"
    late = {name: value for name, value in signing.items() if name != "scan"}
    assert clerk.post(path, {**late, "version": again(row).version}).status_code == 409


def test_more_pages_come_later_and_none_is_taken_away(cast: Cast) -> None:
    here = cast.chengxiang
    row, clerk = signed(here), browser_of(here.clerk)
    path, key = f"{LIST}{row.pk}/scans/", str(uuid4())
    empty = clerk.post(path, {"paper": f"agreement:{row.pk}", "hold_key": key})
    assert empty.status_code == 422 and not Attachment.objects.filter(owner_kind="agreement").exists()
    other = signed(cast.xiasha)
    foreign = clerk.post(path, {"paper": f"agreement:{other.pk}", "hold_key": key, "scan": a_photo()})
    assert foreign.status_code == 422
    sent = {"paper": f"agreement:{row.pk}", "hold_key": key, "scan": a_photo()}
    assert clerk.post(path, sent)["Location"] == path
    assert "盖章页.jpg" in clerk.get(path).content.decode()
    assert list(row.events.values_list("verb", flat=True))[-1] == "scan"
    assert browser_of(here.leader).post(path, sent).status_code == 403


def test_the_sheet_on_which_a_unit_confirms_is_kept_for_the_office_alone(cast: Cast) -> None:
    here = cast.chengxiang
    row, clerk = sent(here), browser_of(here.clerk)
    unit = row.parties.get().unit
    Liaison.objects.filter(unit=unit).update(ends_on=today())
    path, key, ask = f"{LIST}{row.pk}/", str(uuid4()), ask_of(row, unit)
    said = {"version": row.version, "ask": ask.pk, "words": "", "hold_key": key}

    def press(**more: object) -> int:
        sent = {f"on_paper-{name}": value for name, value in {**said, **more}.items()}
        return clerk.post(f"{path}on-paper/", sent).status_code

    assert 'enctype="multipart/form-data"' in clerk.get(f"{path}change/").content.decode()
    assert press(words="盖章的确认函", scan=SimpleUploadedFile("假.pdf", b"no pdf")) == 422
    assert press(scan=a_photo()) == 422 and again(ask).answer == "", "no words; the picture is kept"
    assert press(words="盖章的确认函，党建办存") == 302 and again(ask).via == "paper"
    kept = Attachment.objects.get(owner_kind="ask", owner_id=str(ask.pk))
    file = f"{path}file/ask/{ask.pk}/{kept.pk}/"
    assert file in clerk.get(f"{path}change/").content.decode() and clerk.get(file).status_code == 200
    other = signed(cast.xiasha)
    assert browser_of(cast.xiasha.clerk).get(file).status_code == 404
    assert browser_of(cast.xiasha.clerk).get(f"{LIST}{other.pk}/file/ask/{ask.pk}/{kept.pk}/").status_code == 404
    assert browser_of(here.liaison).get(f"/desk/agreements/{row.pk}/ask/{ask.pk}/{kept.pk}/").status_code == 404
