from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0007_names")]

    operations = [
        migrations.AddField(
            "memberunit",
            "declined",
            ArrayField(
                models.CharField(max_length=12),
                blank=True,
                db_default=models.Value([], output_field=ArrayField(models.CharField(max_length=12))),
                default=list,
                editable=False,
                size=None,
                verbose_name="单位撤回公开的内容",
            ),
        ),
    ]
