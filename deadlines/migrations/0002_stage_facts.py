import django.db.models.functions
from django.db import migrations, models

UNITS = [
    ("minutes", "分钟"),
    ("hours", "小时"),
    ("work_minutes", "工作分钟"),
    ("work_hours", "工作小时"),
    ("work_days", "工作日"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("deadlines", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="stage",
            name="counted_from",
            field=models.DateTimeField(
                db_default=django.db.models.functions.Now(), help_text="停过钟的从恢复时数起", verbose_name="从何时数起"
            ),
        ),
        migrations.AddField(
            model_name="stage",
            name="params",
            field=models.JSONField(blank=True, db_default={}, default=dict, help_text="提醒里要说的话，不含个人信息"),
        ),
        migrations.AlterField(
            model_name="stage",
            name="amount",
            field=models.PositiveSmallIntegerField(help_text="自己选定日子的为空", null=True, verbose_name="还给多少"),
        ),
        migrations.AlterField(
            model_name="stage",
            name="unit",
            field=models.CharField(choices=UNITS, default="work_days", max_length=12, verbose_name="单位"),
        ),
        migrations.AlterField(
            model_name="stagerule",
            name="unit",
            field=models.CharField(choices=UNITS, max_length=12, verbose_name="单位"),
        ),
        migrations.RemoveConstraint(model_name="stagerule", name="stagerule_unit_known"),
        migrations.AddConstraint(
            model_name="stagerule",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit__in", ["minutes", "hours", "work_minutes", "work_hours", "work_days"])),
                name="stagerule_unit_known",
            ),
        ),
    ]
