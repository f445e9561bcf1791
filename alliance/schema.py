"""The API's description, made once for each language and format: it is the same for everybody and never changes while
the site runs. Made for every request it would let anybody keep a worker busy for a second at a time."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language, override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request


class SchemaView(SpectacularAPIView):
    """As YAML or JSON, whichever is asked for; ``?lang=en`` in English."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.GET.get("lang") or get_language()
        language = wanted if wanted and wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        renderer = request.accepted_renderer
        response = HttpResponse(_written(language, str(renderer.media_type)), content_type=renderer.media_type)
        response["Content-Disposition"] = f'inline; filename="tongxin.{renderer.format}"'
        return response


@cache
def _written(language: str, media_type: str) -> bytes:
    renderer = next(one for one in SchemaView.renderer_classes if one.media_type == media_type)
    with override(language):
        schema = SchemaGenerator().get_schema(request=None, public=True)
        written = renderer().render(schema, renderer_context={})
    return written.encode() if isinstance(written, str) else written
