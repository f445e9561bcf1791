"""What a staff password must look like."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class MixedCharactersValidator:
    """Three of four kinds: lower case, upper case, digits, other (GB/T 22239 assessors' practice)."""

    def validate(self, password: str, user: Any = None) -> None:
        kinds = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
        if sum(any(kind(character) for character in password) for kind in kinds) < 3:
            raise ValidationError(self.get_help_text(), code="password_kinds")

    def get_help_text(self) -> str:
        return _("密码要有大写字母、小写字母、数字、符号中的三种。")
