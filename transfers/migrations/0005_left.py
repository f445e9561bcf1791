from django.db import migrations, models

RESULTS = [
    ("", "还没导入"),
    ("done", "已导入"),
    ("skipped", "跳过"),
    ("failed", "没有导入"),
    ("undone", "已拿掉或改回"),
    ("left", "留下登记、已退出"),
    ("kept", "没有撤销"),
]


class Migration(migrations.Migration):
    dependencies = [("transfers", "0004_export_roles")]

    operations = [
        migrations.RemoveConstraint("importrow", "import_row_result_known"),
        migrations.AlterField(
            "importrow",
            "result",
            models.CharField(verbose_name="结果", max_length=8, choices=RESULTS, blank=True, default=""),
        ),
        migrations.AddConstraint(
            "importrow",
            models.CheckConstraint(
                condition=models.Q(result__in=["", "done", "skipped", "failed", "undone", "left", "kept"]),
                name="import_row_result_known",
            ),
        ),
    ]
