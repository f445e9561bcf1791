"""A superior answers a late reply from a text message: once, in their own name, while they may."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from alliance.lib.errors import NotFound, RuleBroken
from tests.cast import fresh, say_need

if TYPE_CHECKING:
    from needs.models import Need
    from tests.cast import Cast


@pytest.fixture
def open_sms(settings: Any) -> None:
    """Text messages go out (to the terminal)."""
    settings.DEMO, settings.SMS_CHANNEL = True, "console"


@pytest.fixture
def late(cast: Cast, open_sms: None) -> Need:
    """A need whose promised day has passed; the secretary, who has a phone, has just been told."""
    from deadlines.models import Due, Stage
    from deadlines.services.sweep import sweep_all
    from needs.services.handling import accept_need

    secretary = cast.chengxiang.secretary
    secretary.phone = "13800005678"
    secretary.save()
    need = accept_need(pk=say_need(cast.chengxiang.home).pk, by=fresh(cast.chengxiang.worker))
    just_now = timezone.now() - timedelta(minutes=1)
    Stage.objects.running().update(due_at=just_now)
    Due.objects.undone().filter(key__endswith=":0:1").update(due_at=just_now)
    sweep_all()
    return need


def token() -> str:
    from notifications.models import Message

    text = Message.objects.get(rule="needs.ReplyLate", channel="sms").text or ""
    found = re.search(r"https://tongxin\.example/c/([\w-]+)/", text)
    assert found, text
    return found[1]


def test_the_answer_stands_in_the_history_in_the_superiors_name(cast: Cast, late: Need) -> None:
    from notifications.services import answer_card

    _shown, counted = answer_card(token=token(), value="mine", note="下午开会问")
    event = late.events.latest("pk")
    assert counted
    assert (event.verb, event.audience, event.actor) == ("note", "staff", cast.chengxiang.secretary)
    assert event.words == "凭短信链接答复：我来过问。下午开会问"


def test_the_page_tells_nothing_of_the_resident(cast: Cast, late: Need, client: Any) -> None:
    page = client.get(f"/c/{token()}/").content.decode()
    assert late.number in page and "我来过问" in page
    for private in (late.words, late.contact_name, late.contact_phone, late.place):
        assert private not in page


def test_the_notice_in_the_inbox_has_no_link(late: Need) -> None:
    from notifications.models import Message

    notice = Message.objects.get(rule="needs.ReplyLate", channel="inapp")
    assert "/c/" not in notice.title + notice.body and not notice.secrets


def test_once_answered_the_resident_the_card_is_closed(cast: Cast, late: Need) -> None:
    from needs.services.handling import reply_to_resident
    from notifications.services import answer_card, show_card

    link = token()
    reply_to_resident(pk=late.pk, by=fresh(cast.chengxiang.worker), words="今天去修。")
    assert "不用再过问" in str(show_card(token=link, ip="203.0.113.9").page.closed_reason)
    with pytest.raises(RuleBroken):
        answer_card(token=link, value="mine")
    assert late.events.latest("pk").verb == "reply"


def test_whoever_has_left_the_post_answers_nothing(cast: Cast, late: Need) -> None:
    from notifications.models import CardLink
    from notifications.services import answer_card
    from people.models import RoleGrant

    RoleGrant.objects.filter(user=cast.chengxiang.secretary).update(ends_on=timezone.localdate())
    with pytest.raises(NotFound):
        answer_card(token=token(), value="mine")
    assert CardLink.objects.get().answered_at is None
