"""What a quicker ``migrate`` may not change: what every operation sees, and what it leaves in the database."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any
from unittest.mock import patch

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations import operations
from django.db.migrations.state import ModelState, ProjectState

from alliance.management.commands.migrate import drawn_less

HERE, SAID = "people", models.Q(size__gt=0)
SIZE = models.IntegerField(default=1)
CHANGES = [
    operations.CreateModel("House", [("id", models.BigAutoField(primary_key=True)), ("size", SIZE)]),
    operations.CreateModel(
        "Room",
        [
            ("id", models.BigAutoField(primary_key=True)),
            ("house", models.ForeignKey(f"{HERE}.House", on_delete=models.PROTECT, related_name="rooms")),
        ],
    ),
    operations.AddConstraint("house", models.CheckConstraint(condition=SAID, name="some_size")),
    operations.AddConstraint("house", models.UniqueConstraint(fields=["size"], name="one_size")),
    operations.AddIndex("room", models.Index(fields=["house"], name="by_house")),
    operations.AddField("room", "size", SIZE),
    operations.RemoveConstraint("house", "some_size"),
    operations.AddIndex("room", models.Index(fields=["size"], name="by_size")),
    operations.RenameIndex("room", new_name="rooms_by_house", old_name="by_house"),
    operations.RemoveIndex("room", "by_size"),
    operations.AlterField("house", "size", models.BigIntegerField(default=1)),
    operations.CreateModel(
        "Door",
        [
            ("id", models.BigAutoField(primary_key=True)),
            ("room", models.ForeignKey(f"{HERE}.Room", on_delete=models.PROTECT, related_name="doors")),
            ("to", models.ForeignKey("self", null=True, on_delete=models.SET_NULL)),
        ],
    ),
    operations.CreateModel("Hall", [], {"proxy": True}, bases=(f"{HERE}.Room",)),
    operations.AddField("house", "front", models.ForeignKey(f"{HERE}.Door", null=True, on_delete=models.PROTECT)),
    operations.AddField("door", "keys", models.ManyToManyField(f"{HERE}.House", related_name="opens")),
    operations.AlterField("house", "size", models.IntegerField(default=2)),
    operations.RenameField("house", "size", "height"),
    operations.RemoveField("house", "front"),
    operations.DeleteModel("Hall"),  # Django itself, renaming what a proxy stands on, leaves the proxy as it was
    operations.RenameModel("Room", "Chamber"),
    operations.AddField("chamber", "light", models.BooleanField(default=True)),
    operations.RemoveField("door", "keys"),
    operations.DeleteModel("Door"),
]


def _seen(state: ProjectState) -> dict[str, Any]:
    """All that an operation can read of the models."""
    return {
        model._meta.label: (
            sorted(field.deconstruct()[1] for field in model._meta.local_fields),
            [index.deconstruct() for index in model._meta.indexes],
            [constraint.deconstruct() for constraint in model._meta.constraints],
            [constraint.name for constraint in model._meta.total_unique_constraints],
            sorted(relation.name for relation in model._meta.related_objects),
            [base._meta.label for base in model.__mro__[1:] if hasattr(base, "_meta")],
            _held(model, state),
        )
        for model in state.apps.get_models()
    }


def _held(model: type[models.Model], state: ProjectState) -> list[str]:
    """What the model points to; everything has to be drawn as it is now."""
    held = [field for field in model._meta.get_fields() if field.is_relation]
    for field in held:
        assert field.related_model is state.apps.get_model(field.related_model._meta.label), field
    return sorted(f"{field.name} {field.related_model._meta.label}" for field in held)


def _walk(quickly: bool) -> tuple[list[Any], int]:
    """What is seen after each change, and how many models were drawn for it."""
    state, seen, drawn = ProjectState(), [], []
    render = ModelState.render

    def counted(self: ModelState, *args: Any) -> Any:
        drawn.append(self.name)
        return render(self, *args)

    with drawn_less() if quickly else nullcontext(), patch.object(ModelState, "render", counted):
        for change in CHANGES:
            change.state_forwards(HERE, state)
            seen.append(_seen(state))
    return seen, len(drawn)


def test_after_every_change_the_models_are_as_if_drawn_anew_and_fewer_are_drawn() -> None:
    (plain, many), (quick, few) = _walk(False), _walk(True)
    assert quick == plain
    assert few < many


@pytest.mark.parametrize("kind", ["indexes", "constraints"])
def test_whatever_the_models_declare_stands_in_the_database(db: None, kind: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes")
        there = {name for (name,) in cursor.fetchall()}
    declared = {one.name for model in apps.get_models() for one in getattr(model._meta, kind)}
    assert len(declared) > 20
    assert not declared - there
