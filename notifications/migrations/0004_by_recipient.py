from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0003_board_indexes"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="message",
            name="message_inbox",
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                models.F("recipient_key"),
                models.OrderBy(models.F("created_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="message_of_recipient",
            ),
        ),
    ]
