"""The name of what a street sets: who approves wishes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("needs", "0010_unit_will_help"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="wishpolicy",
            options={"verbose_name": "谁来审批心愿", "verbose_name_plural": "谁来审批心愿"},
        ),
    ]
