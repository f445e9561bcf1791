"""待我审批 asks on every page of the workbench what waits: an index of its own."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0009_initials"),
        ("people", "0004_list_choices"),
        ("resources", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                models.F("street_code"),
                models.F("asked_at"),
                condition=models.Q(("state", "asked"), ("appeal", "asked"), _connector="OR"),
                name="booking_waiting",
            ),
        ),
    ]
