import datetime

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0007_measures_whole"),
    ]

    operations = [
        migrations.AddField(
            model_name="story",
            name="worded_on",
            field=models.DateField(default=datetime.date(2011, 1, 1), editable=False, verbose_name="哪天写成这样的"),
        ),
        migrations.AlterField(
            model_name="story",
            name="worded_on",
            field=models.DateField(
                default=django.utils.timezone.localdate, editable=False, verbose_name="哪天写成这样的"
            ),
        ),
        migrations.AddConstraint(
            model_name="story",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("consent_on__isnull", True), ("consent_on__gte", models.F("worded_on")), _connector="OR"
                ),
                name="story_consent_to_these_words",
                violation_error_message="同意的日子不能早于写成这样的那天。",
            ),
        ),
    ]
