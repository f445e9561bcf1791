"""What has to be said because of something that happened below."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from notifications.messages_signin import EraseCodeText, SignInCodeText
from notifications.services import queue
from people.models import SignInCode
from people.signals import sign_in_code_made
from people.states import Purpose

CODE_TEXTS = {Purpose.SIGN_IN: SignInCodeText, Purpose.ERASE: EraseCodeText}


@receiver(sign_in_code_made, dispatch_uid="notifications.sign_in_code_made")
def send_code(row: SignInCode, phone: str, code: str, purpose: Purpose, **kwargs: Any) -> None:
    queue(CODE_TEXTS[purpose](code), occurrence=f"code {row.pk}", phones=[phone])
