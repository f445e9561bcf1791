"""Sign-in by phone: a code of six digits is sent, typed, and good once.

What an attacker may try: five guesses a code, ten codes and fifteen wrong guesses a day for a phone, and no answer
tells whether a phone has an account. Every purpose has its own codes and counts: who asks for codes at the door keeps
nobody from deleting their data.
"""

from __future__ import annotations

import hmac
import math
import re
import secrets
from datetime import timedelta
from typing import NamedTuple

import structlog
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, Text, TooMany
from alliance.lib.privacy import blind_index, clean_phone
from alliance.lib.text import fold
from people.backends import may_enter
from people.models import SignInCode, User
from people.models.codes import MAX_TRIES
from people.services.limits import DAY, count, refuse_after, take
from people.services.proof import check_proof
from people.signals import sign_in_code_made, sign_in_code_refused
from people.states import Purpose, SignIn

_log = structlog.get_logger("tongxin.people")
LENGTH = 6
GOOD_FOR = timedelta(minutes=5)
PAUSE_SECONDS = 60
PER_PHONE = (5, 3600)
PER_PHONE_DAY = (10, DAY)
PER_ADDRESS = (20, 3600)
WITHOUT_PROOF = (5, 3600)
FAILURES_PER_ADDRESS = (30, 600)
WRONG_PER_PHONE = (15, DAY)
ALARM = (200, 3600)
"""More failures than this in an hour, everybody's together: somebody is trying phones from many addresses."""
PHONE_LOCK = 7_265_103
"""Advisory lock beside the hash of a phone: of two requests at once one makes the code."""

PHONE_MESSAGE = _("请写11位手机号；座机收不到验证码。")
OVER: Text = _("这条验证码不能用了：过了5分钟，或者已经用过。请点“重新发送”，照新的一条填。")
LEFT = _("验证码不对，请您再看一遍短信，还可以试%(n)d次。")
STOPPED = _("这个手机号的账号停用了。有疑问请打服务电话。")
HOUR_USED_UP = _("这个手机号要验证码的次数多了，请过一小时再试；着急就用编号和查询码查，或者打电话。")
GUESSES_USED_UP = _("这个手机号今天填错的次数多了，请明天再试；着急就用编号和查询码查，或者打电话。")
DAY_USED_UP = _("这个手机号今天要验证码的次数用完了，请明天再试；着急就用编号和查询码查，或者打电话。")


class CodeEnded(Invalid):
    """Five wrong tries: this code opens nothing any more, the right one too."""

    default = _("这条验证码作废了，请重新发送。")


class _Try(NamedTuple):
    """``left``: how often this code may still be tried; None for one that was used, has expired or never was."""

    right: bool
    left: int | None = None
    ended_now: bool = False


def request_code(*, phone: str, ip: str, purpose: Purpose = Purpose.SIGN_IN, proof: str | None = None) -> SignInCode:
    """Send a new code to ``phone``; codes sent before for the same purpose are good no more.

    At most one a minute, 5 an hour and 10 a day per phone, 20 an hour per address. ``proof`` is the solved proof of
    work; None where none is asked for; empty from a browser without script, which has 5 tries an hour per address.
    Not for use inside a transaction. Raises ``Invalid`` (no mobile number, wrong proof) and ``TooMany``.
    """
    digits = mobile(phone)
    _require_pause(digits, purpose)
    if proof:
        check_proof(proof)
    elif proof is not None:
        take("code-without-proof", ip, limit=WITHOUT_PROOF[0], seconds=WITHOUT_PROOF[1])
    take("code-address", ip, limit=PER_ADDRESS[0], seconds=PER_ADDRESS[1])
    take(f"code-phone-{purpose}", digits, limit=PER_PHONE[0], seconds=PER_PHONE[1], message=HOUR_USED_UP)
    take(f"code-phone-day-{purpose}", digits, limit=PER_PHONE_DAY[0], seconds=PER_PHONE_DAY[1], message=DAY_USED_UP)
    return _make(digits, purpose)


def verify_code(*, phone: str, code: str, ip: str, purpose: Purpose = Purpose.SIGN_IN) -> str:
    """Use up the code sent to ``phone``; returns the phone's digits, which are now proven.

    Of several at once one wins. Five wrong tries end a code; before it is said how many are left. Used, expired and
    never sent are answered alike. Not for use inside a transaction: a try counts though it is refused.
    Raises ``Invalid``, ``CodeEnded`` (the fifth wrong try, and any after it) and ``TooMany`` (30 failures in 10
    minutes per address, 15 a day per phone).
    """
    digits = mobile(phone)
    given = re.sub(r"\D", "", fold(code, 40))
    if len(given) != LENGTH:
        raise Invalid({"code": [_("验证码是%(right)d位数字，现在是%(n)d位。") % {"right": LENGTH, "n": len(given)}]})
    refuse_after("code-failures", ip, limit=FAILURES_PER_ADDRESS[0], seconds=FAILURES_PER_ADDRESS[1])
    tried = _try(digits, _hash(digits, given, purpose), purpose)
    if not tried.right:
        count("code-failures", ip, seconds=FAILURES_PER_ADDRESS[1])
        _watch_failures()
        sign_in_code_refused.send(SignInCode, phone=digits, ip=ip, locked=tried.ended_now)
        raise _refusal(tried.left)
    return digits


