"""The control: a server that answers first and stores later, in batches, "for speed". It must lose what R12 counts."""

from __future__ import annotations

import json
import queue
import threading
import time
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from needs.services.intake import NeedDraft, submit_need

EVERY_SECONDS = 0.4
_waiting: queue.Queue[dict[str, Any]] = queue.Queue()
_started = threading.Lock()


def _store_for_ever() -> None:
    while True:
        time.sleep(EVERY_SECONDS)
        while not _waiting.empty():
            said = _waiting.get()
            try:
                submit_need(_draft(**said))
            except Exception:  # a slow moment is tried again: only its own death makes it forget
                connection.close()
                _waiting.put(said)
                break


def _draft(*, client_key: str, community: str, consent: bool, **said: Any) -> NeedDraft:
    return NeedDraft(client_key=UUID(client_key), area_code=community, consented=consent, **said)


@csrf_exempt
@login_not_required
def acknowledge(request: HttpRequest) -> JsonResponse:
    if _started.acquire(blocking=False):
        threading.Thread(target=_store_for_ever, daemon=True).start()
    _waiting.put(json.loads(request.body))
    return JsonResponse({"number": "later"}, status=201)


urlpatterns = [path("api/v1/needs/", acknowledge), path("", include("alliance.urls"))]
