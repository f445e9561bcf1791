"""A booking that nobody has answered is called 等答复 everywhere."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("resources", "0002_waiting")]

    operations = [
        migrations.AlterField(
            model_name="booking",
            name="state",
            field=models.CharField(
                choices=[
                    ("asked", "等答复"),
                    ("booked", "已预约"),
                    ("used", "已使用"),
                    ("cancelled", "已取消"),
                    ("refused", "已驳回"),
                    ("no_show", "爽约"),
                ],
                default="asked",
                editable=False,
                max_length=10,
                verbose_name="状态",
            ),
        ),
    ]
