"""The copy of one's data holds the photos of one's own needs, and nobody else's."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from files.services import attachments, hold_photo
from members.models import Alliance
from members.services import create_unit, seat_liaison
from members.services.documents import create_document, publish_version
from members.services.receipts import mark_seen
from tests.cast import Cast, browser_of, resident, say_need
from tests.files.pictures import photo, upload

pytestmark = pytest.mark.django_db
MINE, HERS = "13805710001", "13805710002"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    options = {"location": str(tmp_path / "media"), "base_url": None}
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": backend}


def taken_along() -> tuple[zipfile.ZipFile, dict[str, Any]]:
    response: Any = browser_of(resident(MINE)).post("/my/download/")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    return archive, json.loads(archive.read("我的信息.json"))


def with_photos(cast: Cast, phone: str, *colours: str) -> Any:
    key = f"draft-{phone}"
    for colour in colours:
        hold_photo(upload(photo(colour=colour)), hold_key=key)
    return say_need(cast.chengxiang.home, phone=phone, hold_key=key)


def test_the_photos_of_one_s_needs_are_in_it_under_the_names_the_page_says(cast: Cast) -> None:
    need = with_photos(cast, MINE, "red", "blue")
    archive, data = taken_along()
    names = [f"照片/{need.number}-1.jpg", f"照片/{need.number}-2.jpg"]
    assert data["needs"][0]["photos"] == names
    page = archive.read("我的信息.html").decode()
    for name, kept in zip(names, attachments("need", str(need.pk)), strict=True):
        assert name in page
        with default_storage.open(str(kept.file.name)) as file:
            assert archive.read(name) == file.read()
        assert Image.open(io.BytesIO(archive.read(name))).size == (64, 48)


def test_a_neighbour_s_photos_are_not(cast: Cast) -> None:
    with_photos(cast, HERS, "green")
    own = with_photos(cast, MINE)
    archive, data = taken_along()
    assert [row["number"] for row in data["needs"]] == [own.number] and data["needs"][0]["photos"] == []
    assert not [name for name in archive.namelist() if name.startswith("照片/")]


def test_a_file_that_is_gone_does_not_keep_one_from_the_rest(cast: Cast) -> None:
    need = with_photos(cast, MINE, "red", "blue")
    default_storage.delete(str(attachments("need", str(need.pk))[0].file.name))
    archive, _data = taken_along()
    assert [name for name in archive.namelist() if name.startswith("照片/")] == [f"照片/{need.number}-2.jpg"]


def test_documents_one_has_read_for_a_unit_are_in_it(cast: Cast) -> None:
    """One's own reading, not what a colleague of the unit read."""
    here = cast.chengxiang
    alliance = Alliance.objects.create(area=here.street, name="平常心党建联盟")
    unit = create_unit(name="第一小学", kind="school", area=here.street, alliance=alliance, by=None)
    seat_liaison(unit=unit, user=resident(MINE), by=None)
    seat_liaison(unit=unit, user=resident(HERS), by=None, is_second=True)
    for title, reader in (("联盟章程", MINE), ("工作制度", HERS)):
        draft = create_document(alliance=alliance, by=None, kind="rules", title=title, text="第一条")
        publish_version(pk=draft.pk, by=None)
        mark_seen(version_pk=draft.pk, unit_id=unit.pk, by=resident(reader))
    archive, data = taken_along()
    (row,) = data["documents"]
    assert (row["title"], row["version"], row["unit"]) == ("联盟章程", "1", "第一小学") and row["seen_at"]
    page = archive.read("我的信息.html").decode()
    assert "我看过的文件" in page.split("做过联络员的单位")[1]
