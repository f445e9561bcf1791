"""Why a unit is asked, in words that the unit reads too; and wishes that wait for the street's yes."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("needs", "0011_who_approves"),
    ]

    operations = [
        migrations.AddField(
            model_name="need",
            name="unit_why",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="单位看得到",
                max_length=200,
                verbose_name="对单位说的为什么",
            ),
        ),
        AddConstraintNotValid(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit__isnull", False), ("unit_why", ""), _connector="OR"),
                name="need_unit_why_has_unit",
            ),
        ),
        migrations.AddField(
            model_name="wish",
            name="at_street",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="核实的时候，社区没有另一位书记可以审批",
                verbose_name="由街道审批",
            ),
        ),
    ]
