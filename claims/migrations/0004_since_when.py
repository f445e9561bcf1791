"""Since when: a share that came back, and what was said to be there and was not."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0003_kind_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="offer",
            name="back_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="最近一次退回来的时间"),
        ),
        migrations.AddField(
            model_name="claim",
            name="back_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="没收到，又在手里的时间"),
        ),
    ]
