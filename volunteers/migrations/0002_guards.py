"""What is written once: history, and whatever hours and attendance are added to it."""

from django.db import migrations

from alliance.lib.appendonly import guard


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0001_initial")]

    operations = [
        guard("volunteers_volunteerevent"),
    ]
