"""What one unit has replied is found by an index, also what it replied before answers said which unit spoke.

Nothing here waits with a lock that others need: each step is a transaction of its own, and each may be repeated.
"""

import django.db.models.fields.json
from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models

NAME_THE_UNIT = """
    UPDATE needs_needevent AS answer
    SET params = answer.params || jsonb_build_object('unit_id', asked.unit_id)
    FROM (
        SELECT DISTINCT ON (given.id) given.id, step.params -> 'unit_id' AS unit_id
        FROM needs_needevent AS given
        JOIN needs_needevent AS step ON step.need_id = given.need_id AND step.verb = 'assign' AND step.id < given.id
        WHERE given.verb IN ('report', 'hand_back') AND NOT given.params ? 'unit_id'
        ORDER BY given.id, step.id DESC
    ) AS asked
    WHERE asked.id = answer.id AND asked.unit_id IS NOT NULL
"""
"""The unit that was asked last before it answered. History is written once; the owner alone may complete it so."""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("needs", "0012_words_for_the_unit"),
    ]

    operations = [
        ValidateConstraint(model_name="need", name="need_unit_why_has_unit"),
        migrations.RunSQL(NAME_THE_UNIT, migrations.RunSQL.noop, elidable=True),
        # Building waits for transactions that were open before, longer than others may wait for a lock; what a
        # broken attempt has left is no index.
        migrations.RunSQL("SET lock_timeout = 0", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS needevent_unit_answers", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="needevent",
            index=models.Index(
                django.db.models.fields.json.KeyTransform("unit_id", "params"),
                models.OrderBy(models.F("at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("verb__in", ("report", "hand_back"))),
                name="needevent_unit_answers",
            ),
        ),
        migrations.RunSQL("RESET lock_timeout", migrations.RunSQL.noop),
    ]
