from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0005_without_term"),
    ]

    operations = [
        migrations.AddField(
            model_name="offer",
            name="by_street",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="街道发布的，由街道陪着、确认",
                verbose_name="街道发布",
            ),
        ),
    ]
