"""What one unit had been asked and others settled is found by an index; it is known from now on.

Nothing here waits with a lock that others need, and it may be repeated.
"""

import django.db.models.fields.json
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("needs", "0018_two_lists"),
    ]

    operations = [
        # Building waits for transactions that were open before, longer than others may wait for a lock; what a
        # broken attempt has left is no index.
        migrations.RunSQL("SET lock_timeout = 0", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS needevent_unit_left", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="needevent",
            index=models.Index(
                django.db.models.fields.json.KeyTransform("left_unit_id", "params"),
                models.OrderBy(models.F("at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(
                    ("params__has_key", "left_unit_id"),
                    ("verb__in", ("assign", "escalate", "send_back", "return", "finish", "withdraw")),
                ),
                name="needevent_unit_left",
            ),
        ),
        migrations.RunSQL("RESET lock_timeout", migrations.RunSQL.noop),
    ]
