"""Whether a unit reads why it was suspended: not what was written before units read it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0011_sorted_as_filled")]

    operations = [
        migrations.AddField(
            "memberunit",
            "suspended_why_shown",
            models.BooleanField(db_default=False, default=False, editable=False, verbose_name="单位看得到为什么"),
        ),
    ]
