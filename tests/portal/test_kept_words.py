"""What the public pages say about what was typed: the truth, and only when there is something."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from tests.cast import Cast, say_need
from tests.files.pictures import photo, upload

pytestmark = pytest.mark.django_db

SAY, WHERE = reverse("needs:say"), reverse("needs:say_where")
KEPT, WORDS = "您写的都还在", "井盖松了，车一过就响。"


def _page(response: Any) -> str:
    return response.content.decode()


def test_an_empty_form_does_not_claim_that_words_were_kept(cast: Cast) -> None:
    assert KEPT not in _page(Client().post(SAY, {"words": ""}))


def test_a_refused_form_says_that_words_and_photos_are_kept(cast: Cast) -> None:
    visitor = Client()
    page = _page(visitor.post(SAY, {"words": "", "photos": upload(photo())}))
    assert KEPT in page and "还可以放5张" in page
    visitor.post(SAY, {"words": WORDS})
    assert KEPT in _page(visitor.post(WHERE, {"community": "", "place": "湘湖路小区"}))


@pytest.mark.parametrize(("held", "said"), [(0, ""), (1, "还可以放5张"), (5, "还可以放1张"), (6, "照片放满了")])
def test_the_photo_picker_counts_without_a_script(held: int, said: str) -> None:
    from needs.forms import SayForm

    photos = [{"pk": number, "name": f"{number}.jpg", "url": "/"} for number in range(held)]
    context = {"field": SayForm()["photos"], "held": photos, "max_files": 6, "max_mb": 10}
    page = render_to_string("components/photo_picker.html", context)
    assert said in page if said else "data-photos-status hidden" in page


def test_a_form_that_came_too_late_is_shown_again_and_leads_back(cast: Cast) -> None:
    visitor = Client(enforce_csrf_checks=True)
    answer = visitor.post(SAY, {"words": f"{WORDS}<b>"})
    page = _page(answer)
    assert answer.status_code == 403
    assert f"{WORDS}&lt;b&gt;" in page and f'href="{SAY}">再试一次' in page


@pytest.mark.parametrize("name", ["supplement", "withdraw"])
def test_the_way_back_never_leads_to_a_page_that_only_takes_forms(cast: Cast, name: str) -> None:
    need = say_need(cast.chengxiang.home)
    visitor = Client(enforce_csrf_checks=True)
    page = _page(visitor.post(reverse(f"needs:{name}", args=[need.link_token]), {"words": WORDS}))
    assert f'href="{reverse("needs:progress", args=[need.link_token])}">再试一次' in page


def test_only_english_readers_are_told_that_the_notice_is_in_chinese(cast: Cast) -> None:
    told, privacy = "The notice is in Chinese", reverse("portal:privacy")
    assert told in _page(Client(headers={"accept-language": "en"}).get(privacy))
    assert told not in _page(Client(headers={"accept-language": "zh-hans"}).get(privacy))


def test_a_withdrawn_need_offers_to_say_another(cast: Cast) -> None:
    from needs.services.following import withdraw

    need = say_need(cast.chengxiang.home)
    progress = reverse("needs:progress", args=[need.link_token])
    assert "再说一件" not in _page(Client().get(progress))
    withdraw(token=need.link_token, reason="")
    assert "再说一件" in _page(Client().get(progress))
