"""One verb over the API: what was sent is checked, one service is called, the thing is answered as it then stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS, Given
from alliance.lib.api_views import ApiView
from files.services import own_key
from people.visitors import signed_in

MOST = 2_000_000_000
Shape = type[serializers.Serializer[Any]]


SEEN: dict[str, Any] = {
    "label": "看过提醒",
    "max_length": 60,
    "required": False,
    "allow_blank": True,
    "default": "",
    "help_text": "公开的话里好像有个人信息时会得到400 warned；确认无误，带上其中的fields.seen_words；话改过要再看一次",
}


class ProjectStepRequest(Given):
    """``version``: as what it was read."""

    version = serializers.IntegerField(label="版本", min_value=1, max_value=MOST)


HELD: dict[str, Any] = {
    "label": "照片和文件的键",
    "required": False,
    "allow_null": True,
    "help_text": "照片先传到 /photos/，PDF先传到 /held-documents/；没有不填",
}


class ProjectWordsRequest(ProjectStepRequest):
    words = serializers.CharField(label="为什么，对方看得到", max_length=500)


@dataclass(frozen=True)
class Of:
    """What the verbs are about: ``find`` (person, key) gives it or raises ``NotFound``, ``shown`` (row, person) as
    ``answer``. ``tag``: the chapter of the description."""

    name: str
    find: Callable[[Any, int], Any]
    shown: Callable[[Any, Any], dict[str, Any]]
    answer: Shape
    tag: str = "projects"


class Step(ApiView):
    """The base of the views that ``step`` makes."""

    of: ClassVar[Of]
    shape: ClassVar[Shape]
    service: ClassVar[Callable[..., Any]]

    def take(self, request: Request, pk: int) -> Response:
        user, own = signed_in(request), type(self)
        own.of.find(user, pk)
        given: Any = self.shape(data=request.data)
        given.is_valid(raise_exception=True)
        said = dict(given.validated_data)
        if key := said.pop("hold_key", None):
            said["hold_key"] = own_key(user, key)
        own.service(pk=pk, by=user, **said)
        return Response(own.of.shown(own.of.find(user, pk), user))


def step(of: Of, name: str, doc: str, service: Callable[..., Any], shape: Shape = ProjectStepRequest) -> Any:
    """The view of one verb, with its own entry in the description."""

    @extend_schema(
        operation_id=f"{of.name}_{name}",
        tags=[of.tag],
        description=doc,
        request=shape,
        responses={200: of.answer, **REFUSALS},
    )
    def post(self: Step, request: Request, pk: int) -> Response:
        return self.take(request, pk)

    parts = {"__doc__": doc, "of": of, "shape": shape, "service": staticmethod(service), "post": post}
    return type(f"{of.name.title()}{name.title()}", (Step,), parts)
