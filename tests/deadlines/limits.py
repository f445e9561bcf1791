"""A limit of the tests' own: as it is now, running, edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deadlines.models import Stage, StageRule
    from people.models import User
    from tests.cast import Cast

KIND = "test.reply"


def rule() -> StageRule:
    from deadlines.models import StageRule

    return StageRule.objects.get(pk=KIND)


def start(cast: Cast, number: int = 1, **options: Any) -> Stage:
    from deadlines.services.stages import start_stage

    here = cast.chengxiang
    options = {"kind": KIND, "subject": f"thing:{number}", "label": f"XQ-{number}", **options}
    return start_stage(area_code=here.home.code, holder=here.worker, **options)


def save(by: User, amount: int, version: int = 1, **options: Any) -> Any:
    from deadlines.services.settings import save_limit

    return save_limit(by=by, kind=KIND, amount=amount, version=version, **{"unit": "work_days", **options})
