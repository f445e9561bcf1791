"""Keep the robots of one's area. Their secrets are written, never read back; who changed what is in the audit log."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, RuleBroken, Text
from alliance.lib.text import clean
from alliance.lib.wake import wake
from audit.services import record
from audit.states import Action
from notifications.messages import source_text
from notifications.models import Robot, RobotPost
from notifications.permissions import robot_abilities
from notifications.services.posting import POST_TASK
from notifications.states import PostState, RobotKind
from people.models import Area, User
from people.states import Role

SECRET = re.compile(r"[A-Za-z0-9_-]{16,128}")
SIGN_SECRET = re.compile(r"SEC[A-Za-z0-9]{16,128}")
TEST_RULE = "notifications.RobotTest"
LASTS = timedelta(minutes=30)


@transaction.atomic
def save_robot(*, by: User, pk: int | None, version: int, **given: Any) -> Robot:
    """Keep a robot: ``area``, ``name``, ``kind``, ``is_active``; ``secret`` and ``sign_secret`` empty stay as they are.

    ``version``: the one the page showed, 0 for a new one. Raises ``NotFound``,
    ``NotAllowed``, ``Conflict``, ``Invalid``.
    """
    row = Robot.objects.visible_to(by).locked(pk) if pk else Robot(version=0)
    if pk and "change" not in robot_abilities(by, row):
        raise NotAllowed
    if row.version != version:
        raise Conflict
    if not pk:
        row.area = _own_area(by, given.get("area", ""))
    _fill(row, given, new=not pk)
    row.version, row.changed_by, row.changed_at = row.version + 1, by, timezone.now()
    row.paused_until = None
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Invalid({"name": [_("这个群名已经有了。")]}) from error
    secret_too = bool(given.get("secret") or given.get("sign_secret"))
    params = {"name": row.name, "kind": row.kind, "is_active": row.is_active, "secret": secret_too}
    record(Action.ROBOT_CHANGED, actor=by, subject=f"robot:{row.pk}", area_code=row.area_id, params=params)
    return row


@transaction.atomic
def test_robot(*, by: User, pk: int) -> RobotPost:
    """Queue one test. What came of it stands in the record. Raises ``NotFound``, ``NotAllowed``, ``RuleBroken``."""
    row = Robot.objects.visible_to(by).locked(pk)
    if "change" not in robot_abilities(by, row):
        raise NotAllowed
    if not row.is_active:
        raise RuleBroken(_("这个机器人停用了，启用以后再试。"))
    if RobotPost.objects.filter(robot=row, rule=TEST_RULE, state=PostState.WAITING).exists():
        raise RuleBroken(_("上一条测试还在发，请等一等再看结果。"))
    post = RobotPost.objects.create(
        robot=row,
        rule=TEST_RULE,
        occurrence=str(uuid.uuid4()),
        title=source_text(_("测试：机器人接好了")),
        at_once=True,
        not_before=Now(),
        expires_at=timezone.now() + LASTS,
    )
    wake(POST_TASK)
    return post


test_robot.__test__ = False  # type: ignore[attr-defined]  # pytest would take it for a test


def _own_area(by: User, code: str) -> Area:
    area = Area.objects.filter(pk=clean(str(code))).first()
    if area is None:
        raise Invalid({"area": [_("请选街道或社区。")]})
    if Role.SYSTEM_ADMIN not in by.roles_at(area.pk):
        raise NotAllowed
    return area


def _fill(row: Robot, given: dict[str, Any], *, new: bool) -> None:
    wrong: dict[str, list[Text]] = {}
    row.name, row.is_active = clean(str(given.get("name", ""))).strip(), bool(given.get("is_active"))
    if not 1 <= len(row.name) <= 40:
        wrong["name"] = [_("请写群名，最多40个字。")]
    if new:
        row.kind = given.get("kind", "")
    if row.kind not in RobotKind.values:
        wrong["kind"] = [_("请选平台。")]
    secret, sign_secret = (str(given.get(name) or "").strip() for name in ("secret", "sign_secret"))
    if secret and not SECRET.fullmatch(secret):
        wrong["secret"] = [_("密钥只是地址里 key= 或 access_token= 后面的那一段，不是整个地址。")]
    if new and not secret:
        wrong["secret"] = [_("请填密钥。")]
    if sign_secret and (row.kind != RobotKind.DINGTALK or not SIGN_SECRET.fullmatch(sign_secret)):
        wrong["sign_secret"] = [_("只有钉钉加签，密钥以 SEC 开头。")]
    if wrong:
        raise Invalid(wrong)
    row.secret, row.sign_secret = secret or row.secret, sign_secret or row.sign_secret
