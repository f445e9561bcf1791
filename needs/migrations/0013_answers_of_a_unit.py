"""What one unit has replied is found by an index."""

import django.db.models.fields.json
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("needs", "0012_words_for_the_unit"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="needevent",
            index=models.Index(
                django.db.models.fields.json.KeyTransform("unit_id", "params"),
                models.OrderBy(models.F("at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("verb__in", ("report", "hand_back"))),
                name="needevent_unit_answers",
            ),
        ),
    ]
