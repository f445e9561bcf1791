"""The link in an invitation, as a file for the calendar of whoever is asked."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from meetings.services.meetings import call_off_meeting
from notifications.services import make_card
from tests.cast import Cast
from tests.meetings.test_meetings import of_liaison
from tests.meetings.things import called

pytestmark = pytest.mark.django_db


def test_the_link_gives_the_meeting_to_a_calendar_until_it_is_off(cast: Cast) -> None:
    here = cast.chengxiang
    row = called(here)
    own = of_liaison(row, here.liaison)
    _card, token = make_card(kind="meetings.invitation", subject=own.subject, recipient=here.liaison)
    page, address = (reverse(f"notifications:{name}", args=[token]) for name in ("card", "card_file"))
    browser = Client()
    assert address in browser.get(page).content.decode()
    found = browser.get(address)
    assert found.headers["Content-Type"].startswith("text/calendar")
    assert "attachment" in found.headers["Content-Disposition"]
    text = found.content.decode().replace("\r\n ", "")
    assert f"SUMMARY:{row.title}" in text and f"LOCATION:{row.place}" in text and here.liaison.name not in text
    assert browser.get(reverse("notifications:card_file", args=["nobody"])).status_code == 404
    call_off_meeting(pk=row.pk, by=here.worker, version=None, why="台风")
    assert browser.get(address).status_code == 404
    assert address not in browser.get(page).content.decode()
