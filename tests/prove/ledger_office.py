"""What an office does to accounts while a crowd moves points: takes back, answers, lets go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4


def _reverse(scene: Any, person: Any) -> Callable[[], Any]:
    """The newest award is taken back, on the day on which the others are being given more."""
    from points.models import Transfer
    from points.services.reversing import reverse_award

    rows = Transfer.objects.filter(kind="award", account__person=person, amount__gt=0, reversed_by__isnull=True)
    last = rows.order_by("-pk").values_list("pk", flat=True).first()
    return lambda: reverse_award(pk=last, by=scene.here.clerk, why="记错了") if last else None


def _question(scene: Any, person: Any) -> Callable[[], Any]:
    """Asked, and answered with something, while its holder may be leaving."""
    from points.services.correcting import answer_correction, ask_correction
    from points.services.opening import open_account

    account = open_account(person, scene.here.street.pk).pk

    def step() -> None:
        asked = ask_correction(by=person, account=account, client_key=uuid4(), words="少记了")
        answer_correction(pk=asked.pk, by=scene.here.clerk, version=1, answer="补上", give=1)

    return step


def _leave(scene: Any, person: Any) -> Callable[[], Any]:
    from points.services.leaving import close_accounts_of

    return lambda: close_accounts_of(person)


OFFICE = {"reverse": _reverse, "question": _question, "leave": _leave}
