"""Secret links to one's own calendar."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_list_choices"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_index", models.CharField(editable=False, max_length=43)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="生成时间")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="作废时间")),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="谁的",
                    ),
                ),
            ],
            options={
                "verbose_name": "日历订阅链接",
                "verbose_name_plural": "日历订阅链接",
                "constraints": [
                    models.UniqueConstraint(fields=("token_index",), name="calendarlink_token_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("user",),
                        name="calendarlink_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("token_index__regex", "^[A-Za-z0-9_-]{43}$")),
                        name="calendarlink_token_is_digest",
                    ),
                ],
            },
        ),
    ]
