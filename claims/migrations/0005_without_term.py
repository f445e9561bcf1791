from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0004_since_when"),
    ]

    operations = [
        migrations.AddField(
            model_name="offer",
            name="without_term",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="认领截止以后，已经认领的照常办下去",
                verbose_name="认领后没有期限",
            ),
        ),
    ]
