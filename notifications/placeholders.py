"""Variables in a wording: ``%(name)s``, and ``%%`` for a percent sign. Nothing else may follow a percent sign."""

from __future__ import annotations

import re

_SIGN = re.compile(r"%(?:%|\((?P<name>[A-Za-z_][A-Za-z0-9_]*)\)s|(?P<broken>))")


class Broken(ValueError):
    """A percent sign that begins nothing. The text around it is its argument."""


def variables(template: str) -> frozenset[str]:
    """The names of the variables in ``template``. Raises ``Broken``."""
    found = set()
    for sign in _SIGN.finditer(template):
        if sign["broken"] is not None:
            raise Broken(template[max(0, sign.start() - 6) : sign.start() + 10])
        if sign["name"]:
            found.add(sign["name"])
    return frozenset(found)
