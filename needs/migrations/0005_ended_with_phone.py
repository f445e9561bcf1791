from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("needs", "0004_resident"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="need",
            index=models.Index(
                condition=models.Q(("phone_index", ""), _negated=True),
                fields=["ended_at"],
                name="need_ended_with_phone",
            ),
        ),
    ]
