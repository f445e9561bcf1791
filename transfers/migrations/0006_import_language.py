"""In which language an import says what is wrong with its rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transfers", "0005_left")]

    operations = [
        migrations.AddField(
            "importbatch",
            "language",
            models.CharField(max_length=12, default="zh-hans", db_default="zh-hans", editable=False),
        ),
    ]