def _refusal(left: int | None) -> Invalid:
    if left == 0:
        return CodeEnded()
    return Invalid({"code": [OVER if left is None else LEFT % {"n": left}]})


def account_of(phone: str) -> User | None:
    """The account entered by codes to ``phone`` (digits, proven). Never one with a password, though it has the phone.

    None too for one that is asleep (``asleep_account``). Raises ``NotAllowed`` for one that was switched off.
    """
    user = _of_phone(phone)
    return None if user is None or user.is_asleep else user


def asleep_account(phone: str) -> User | None:
    """The account of ``phone`` that a code alone opens no more: the number may have another owner by now.

    Raises ``NotAllowed`` for one that was switched off.
    """
    user = _of_phone(phone)
    return user if user is not None and user.is_asleep else None


def _of_phone(phone: str) -> User | None:
    user: User | None = User.objects.filter(sign_in=SignIn.PHONE, phone_index=blind_index("phone", phone)).first()
    if user is not None and not may_enter(user):
        raise NotAllowed(STOPPED)
    return user


def mobile(phone: str) -> str:
    """``phone`` as eleven digits. Raises ``Invalid``: a text message reaches no landline."""
    digits = clean_phone(phone, message=PHONE_MESSAGE)
    if not digits.startswith("1"):
        raise Invalid({"phone": [PHONE_MESSAGE]})
    return digits


def purge_codes() -> int:
    """Delete codes that ended more than a day ago; returns how many."""
    deleted, _kinds = SignInCode.objects.filter(expires_at__lt=timezone.now() - timedelta(days=1)).delete()
    return deleted


@transaction.atomic
def _make(digits: str, purpose: Purpose) -> SignInCode:
    index = blind_index("phone", digits)
    hold_phone(index)
    _require_pause(digits, purpose)
    code, now = f"{secrets.randbelow(10**LENGTH):0{LENGTH}d}", timezone.now()
    row = SignInCode.objects.create(
        phone_index=index,
        purpose=purpose,
        code_hash=_hash(digits, code, purpose),
        created_at=now,
        expires_at=now + GOOD_FOR,
    )
    sign_in_code_made.send(SignInCode, row=row, phone=digits, code=code, purpose=purpose)
    return row


def hold_phone(index: str) -> None:
    """Of two requests for one phone one waits for the other, until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [PHONE_LOCK, index])


def _require_pause(digits: str, purpose: Purpose) -> None:
    rows = SignInCode.objects.sent_to(blind_index("phone", digits), purpose)
    last = rows.values_list("created_at", flat=True).first()
    left = math.ceil(PAUSE_SECONDS - (timezone.now() - last).total_seconds()) if last else 0
    if left > 0:
        raise TooMany(left, _("刚发过一条。过%(n)d秒还没收到，再点重新发送。") % {"n": left})


@transaction.atomic
def _try(digits: str, given: str, purpose: Purpose) -> _Try:
    """Whether the newest code is the one given, and how often it may still be tried.

    Wrong guesses are counted with the code locked: of many at once none slips past the limit.
    """
    row, now = SignInCode.objects.newest_of(blind_index("phone", digits), purpose), timezone.now()
    rule, (limit, seconds) = f"code-wrong-{purpose}", WRONG_PER_PHONE
    refuse_after(rule, digits, limit=limit, seconds=seconds, message=GUESSES_USED_UP)
    same = hmac.compare_digest(row.code_hash if row else "-" * 43, given)
    if row is None or row.used_at is not None or row.expires_at <= now:
        return _Try(False)
    if row.tries >= MAX_TRIES:
        return _Try(False, left=0)
    row.tries += 1
    row.used_at = now if same else None
    row.save(update_fields=["tries", "used_at"])
    if not same:
        count(rule, digits, seconds=seconds)
    return _Try(same, left=MAX_TRIES - row.tries, ended_now=not same and row.tries >= MAX_TRIES)


def _watch_failures() -> None:
    """One line in the log whenever another 200 have failed within the hour; it names neither phone nor address."""
    failed = count("code-failures-all", "", seconds=ALARM[1])
    if failed > ALARM[0] and failed % ALARM[0] == 1:
        _log.warning("sign_in_codes_guessed", failed=failed, seconds=ALARM[1])


def _hash(digits: str, code: str, purpose: Purpose) -> str:
    return blind_index("sign-in-code", f"{purpose}:{digits}:{code}")
