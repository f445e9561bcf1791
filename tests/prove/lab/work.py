"""Something to do for every task of the clock, so that running it twice says something."""

from __future__ import annotations

import io
import os
import uuid
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import time_machine
from celery import current_app
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from PIL import Image

from audit.services import record
from audit.states import Action
from deadlines.models import Due, Heartbeat, WorkDay
from deadlines.services.heartbeat import PULSE
from files.models import Attachment
from files.services import hold_photo
from meetings.models import Series
from meetings.services.planning import NUMBER_KIND
from meetings.services.series import Invited, set_up_series
from needs.models import Need
from needs.services.intake import NeedDraft, submit_need
from notifications.models import CardLink, Robot, RobotPost
from notifications.services import queue
from people.models import Area, RateBucket, SignInCode, User
from people.services.numbers import next_number
from people.services.residents import open_account
from points.defaults import load_defaults as load_points
from points.models import Lot
from points.services.awarding import award
from points.services.rules import rule_on
from points.services.verifying import VERIFY
from tests.prove.lab import actions, transfer_work
from tests.prove.lab.things import LabMail
from volunteers.models import Volunteer

COUNT = 12
YEARS_AGO = timedelta(days=3 * 365)
OLD = timedelta(days=400)


def _dues(mark: str) -> None:
    number = int(mark) * 1000
    actions.arrange(1, stages=3, first=number)
    Due.objects.filter(label__startswith=f"B{number}-").update(due_at=Now() - timedelta(seconds=1))
    _things(mark, COUNT)


def _things(mark: str, count: int) -> None:
    actions.add_things([1.0] * count, mark)


def _coming_days(mark: str) -> None:
    """Three days on which people work, whatever the calendar says, and no digest planned yet."""
    today = timezone.localdate()
    for number in range(3):
        WorkDay.objects.update_or_create(day=today + timedelta(days=number), defaults={"working": True})
    Due.objects.filter(kind__in=["deadlines.digest", "deadlines.weekly", "deadlines.gather"]).delete()


def _no_pulse(mark: str) -> None:
    Heartbeat.objects.filter(pk=PULSE).delete()


