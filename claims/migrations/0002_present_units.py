"""No claim for a unit that was merged into another."""

from django.db import migrations

from members.merged import guard


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial"), ("members", "0005_offers_expire_units_merge")]

    operations = [guard("claims_claim")]
