from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0007_names")]

    operations = [
        migrations.AddField(
            "memberunit",
            "declined_at",
            models.DateTimeField(verbose_name="单位撤回公开的时间", null=True, blank=True, editable=False),
        ),
    ]
