"""Whoever may take a need is the first to be reminded; superiors come a working day later, the party office three.

Only where the street has left the ladder of the first response as it was: what somebody has changed stays.
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

KIND = "needs.first_response"
BEFORE = {(0, "supervisor"), (1, "party_office")}
AFTER = ((0, "hands"), (1, "supervisor"), (3, "party_office"))


def mend_ladder(apps, schema_editor):
    steps = apps.get_model("deadlines", "ChaseStep").objects
    found = steps.filter(kind=KIND)
    if set(found.values_list("offset", "audience")) != BEFORE or found.filter(is_active=False).exists():
        return
    for offset, audience in AFTER:
        steps.update_or_create(kind=KIND, offset=offset, defaults={"audience": audience})


class Migration(migrations.Migration):
    dependencies = [
        ("needs", "0015_called"),
        ("deadlines", "0001_initial"),
    ]

    operations = [
        ValidateConstraint(model_name="needevent", name="needevent_verb_known"),
        migrations.RunPython(mend_ladder, migrations.RunPython.noop, elidable=True),
    ]
