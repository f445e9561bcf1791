"""What the variables of messages about needs look like, for whoever changes a wording."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

NUMBER = frozenset({"number"})
FOR_STAFF = {
    "number": "XQ-CX-20261121-0007",
    "community": _("万寿桥社区"),
    "day": _("11月28日"),
    "holder": _("社工小许"),
}
FOR_RESIDENTS = {
    "number": "XQ-CX-20261121-0007",
    "community": _("万寿桥社区"),
    "code": "ABCDE-FGHJK",
    "day": _("11月28日"),
    "link": "https://tongxin.example/n/Jh2kP9wQxT5mV8cR4bN7ya/",
}
"""What the variables look like, for whoever changes a wording."""


def sample_of(of: dict[str, Any], *names: str) -> dict[str, Any]:
    """The variables that a message really carries: a wording may use these and no others."""
    return {name: of[name] for name in names}
