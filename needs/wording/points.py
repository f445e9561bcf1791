"""What stands in a statement of points for what was done."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ERRAND_DONE = _("跑腿：%(what)s")
WISH_DONE = _("圆梦：%(what)s")
