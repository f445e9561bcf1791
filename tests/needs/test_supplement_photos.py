"""A resident who is asked for more sends a photo with the words, like the first time."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from files.services import attachments
from needs.models import Need
from needs.services import following
from needs.services.waiting import ask_resident
from tests.cast import Cast, browser_of, fresh
from tests.files.pictures import SVG, photo, upload
from tests.needs.ways import in_hand, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(cast: Cast) -> Need:
    need = in_hand(cast)
    ask_resident(pk=need.pk, by=fresh(cast.chengxiang.worker), words="请拍一张门口的照片")
    return now(need)


def _send(need: Need, *files: Any, **said: Any) -> Any:
    sent = {"words": "就是这里", "client_key": str(uuid4()), **said, "photos": list(files)}
    return Client().post(reverse("needs:supplement", args=[need.link_token]), sent)


def _photos(need: Need) -> int:
    return len(attachments("need", str(need.pk)))


def test_the_page_takes_photos_and_they_are_the_needs(cast: Cast, asked: Need) -> None:
    page = Client().get(reverse("needs:progress", args=[asked.link_token])).content.decode()
    assert 'type="file" name="photos"' in page and 'enctype="multipart/form-data"' in page
    assert _send(asked, upload(photo()), upload(photo(colour="navy"), "门.jpg")).status_code == 302
    assert _photos(asked) == 2 and now(asked).waiting_since is None, "the clock runs on"
    shown = browser_of(cast.chengxiang.worker).get(reverse("admin:needs_need_change", args=[asked.pk]))
    assert len(shown.context["need"]["photos"]) == 2


def test_a_bad_photo_is_named_and_the_good_one_and_the_words_are_kept(asked: Need) -> None:
    key = str(uuid4())
    refused = _send(asked, upload(photo()), upload(SVG, "门.svg"), client_key=key)
    page = refused.content.decode()
    assert refused.status_code == 422 and "门.svg" in page and "就是这里" in page and "1张照片收好了" in page
    assert _photos(asked) == 0 and now(asked).waiting_since is not None
    assert _send(asked, client_key=key).status_code == 302
    assert _photos(asked) == 1
    assert _send(asked, client_key=key).status_code == 302
    assert _photos(asked) == 1 and asked.events.filter(verb="supplement").count() == 1, "a second tap adds nothing"


def test_photos_of_one_link_are_not_taken_with_another(cast: Cast, asked: Need) -> None:
    key, other = str(uuid4()), now(in_hand(cast))
    _send(asked, upload(photo()), upload(SVG, "门.svg"), client_key=key)
    assert _send(other, client_key=key).status_code == 302
    assert _photos(other) == 0


def test_a_need_has_so_many_photos_and_no_more(asked: Need, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST_PHOTOS", 1)
    assert _send(asked, upload(photo())).status_code == 302
    full = _send(asked, upload(photo(colour="gold")))
    assert full.status_code == 422 and "已经够多了" in full.content.decode() and _photos(asked) == 1


def test_without_a_link_nothing_is_kept(asked: Need) -> None:
    sent = {"words": "x", "client_key": str(uuid4()), "photos": [upload(photo())]}
    assert Client().post(reverse("needs:supplement", args=["nobody"]), sent).status_code == 404
