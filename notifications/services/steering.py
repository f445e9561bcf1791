"""What an administrator may do about a message on its way: send it at once, or call it off.

What has ended cannot be sent again from here: its address and its words were emptied with the last attempt.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotAllowed, RuleBroken
from alliance.lib.wake import wake
from audit.services import record
from audit.states import Action
from notifications.models import Message
from notifications.permissions import CANCEL, RETRY, message_abilities
from notifications.services.ending import DONE
from notifications.services.outbox import DELIVER_TASKS
from notifications.states import Channel, Reason, State
from people.models import User
from people.states import Role


@transaction.atomic
def retry_message(pk: int, by: User) -> Message:
    """Send a waiting message now instead of after its pause. Raises ``NotFound``, ``NotAllowed``, ``RuleBroken``."""
    row = _waiting(pk, by, RETRY)
    if row.expires_at <= timezone.now():
        raise RuleBroken(_("已经过了该发的时间，发出去也没有用了。"))
    Message.objects.filter(pk=row.pk).update(not_before=Now(), at_once=True)
    wake(DELIVER_TASKS[row.channel])
    _note(Action.MESSAGE_RETRIED, row, by)
    row.refresh_from_db(fields=["not_before"])
    return row


@transaction.atomic
def cancel_message(pk: int, by: User) -> Message:
    """Call a waiting message off: it ends as missed. Raises ``NotFound``, ``NotAllowed``, ``RuleBroken``."""
    row = _waiting(pk, by, CANCEL)
    row.state, row.last_error = State.MISSED, Reason.CANCELLED
    for name, value in DONE.items():
        setattr(row, name, value)
    row.save(update_fields=["state", "last_error", *DONE])
    _note(Action.MESSAGE_CANCELLED, row, by)
    return row


def _waiting(pk: int, by: User, verb: str) -> Message:
    """The row, locked, if it can still be steered."""
    row = Message.objects.visible_to(by).locked(pk)
    if Role.SYSTEM_ADMIN not in by.roles_at(row.area_code):
        raise NotAllowed
    if row.channel == Channel.INAPP:
        raise RuleBroken(_("站内消息已经在收件箱里了，不用重发，也不能取消。"))
    if verb not in message_abilities(by, row):
        raise RuleBroken(
            _(
                "这条消息已经有了结果。为保护个人信息，号码和内容在最后一次发送后就清空了，不能从这里再发；需要时请直接联系本人。"
            )
        )
    if row.leased_until is not None and row.leased_until > timezone.now():
        raise RuleBroken(_("这条消息正在发送，请过两分钟再看结果。"))
    return row


def _note(action: Action, row: Message, by: User) -> None:
    params = {"rule": row.rule, "channel": row.channel}
    record(action, actor=by, subject=row.subject_label or f"message:{row.pk}", area_code=row.area_code, params=params)
