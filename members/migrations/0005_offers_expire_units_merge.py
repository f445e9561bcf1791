"""Offers of seats expire; nothing is written to a unit that was merged into another."""

from django.db import migrations, models

from members.merged import create_function, guard

TABLES = ("membership", "liaison", "seatoffer", "strength", "bodyseat", "partyorganisation", "receipt")
STATES = ["open", "taken", "declined", "withdrawn", "expired"]


class Migration(migrations.Migration):
    dependencies = [("members", "0004_bodies_profiles_documents")]

    operations = [
        migrations.RemoveConstraint(model_name="seatoffer", name="seat_offer_state_known"),
        migrations.AlterField(
            model_name="seatoffer",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "等答复"),
                    ("taken", "已接任"),
                    ("declined", "没有接"),
                    ("withdrawn", "已撤回"),
                    ("expired", "过期没答复"),
                ],
                default="open",
                editable=False,
                max_length=10,
                verbose_name="状态",
            ),
        ),
        migrations.AddConstraint(
            model_name="seatoffer",
            constraint=models.CheckConstraint(condition=models.Q(state__in=STATES), name="seat_offer_state_known"),
        ),
        create_function(),
        *(guard(f"members_{name}") for name in TABLES),
    ]
