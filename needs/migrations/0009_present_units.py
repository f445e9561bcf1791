"""No need goes to a unit that was merged into another."""

from django.db import migrations

from members.merged import guard


class Migration(migrations.Migration):
    dependencies = [("needs", "0008_wish_story_inside"), ("members", "0005_offers_expire_units_merge")]

    operations = [guard("needs_need")]
