"""预计哪天办好: the first reply names a day, and until it is done that day stands on every page, runs, and moves."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from alliance.lib.errors import Invalid
from deadlines.models import Stage
from deadlines.services.calendar import calendar
from needs import wording
from needs.messages.done import DoneLate, DoneOverdue, DoneSoon, done_reminder
from needs.models import Need
from needs.services.answers import answer_need
from needs.services.errands import confirm_errand_by_resident
from needs.services.extensions import ask_extension, decide_extension
from needs.services.finishing import finish_need
from needs.services.handling import reply_to_resident
from needs.services.waiting import ask_resident, resume_need
from needs.states import DONE, REPLY, Verb
from notifications.models import Message
from tests.cast import Cast, api_of, browser_of, fresh
from tests.needs.test_tracked import brought, facts_of, page_of
from tests.needs.ways import clocks, in_hand, now

pytestmark = pytest.mark.django_db


def listed(cast: Cast) -> str:
    return browser_of(cast.chengxiang.worker).get(reverse("admin:needs_need_changelist")).content.decode()


def post(cast: Cast, need: Need, **typed: Any) -> Any:
    url = reverse("admin:needs_need_reply", args=[need.pk])
    given = {f"reply-{name}": str(value) for name, value in {"version": now(need).version, **typed}.items()}
    return browser_of(cast.chengxiang.worker).post(url, given)


def test_after_the_first_reply_everybody_reads_until_when(cast: Cast) -> None:
    worker, need = cast.chengxiang.worker, in_hand(cast)
    page = browser_of(worker).get(reverse("admin:needs_need_change", args=[need.pk])).content.decode()
    assert f'value="{need.reply_by:%Y-%m-%d}"' in page, "the promised day is proposed"
    refused = post(cast, need, words="配件下周到", done_by="")
    assert refused.status_code == 422 and "请选预计哪天办好" in refused.content.decode()
    assert now(need).first_reply_at is None, "the control: nothing was sent"
    with pytest.raises(Invalid) as past:
        reply_to_resident(pk=need.pk, by=worker, words="修", done_by=timezone.localdate() - timedelta(days=1))
    assert "done_by" in past.value.fields

    day = calendar().next_working(timezone.localdate(), 8)
    assert post(cast, need, words="配件下周到", done_by=day).status_code == 302
    said = wording.day(day)
    assert now(need).done_by == day and clocks(need, REPLY)[0][0] == "met"
    assert Stage.objects.running().get(subject=f"need:{need.pk}").due_on == day
    assert f"{said}前办好" in listed(cast)
    page = browser_of(worker).get(reverse("admin:needs_need_change", args=[need.pk])).content.decode()
    assert f"{said}前办好" in page and 'name="reply-done_by"' not in page, "asked once"
    followed = page_of(need)
    assert facts_of(followed)["预计哪天办好"] == said and "没有定日子" not in followed
    assert f"预计{said}前办好" in followed
    answer = api_of(worker).get(f"/api/v1/needs/{need.pk}/").json()
    assert answer["done_by"] == answer["hand"]["until"] == str(day)
    assert post(cast, need, words="又打过电话").status_code == 302 and now(need).done_by == day
    with pytest.raises(Invalid):
        reply_to_resident(pk=need.pk, by=worker, words="再等等", done_by=day + timedelta(days=7))


def test_its_clock_stands_is_extended_once_is_late_and_ends_with_it(cast: Cast) -> None:
    here, need = cast.chengxiang, in_hand(cast)
    reply_to_resident(pk=need.pk, by=here.worker, words="配件下周到")
    first = now(need).done_by
    assert first == need.reply_by, "what was promised, unless another day is named"
    ask_resident(pk=need.pk, by=here.worker, words="是哪一幢？")
    assert Stage.objects.running().get(subject=f"need:{need.pk}").paused_at
    resume_need(pk=need.pk, by=here.worker)
    assert now(need).done_by == first

    asked = ask_extension(pk=need.pk, by=here.worker, until=first + timedelta(days=3), reason="等配件")
    decide_extension(pk=asked.pk, by=here.secretary, granted=True)
    found = now(need)
    assert found.done_by == first + timedelta(days=3) and found.reply_by == first, "the reply stays as it was promised"
    assert Message.objects.filter(rule="needs.DoneDayMoved", channel="sms").count() == 1
    assert "前办好" in wording.event_for_resident(found.events.get(verb=Verb.GRANT))

    stage = Stage.objects.running().get(subject=f"need:{need.pk}", kind=DONE)
    assert isinstance(done_reminder(stage, -1, "hands"), DoneSoon)
    assert isinstance(done_reminder(stage, 1, "supervisor"), DoneLate)
    yesterday = timezone.now() - timedelta(days=1)
    stage.due_at = yesterday
    assert isinstance(done_reminder(stage, 0, "hands"), DoneOverdue)
    Need.objects.filter(pk=need.pk).update(done_by=timezone.localdate(yesterday))
    Stage.objects.filter(pk=stage.pk).update(due_at=yesterday)
    assert now(need).is_overdue and need.pk in Need.objects.overdue().values_list("pk", flat=True)
    late = page_of(need)
    assert "已超期" in late and "前办好，已经超期" in re.sub(r"<[^>]+>", "", late)
    assert (
        need.title
        in browser_of(here.worker).get(reverse("admin:needs_need_changelist"), {"tab": "overdue"}).content.decode()
    )

    finish_need(pk=need.pk, by=fresh(here.worker), words="换好了")
    assert [row[0] for row in clocks(need, DONE)] == ["breached"]
    answer_need(token=need.link_token, outcome="unsolved")
    assert (now(need).done_by, now(need).promised) == (None, None), "another round promises anew"


def test_a_day_for_the_end_without_a_reply_is_none(cast: Cast) -> None:
    need = in_hand(cast)
    with pytest.raises(IntegrityError, match="need_done_by_was_said"), transaction.atomic():
        Need.objects.filter(pk=need.pk).update(done_by=datetime(2030, 1, 1))


def test_what_the_resident_received_was_said_by_them(cast: Cast) -> None:
    need, _claim, _runner = brought(cast)
    confirm_errand_by_resident(token=need.link_token)
    page = re.sub(r"<[^>]+>", "", page_of(need))
    assert "您说收到了，解决了吗？" in page and "说办好了" not in page
    assert "您说收到了，请您评价" in page, "their own tap stands in the history"
    assert facts_of(page_of(need))["在谁手里"] == "您，等您评价"
