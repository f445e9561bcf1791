"""A body of the API that says something nobody knows is refused by name: every address, and the description too."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from drf_spectacular.generators import SchemaGenerator

from needs.models import Extension
from needs.services.extensions import ask_extension
from tests.cast import Cast, api_of
from tests.consistency.site import Route, World, routes
from tests.needs.ways import in_hand

EXTRA = "nobody_asked_for_this"
NO_BODY = {"/api/v1/auth/sign-out/"}
FILES = ("/api/v1/photos/", "/api/v1/held-documents/")


def _described() -> dict[str, Any]:
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return found


def _writes(schema: dict[str, Any]) -> list[tuple[str, str]]:
    """Method and pattern of everything that takes a body."""
    wanted = ("post", "put", "patch")
    return [(method, path) for path, methods in schema["paths"].items() for method in methods if method in wanted]


def _shape(path: str) -> str:
    return re.sub(r"[{<][^}>]*[}>]", "{}", path)


def _open_objects(schema: dict[str, Any], node: Any, seen: set[str]) -> list[str]:
    """Names of the components below ``node`` that take fields nobody declared."""
    if isinstance(node, list):
        return [name for inner in node for name in _open_objects(schema, inner, seen)]
    if not isinstance(node, dict):
        return []
    reference = node.get("$ref", "").rpartition("/")[2]
    if reference and reference not in seen:
        seen.add(reference)
        target = schema["components"]["schemas"][reference]
        wrong = [reference] if "properties" in target and target.get("additionalProperties") is not False else []
        return wrong + _open_objects(schema, target, seen)
    return [name for inner in node.values() for name in _open_objects(schema, inner, seen)]


def test_the_description_closes_every_body() -> None:
    schema = _described()
    seen: set[str] = set()
    for method, path in _writes(schema):
        body = schema["paths"][path][method].get("requestBody")
        assert (body is None) == (path in NO_BODY), f"{method} {path}: a body without a shape"
        assert not _open_objects(schema, body, seen), f"{method} {path}: not every part of it is a Given"
    assert len(seen) > 30


def _address(world: World, addresses: dict[str, Route], path: str) -> str:
    if path.endswith("/extensions/{id}/decide/"):
        return path.replace("{id}", str(_extension(world.cast).pk))
    return world.path(addresses[_shape(path)])


def _extension(cast: Cast) -> Extension:
    need = in_hand(cast)
    assert need.reply_by is not None
    return ask_extension(
        pk=need.pk, by=cast.chengxiang.worker, until=need.reply_by + timedelta(days=3), reason="等材料"
    )


def _refused(world: World, method: str, path: str) -> Any:
    """What the worker, the clerk or a unit's liaison gets for nothing but a field that nobody knows."""
    kind = "multipart" if path in FILES else "json"
    here = world.cast.chengxiang
    for person in (here.worker, here.clerk, here.liaison):
        answer = getattr(api_of(person), method)(path, {EXTRA: "x"}, format=kind)
        if answer.status_code not in (403, 404):
            return answer
    return answer


def test_every_address_refuses_a_field_nobody_knows(world: World) -> None:
    addresses = {_shape("/" + route.pattern): route for route in routes() if route.pattern.startswith("api/")}
    wrong, tried = [], 0
    for method, path in _writes(_described()):
        if path in NO_BODY:
            continue
        answer, tried = _refused(world, method, _address(world, addresses, path)), tried + 1
        if answer.status_code != 400 or EXTRA not in answer.json().get("fields", {}):
            wrong.append(f"{method} {path}: {answer.status_code} {answer.content.decode()[:200]}")
    assert not wrong, "\n".join(wrong)
    assert tried > 35
