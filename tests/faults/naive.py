"""The control: a message that stands in the broker alone, as most sites do it. It must get lost where ours does not."""

from __future__ import annotations

import sys

from celery import shared_task
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

TASK = "naive.tell"


@shared_task(name=TASK)
def tell(text: str) -> None:
    """Prints where the demo's text messages are printed."""
    terminal = sys.__stdout__
    if terminal is not None:
        terminal.write(f"{text}\n")
        terminal.flush()


@csrf_exempt
@login_not_required
def acknowledge(request: HttpRequest) -> HttpResponse:
    tell.delay(request.body.decode())
    return HttpResponse(status=201)


urlpatterns = [path("naive/", acknowledge), path("", include("alliance.urls"))]
