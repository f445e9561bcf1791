"""What a journey finds when it begins, and what it cannot wait for."""

from __future__ import annotations

import io
import re
import time
from importlib import import_module
from typing import Any

import segno
from axes.models import AccessAttempt
from django.conf import settings
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page

from needs.models import Need
from needs.models.need import NO_UNIT
from needs.states import State
from notifications.models import Message
from notifications.states import Channel as MessageChannel
from notifications.states import State as MessageState
from people.middleware import SEEN
from people.models import RateBucket, User


def clear_the_table() -> None:
    """Everything of the journeys before is over."""
    over = {
        "state": State.WITHDRAWN,
        "ended_at": timezone.now(),
        **NO_UNIT,
        "waiting_since": None,
        "declined": "",
    }
    Need.objects.exclude(state=State.WITHDRAWN).update(**over)
    unread = Message.objects.filter(channel=MessageChannel.INAPP, read_at=None)
    unread.update(state=MessageState.READ, read_at=timezone.now())
    RateBucket.objects.all().delete()
    AccessAttempt.objects.all().delete()


def leave_idle(page: Page, seconds: int) -> None:
    """As if the person behind ``page`` had not touched it for so long."""
    engine = import_module(settings.SESSION_ENGINE)
    key = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "sessionid")
    session = engine.SessionStore(session_key=key)
    session[SEEN] = time.time() - seconds
    session.save()


def shown_qr(page: Page, link: str) -> bool:
    """Whether the QR code on the page, as drawn on the screen, says ``link``: module for module."""
    picture = page.locator("img.qr")
    picture.scroll_into_view_if_needed()
    drawn = Image.open(io.BytesIO(picture.screenshot())).convert("L").point(lambda light: 255 * (light < 128))
    code = drawn.crop(drawn.getbbox())  # from its three corner marks on; what is around it is white
    wanted = [[bool(dark) for dark in row] for row in segno.make(link, error="m").matrix_iter(border=0)]
    edge = code.width / len(wanted)
    middle = [int((place + 0.5) * edge) for place in range(len(wanted))]
    return [[bool(code.getpixel((x, y))) for x in middle] for y in middle] == wanted


def need_numbered(number: str) -> Need:
    found: Need = Need.objects.get(number=number)
    return found


def number_on(page: Page) -> str:
    """The number of a need as the page shows it."""
    found = re.search(r"XQ-[A-Z]{2,4}-\d{8}-\d{4,}", page.locator("main").inner_text())
    assert found, page.locator("main").inner_text()
    return found[0]


def fresh_worker(username: str, **changes: Any) -> User:
    """A person with an account who has no role yet."""
    return User.objects.create(username=username, name=username, **changes)
