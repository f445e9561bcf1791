"""Where somebody comes to: encrypted, read by whoever gives it once they agreed, emptied with the booking."""

from django.db import migrations, models

import alliance.lib.privacy


class Migration(migrations.Migration):
    dependencies = [("resources", "0004_as_people_say")]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="place",
            field=alliance.lib.privacy.EncryptedField(
                editable=False, help_text="对方答应以后才看得到；用完就删", null=True, verbose_name="到哪里来"
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(("place__isnull", True), ("state__in", ["asked", "booked"]), _connector="OR"),
                name="booking_place_while_live",
            ),
        ),
    ]
