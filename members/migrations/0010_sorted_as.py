"""Names stand in the order of their sounds and numbers: the column; 0011 fills it and builds its indexes."""

from django.db import migrations

from alliance.lib.ordering import SortKeyField


class Migration(migrations.Migration):
    dependencies = [("members", "0009_initials")]

    operations = [
        migrations.AddField("building", "sorted_as", SortKeyField()),
        migrations.AddField("memberunit", "sorted_as", SortKeyField(sources=("short_name", "name"))),
        migrations.AddField("partyorganisation", "sorted_as", SortKeyField()),
        migrations.AlterModelOptions(
            "building",
            {"ordering": ("area", "sorted_as", "id"), "verbose_name": "楼宇", "verbose_name_plural": "楼宇"},
        ),
        migrations.AlterModelOptions(
            "listed",
            {
                "ordering": ("cultivation", "organisation__sorted_as", "id"),
                "verbose_name": "培育对象",
                "verbose_name_plural": "培育对象",
            },
        ),
        migrations.AlterModelOptions(
            "memberunit",
            {"ordering": ("sorted_as", "id"), "verbose_name": "共建单位", "verbose_name_plural": "共建单位"},
        ),
        migrations.AlterModelOptions(
            "partyorganisation",
            {"ordering": ("sorted_as", "id"), "verbose_name": "党组织", "verbose_name_plural": "党组织"},
        ),
        migrations.AlterModelOptions(
            "receipt",
            {
                "ordering": ("version", "unit__sorted_as", "id"),
                "verbose_name": "文件送达",
                "verbose_name_plural": "文件送达",
            },
        ),
    ]