def _old_dues(mark: str) -> None:
    ended = timezone.now() - OLD
    _things(f"old{mark}", COUNT)
    for state in ("done", "missed", "cancelled", "failed"):
        keys = list(Due.objects.filter(state="waiting", label__startswith=f"old{mark}-").values_list("pk", flat=True))
        Due.objects.filter(pk__in=keys[: COUNT // 4]).update(state=state, ended_at=ended)


def _texts(mark: str) -> None:
    actions.queue_texts([1.0] * COUNT, mark)


def _mails(mark: str) -> None:
    worker = User.objects.get(username="lab-worker")
    for number in range(COUNT):
        queue(LabMail(params={"label": mark, "offset": "0"}), occurrence=f"{mark}:{number}", users=[worker])


def _posts(mark: str) -> None:
    """What a group was to be told, and nobody did in time: no platform is called from here."""
    worker, ended = User.objects.get(username="lab-worker"), timezone.now() - timedelta(hours=1)
    robot = Robot.objects.create(
        area_id=actions.AREA, name=f"群{mark}", kind="wecom", secret="k" * 20, is_active=False, changed_by=worker
    )
    for number in range(COUNT):
        RobotPost.objects.create(
            robot=robot,
            rule="lab.Reminder",
            occurrence=f"{mark}:{number}",
            title="…",
            not_before=ended - timedelta(days=1),
            expires_at=ended,
        )


def _cards(mark: str) -> None:
    ended = timezone.now() - OLD
    for number in range(COUNT):
        CardLink.objects.create(
            token_index=f"{mark}{number:02d}".ljust(43, "x"),
            kind="lab.card",
            subject=f"lab:{mark}:{number}",
            recipient_key="u:1",
            created_at=ended - timedelta(days=1),
            expires_at=ended,
        )


def _entries(mark: str) -> None:
    for number in range(COUNT):
        record(Action.DUE_RETRIED, actor=None, subject=f"{mark}-{number}")


def _photos(mark: str) -> None:
    """Held for two days; and files whose rows never came to be."""
    for number in range(COUNT // 2):
        picture = io.BytesIO()
        Image.new("RGB", (16 + int(mark), 16 + number)).save(picture, "JPEG")
        hold_photo(SimpleUploadedFile("p.jpg", picture.getvalue()), hold_key=f"{mark}-{number}")
    Attachment.objects.update(created_at=F("created_at") - timedelta(days=2))
    folder = Path(os.environ["TONGXIN_VAR"]) / "media" / f"{timezone.localdate():%Y/%m}"
    folder.mkdir(parents=True, exist_ok=True)
    long_ago = (timezone.now() - timedelta(days=2)).timestamp()
    for _number in range(20 * COUNT):
        orphan = folder / f"{uuid.uuid4()}.jpg"
        orphan.write_bytes(b"")
        os.utime(orphan, (long_ago, long_ago))


def _old_facts(mark: str) -> None:
    ended = timezone.now() - OLD
    for number in range(COUNT):
        RateBucket.objects.create(key=f"{mark}:{number}", count=1, expires_at=ended)
        SignInCode.objects.create(phone_index=f"{mark}{number}", code_hash="x", created_at=ended, expires_at=ended)
        Session.objects.create(session_key=f"{mark}x{number}", session_data="x", expire_date=ended)


def _said(phone: str) -> NeedDraft:
    return NeedDraft(
        client_key=uuid.uuid4(),
        words="楼道灯坏了",
        place="6幢2单元",
        area_code=actions.AREA,
        name="赵阿婆",
        phone=phone,
        consented=True,
        notice_version=1,
    )


def _old_needs(mark: str) -> None:
    for number in range(COUNT):
        submit_need(_said(f"1390000{int(mark):02d}{number:02d}"))
    Need.objects.update(ended_at=timezone.now() - YEARS_AGO)


def _silent_needs(mark: str) -> None:
    """Said three weeks ago, and nothing was heard of them since; today people work."""
    WorkDay.objects.update_or_create(day=timezone.localdate(), defaults={"working": True})
    with time_machine.travel(timezone.now() - timedelta(days=21), tick=False):
        for number in range(COUNT):
            submit_need(_said(f"1350000{int(mark):02d}{number:02d}"))


def _points(mark: str) -> None:
    """Points whose end passed and is on no list any more, and no check planned for the coming nights."""
    load_points()
    who = open_account(phone=f"137{int(mark):08d}", name="赵阿婆", consented=True, notice_version=1)
    long_ago = timezone.localdate() - timedelta(days=3 * 365)
    given = {"area_code": actions.AREA, "label": "跑腿", "rule": rule_on(timezone.localdate()), "day": long_ago}
    for number in range(COUNT):
        award(person=who, source=f"lab:{mark}:{number}", amount=10, **given)
    lots = Lot.objects.filter(account__person=who)
    Due.objects.filter(subject__in=[f"lot:{lot.pk}" for lot in lots]).delete()
    Due.objects.filter(kind=VERIFY).delete()


def _grown_up(mark: str) -> None:
    """Registered by a guardian as a child, and grown up since."""
    for number in range(COUNT):
        who = open_account(phone=f"136{int(mark):04d}{number:04d}", name="刘小河", consented=True, notice_version=1)
        Volunteer.objects.create(
            number=f"YG-B-{mark}-{number}",
            client_key=uuid.uuid4(),
            user=who,
            area_id=actions.AREA,
            name="刘小河",
            born=(timezone.localdate() - 15 * YEARS_AGO / 3).replace(day=1),
            guardian_name="王秀英",
            guardian_phone="13800000001",
            guardian_agreed_on=timezone.localdate() - OLD,
        )


def _meetings_ahead(mark: str) -> None:
    """A series set up long before it begins; now its first meetings are near, and nobody has made them yet."""
    worker = User.objects.get(username="lab-worker")
    near = (timezone.localtime() + timedelta(days=20)).replace(hour=14, minute=0, second=0, microsecond=0)
    row = set_up_series(
        client_key=uuid.uuid4(),
        by=worker,
        area=actions.AREA,
        kind="consult",
        title=f"议事厅{mark}",
        place="议事厅",
        rule="FREQ=WEEKLY;COUNT=8",
        starts=near + timedelta(days=200),
        off_days="stay",
        invited=Invited(),
    )
    Series.objects.filter(pk=row.pk).update(starts=near)
    with transaction.atomic():  # the first number of a day makes a row
        next_number(NUMBER_KIND, Area.objects.get(pk=actions.STREET), timezone.localdate())


ARRANGE: dict[str, Callable[[str], None]] = {
    "deadlines.pulse": _no_pulse,
    "deadlines.sweep": _dues,
    "deadlines.plan": _coming_days,
    "deadlines.purge": _old_dues,
    "notifications.deliver": _texts,
    "notifications.deliver_email": _mails,
    "notifications.purge": _cards,
    "notifications.post": _posts,
    "audit.seal": _entries,
    "files.purge_held": _photos,
    "people.purge": _old_facts,
    "needs.anonymise": _old_needs,
    "needs.silence": _silent_needs,
    "volunteers.forget": _grown_up,
    "meetings.plan": _meetings_ahead,
    "points.keep": _points,
    "transfers.work": transfer_work.imports,
    "transfers.purge": transfer_work.old_imports,
    "transfers.export": transfer_work.exports,
    "transfers.purge_exports": transfer_work.old_exports,
    "lab.plan_again": lambda mark: None,
    "lab.without_locks": lambda mark: _things(mark, 40 * COUNT),
}
"""By task. A new task of the clock needs its line: how is something to do for it brought about?"""


def arrange_work(task: str, mark: str) -> None:
    ARRANGE[task](mark)


def run_task(task: str) -> Any:
    """The task as a worker runs it."""
    return registered(task)()


def registered(task: str) -> Any:
    load_tasks()
    return current_app.tasks[task]


def load_tasks() -> None:
    current_app.loader.import_default_modules()
    import_module("tests.prove.lab.naive")
