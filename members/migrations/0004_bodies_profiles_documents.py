"""Sub-alliances, the matrix, bodies, party organisations, profiles, documents, offered seats, merges."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import alliance.lib.privacy
from alliance.lib.text import fold


def fill_name_keys(apps, schema_editor):
    MemberUnit = apps.get_model("members", "MemberUnit")
    for pk, name in MemberUnit.objects.values_list("pk", "name"):
        MemberUnit.objects.filter(pk=pk).update(name_key=fold(name)[:80])


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0003_seats_by_phone"),
        ("people", "0003_code_purpose"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Body",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("intro", models.CharField(blank=True, max_length=300, verbose_name="做什么")),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="顺序")),
                ("is_public", models.BooleanField(default=False, verbose_name="公开展示")),
                ("set_up_on", models.DateField(blank=True, null=True, verbose_name="成立日期")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="撤销日期")),
            ],
            options={
                "verbose_name": "机构",
                "verbose_name_plural": "机构",
                "ordering": ("kind__position", "position", "id"),
            },
        ),
        migrations.CreateModel(
            name="BodyKind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(editable=False, max_length=30, unique=True, verbose_name="键")),
                ("name", models.CharField(max_length=20, unique=True, verbose_name="名称")),
                (
                    "axis",
                    models.CharField(
                        blank=True,
                        choices=[("group", "界别"), ("zone", "片区")],
                        help_text="界别小组和片区在矩阵里排成行和列",
                        max_length=8,
                        verbose_name="矩阵",
                    ),
                ),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        help_text="用逗号分开，如 召集人,联系人,成员",
                        size=None,
                        verbose_name="角色",
                    ),
                ),
                (
                    "single_roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        help_text="如 召集人,联系人",
                        size=None,
                        verbose_name="只能有一位的角色",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="顺序")),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
            ],
            options={
                "verbose_name": "机构类型",
                "verbose_name_plural": "机构类型",
                "ordering": ("position", "id"),
            },
        ),
        migrations.CreateModel(
            name="BodySeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=20, verbose_name="角色")),
                (
                    "name",
                    models.CharField(blank=True, help_text="没有账号的人写姓名", max_length=30, verbose_name="姓名"),
                ),
                ("title", models.CharField(blank=True, max_length=40, verbose_name="职务或专长")),
                ("is_single", models.BooleanField(default=False, editable=False)),
                (
                    "is_public",
                    models.BooleanField(default=False, help_text="本人同意在公开页列出姓名", verbose_name="公开姓名"),
                ),
                ("starts_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="起")),
                (
                    "ends_on",
                    models.DateField(
                        blank=True, help_text="这一天起不再担任；长期的不填", null=True, verbose_name="止"
                    ),
                ),
            ],
            options={
                "verbose_name": "任职",
                "verbose_name_plural": "任职",
                "ordering": ("body", "-is_single", "starts_on", "id"),
            },
        ),
        migrations.CreateModel(
            name="Brand",
            fields=[
                (
                    "area",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="brand",
                        serialize=False,
                        to="people.area",
                        verbose_name="社区",
                    ),
                ),
                ("name", models.CharField(max_length=30, verbose_name="品牌")),
                (
                    "feature",
                    models.CharField(blank=True, help_text="如 军警民共建", max_length=40, verbose_name="特色定位"),
                ),
                ("intro", models.TextField(blank=True, max_length=500, verbose_name="简介")),
            ],
            options={
                "verbose_name": "社区品牌",
                "verbose_name_plural": "社区品牌",
                "ordering": ("area",),
            },
        ),
        migrations.CreateModel(
            name="Building",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("floors", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="层数")),
                ("pinyin", models.CharField(blank=True, editable=False, max_length=200, verbose_name="拼音")),
                ("initials", models.CharField(blank=True, editable=False, max_length=60, verbose_name="拼音首字母")),
            ],
            options={
                "verbose_name": "楼宇",
                "verbose_name_plural": "楼宇",
                "ordering": ("area", "pinyin", "id"),
            },
        ),
        migrations.CreateModel(
            name="Cultivation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="如 过硬支部培育", max_length=40, verbose_name="名称")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("criteria", models.TextField(blank=True, help_text="每行一条", max_length=600, verbose_name="标准")),
            ],
            options={
                "verbose_name": "培育名单",
                "verbose_name_plural": "培育名单",
                "ordering": ("-year", "id"),
            },
        ),
        migrations.CreateModel(
            name="Distinct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
            ],
            options={
                "verbose_name": "不是重复",
                "verbose_name_plural": "不是重复",
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("charter", "章程"), ("rules", "工作制度"), ("plan", "实施计划"), ("other", "其他")],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="标题")),
                ("is_public", models.BooleanField(default=False, verbose_name="公开展示")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="登记时间"),
                ),
            ],
            options={
                "verbose_name": "联盟文件",
                "verbose_name_plural": "联盟文件",
                "ordering": ("kind", "id"),
            },
        ),
        migrations.CreateModel(
            name="DocumentVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="版本")),
                ("text", models.TextField(blank=True, max_length=20000, verbose_name="正文")),
                ("change", models.CharField(blank=True, max_length=200, verbose_name="改了什么")),
                ("effective_on", models.DateField(blank=True, null=True, verbose_name="施行日期")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="登记时间"),
                ),
                ("published_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="发布时间")),
            ],
            options={
                "verbose_name": "文件版本",
                "verbose_name_plural": "文件版本",
                "ordering": ("document", "-number"),
            },
        ),
        migrations.CreateModel(
            name="Figure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(help_text="如 首批联盟单位", max_length=40, verbose_name="是什么")),
                ("value", models.CharField(help_text="如 28家、160余家", max_length=20, verbose_name="多少")),
                (
                    "as_of",
                    models.CharField(blank=True, help_text="如 2020年7月", max_length=20, verbose_name="什么时候"),
                ),
                ("source", models.CharField(help_text="谁在哪里说的", max_length=120, verbose_name="出处")),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="顺序")),
            ],
            options={
                "verbose_name": "联盟数字",
                "verbose_name_plural": "联盟数字",
                "ordering": ("position", "id"),
            },
        ),
        migrations.CreateModel(
            name="Listed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("listed_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="列入日期")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("growing", "培育中"), ("reached", "已达标"), ("left", "已退出")],
                        default="growing",
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="认定日期")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
            ],
            options={
                "verbose_name": "培育对象",
                "verbose_name_plural": "培育对象",
                "ordering": ("cultivation", "organisation__pinyin", "id"),
            },
        ),
        migrations.CreateModel(
            name="PartyOrganisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[("committee", "党委"), ("general", "党总支"), ("branch", "党支部")],
                        max_length=16,
                        verbose_name="类型",
                    ),
                ),
                ("secretary", models.CharField(blank=True, max_length=30, verbose_name="书记")),
                ("member_count", models.PositiveIntegerField(blank=True, null=True, verbose_name="党员人数")),
                ("set_up_on", models.DateField(blank=True, null=True, verbose_name="成立日期")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="撤销日期")),
                ("is_public", models.BooleanField(default=False, verbose_name="公开展示")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="备注")),
                ("pinyin", models.CharField(blank=True, editable=False, max_length=300, verbose_name="拼音")),
                ("initials", models.CharField(blank=True, editable=False, max_length=80, verbose_name="拼音首字母")),
            ],
            options={
                "verbose_name": "党组织",
                "verbose_name_plural": "党组织",
                "ordering": ("pinyin", "id"),
            },
        ),
        migrations.CreateModel(
            name="Placement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="起")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="止")),
            ],
            options={
                "verbose_name": "界别片区",
                "verbose_name_plural": "界别片区",
                "ordering": ("-starts_on", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("delivered_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="送达时间")),
                ("seen_at", models.DateTimeField(blank=True, null=True, verbose_name="看过时间")),
            ],
            options={
                "verbose_name": "文件送达",
                "verbose_name_plural": "文件送达",
                "ordering": ("version", "unit__pinyin", "id"),
            },
        ),
        migrations.CreateModel(
            name="SeatOffer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=30, verbose_name="请谁")),
                ("phone", alliance.lib.privacy.EncryptedField(blank=True, default="", verbose_name="手机")),
                ("phone_index", models.CharField(blank=True, default="", editable=False, max_length=43)),
                ("title", models.CharField(blank=True, max_length=40, verbose_name="职务")),
                ("is_second", models.BooleanField(default=False, verbose_name="第二联络员")),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="交接的话")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "等答复"),
                            ("taken", "已接任"),
                            ("declined", "没有接"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="open",
                        editable=False,
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("starts_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="从哪天起")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="发出时间"),
                ),
                ("expires_at", models.DateTimeField(editable=False, verbose_name="有效到")),
                ("answered_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="答复时间")),
            ],
            options={
                "verbose_name": "联络员邀请",
                "verbose_name_plural": "联络员邀请",
                "ordering": ("-created_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Strength",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("expertise", "专业特长"), ("service", "特色服务")], max_length=10, verbose_name="类别"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("detail", models.CharField(blank=True, max_length=200, verbose_name="说明")),
            ],
            options={
                "verbose_name": "特长和服务",
                "verbose_name_plural": "特长和服务",
                "ordering": ("kind", "id"),
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "near",
                    models.CharField(
                        choices=[("place", "地缘"), ("trade", "业缘"), ("interest", "趣缘")],
                        max_length=10,
                        verbose_name="哪一类",
                    ),
                ),
                ("name", models.CharField(max_length=20, verbose_name="名称")),
            ],
            options={
                "verbose_name": "单位标签",
                "verbose_name_plural": "单位标签",
                "ordering": ("near", "name"),
            },
        ),
        migrations.CreateModel(
            name="UnitMerge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("moved", models.JSONField(default=dict, verbose_name="移动了什么")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
            ],
            options={
                "verbose_name": "合并记录",
                "verbose_name_plural": "合并记录",
                "ordering": ("-at", "-id"),
            },
        ),
        migrations.RemoveConstraint(
            model_name="alliance",
            name="alliance_of_a_street",
        ),
        migrations.AddField(
            model_name="alliance",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                help_text="社区的子联盟才填",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sub_alliances",
                to="members.alliance",
                verbose_name="上级联盟",
            ),
        ),
        migrations.AddField(
            model_name="alliance",
            name="principles",
            field=models.TextField(
                blank=True,
                db_default="",
                help_text="每行一条，如 四共：组织共融、资源共享、服务共促、治理共抓",
                max_length=600,
                verbose_name="工作格局",
            ),
        ),
        migrations.AddField(
            model_name="memberunit",
            name="grid",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.area",
                verbose_name="网格",
            ),
        ),
        migrations.AddField(
            model_name="memberunit",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="members.memberunit",
                verbose_name="并入",
            ),
        ),
        migrations.AddField(
            model_name="memberunit",
            name="floor",
            field=models.CharField(
                blank=True, db_default="", help_text="如 12层、3-5层", max_length=20, verbose_name="楼层"
            ),
        ),
        migrations.AddField(
            model_name="memberunit",
            name="intro",
            field=models.TextField(blank=True, db_default="", max_length=500, verbose_name="单位简介"),
        ),
        migrations.AddField(
            model_name="memberunit",
            name="name_key",
            field=models.CharField(blank=True, db_default="", editable=False, max_length=80),
        ),
        migrations.AddField(
            model_name="memberunit",
            name="shows",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("intro", "简介"),
                        ("strengths", "特长和服务"),
                        ("tags", "标签"),
                        ("place", "楼宇楼层"),
                        ("party", "党组织"),
                    ],
                    max_length=12,
                ),
                blank=True,
                db_default=models.Value(
                    [],
                    output_field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), size=None
                    ),
                ),
                default=list,
                help_text="单位同意公开展示，才在公开页列名；这里再选还公开什么",
                size=None,
                verbose_name="同意公开的内容",
            ),
        ),
        migrations.AlterField(
            model_name="alliance",
            name="area",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="alliances",
                to="people.area",
                verbose_name="所在地",
            ),
        ),
        migrations.AddConstraint(
            model_name="alliance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        django.db.models.lookups.Exact(django.db.models.functions.text.Length("area"), 9),
                        ("parent__isnull", True),
                    ),
                    models.Q(
                        django.db.models.lookups.Exact(django.db.models.functions.text.Length("area"), 12),
                        ("parent__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="alliance_of_a_street_or_below_one",
                violation_error_message="联盟设在街道一级；社区的子联盟要选上级联盟。",
            ),
        ),
        migrations.AlterConstraint(
            model_name="alliance",
            name="alliance_name_once",
            constraint=models.UniqueConstraint(
                fields=("area", "name"), name="alliance_name_once", violation_error_message="这里已有同名的联盟。"
            ),
        ),
        migrations.AddField(
            model_name="body",
            name="alliance",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bodies",
                to="members.alliance",
                verbose_name="党建联盟",
            ),
        ),
        migrations.AddField(
            model_name="body",
            name="area",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bodies",
                to="people.area",
                verbose_name="所在地",
            ),
        ),
        migrations.AddField(
            model_name="body",
            name="street_code",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Left("area_id", 9),
                output_field=models.CharField(max_length=9),
            ),
        ),
        migrations.AddField(
            model_name="body",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="children",
                to="members.body",
                verbose_name="上级机构",
            ),
        ),
        migrations.AddConstraint(
            model_name="bodykind",
            constraint=models.CheckConstraint(
                condition=models.Q(("axis__in", ["", "group", "zone"])), name="body_kind_axis_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="bodykind",
            constraint=models.CheckConstraint(
                condition=models.Q(("roles__len__gt", 0)),
                name="body_kind_has_roles",
                violation_error_message="请至少写一个角色。",
            ),
        ),
        migrations.AddConstraint(
            model_name="bodykind",
            constraint=models.CheckConstraint(
                condition=models.Q(("single_roles__contained_by", models.F("roles"))),
                name="body_kind_single_among_roles",
                violation_error_message="只能有一位的角色，要先写在角色里。",
            ),
        ),
        migrations.AddField(
            model_name="body",
            name="kind",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bodies",
                to="members.bodykind",
                verbose_name="类型",
            ),
        ),
        migrations.AddField(
            model_name="bodyseat",
            name="body",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="seats",
                to="members.body",
                verbose_name="机构",
            ),
        ),
        migrations.AddField(
            model_name="bodyseat",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="body_seats",
                to="members.memberunit",
                verbose_name="单位",
            ),
        ),
        migrations.AddField(
            model_name="bodyseat",
            name="user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="body_seats",
                to=settings.AUTH_USER_MODEL,
                verbose_name="账号",
            ),
        ),
        migrations.AddConstraint(
            model_name="brand",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Exact(django.db.models.functions.text.Length("area"), 12),
                name="brand_of_a_community",
                violation_error_message="品牌是社区的，请选择社区。",
            ),
        ),
        migrations.AddField(
            model_name="building",
            name="area",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="buildings",
                to="people.area",
                verbose_name="所在地",
            ),
        ),
        migrations.AddField(
            model_name="building",
            name="street_code",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Left("area_id", 9),
                output_field=models.CharField(max_length=9),
            ),
        ),
        migrations.AddField(
            model_name="memberunit",
            name="building",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="units",
                to="members.building",
                verbose_name="楼宇",
            ),
        ),
        migrations.AddField(
            model_name="cultivation",
            name="area",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.area", verbose_name="所在地"
            ),
        ),
        migrations.AddField(
            model_name="cultivation",
            name="street_code",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Left("area_id", 9),
                output_field=models.CharField(max_length=9),
            ),
        ),
        migrations.AddField(
            model_name="distinct",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="谁",
            ),
        ),
        migrations.AddField(
            model_name="distinct",
            name="first",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="members.memberunit",
                verbose_name="共建单位",
            ),
        ),
        migrations.AddField(
            model_name="distinct",
            name="second",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="members.memberunit",
                verbose_name="共建单位",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="alliance",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="members.alliance",
                verbose_name="党建联盟",
            ),
        ),
        migrations.AddField(
            model_name="documentversion",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="members.document",
                verbose_name="联盟文件",
            ),
        ),
        migrations.AddField(
            model_name="documentversion",
            name="published_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="发布人",
            ),
        ),
        migrations.AddField(
            model_name="figure",
            name="alliance",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="figures",
                to="members.alliance",
                verbose_name="党建联盟",
            ),
        ),
        migrations.AddField(
            model_name="listed",
            name="cultivation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="listed",
                to="members.cultivation",
                verbose_name="培育名单",
            ),
        ),
        migrations.AddField(
            model_name="partyorganisation",
            name="area",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="party_organisations",
                to="people.area",
                verbose_name="所在地",
            ),
        ),
        migrations.AddField(
            model_name="partyorganisation",
            name="street_code",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Left("area_id", 9),
                output_field=models.CharField(max_length=9),
            ),
        ),
        migrations.AddField(
            model_name="partyorganisation",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="children",
                to="members.partyorganisation",
                verbose_name="上级党组织",
            ),
        ),
        migrations.AddField(
            model_name="partyorganisation",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                help_text="社区自己的党组织不填",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="party_organisations",
                to="members.memberunit",
                verbose_name="所属单位",
            ),
        ),
        migrations.AddField(
            model_name="listed",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="listed",
                to="members.partyorganisation",
                verbose_name="党组织",
            ),
        ),
        migrations.AddField(
            model_name="placement",
            name="group",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="placed_in_group",
                to="members.body",
                verbose_name="界别",
            ),
        ),
        migrations.AddField(
            model_name="placement",
            name="membership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="placements",
                to="members.membership",
                verbose_name="联盟成员",
            ),
        ),
        migrations.AddField(
            model_name="placement",
            name="zone",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="placed_in_zone",
                to="members.body",
                verbose_name="片区",
            ),
        ),
        migrations.AddField(
            model_name="receipt",
            name="seen_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="谁看过",
            ),
        ),
        migrations.AddField(
            model_name="receipt",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="receipts",
                to="members.memberunit",
                verbose_name="共建单位",
            ),
        ),
        migrations.AddField(
            model_name="receipt",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="receipts",
                to="members.documentversion",
                verbose_name="文件版本",
            ),
        ),
        migrations.AddField(
            model_name="seatoffer",
            name="created_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="谁发出",
            ),
        ),
        migrations.AddField(
            model_name="seatoffer",
            name="hands_over",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="hand_overs",
                to="members.liaison",
                verbose_name="接谁的",
            ),
        ),
        migrations.AddField(
            model_name="seatoffer",
            name="seat",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="offer",
                to="members.liaison",
                verbose_name="席位",
            ),
        ),
        migrations.AddField(
            model_name="seatoffer",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="seat_offers",
                to="members.memberunit",
                verbose_name="共建单位",
            ),
        ),
        migrations.AddField(
            model_name="strength",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="strengths",
                to="members.memberunit",
                verbose_name="共建单位",
            ),
        ),
        migrations.AddField(
            model_name="tag",
            name="area",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.area", verbose_name="街道"
            ),
        ),
        migrations.AddField(
            model_name="memberunit",
            name="tags",
            field=models.ManyToManyField(blank=True, related_name="units", to="members.tag", verbose_name="标签"),
        ),
        migrations.AddIndex(
            model_name="memberunit",
            index=models.Index(fields=["name_key"], name="unit_by_name"),
        ),
        migrations.AddConstraint(
            model_name="memberunit",
            constraint=models.CheckConstraint(
                condition=models.Q(("shows__contained_by", ["intro", "strengths", "tags", "place", "party"])),
                name="unit_shows_known",
                violation_error_message="没有这项公开内容。",
            ),
        ),
        migrations.AddConstraint(
            model_name="memberunit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True),
                    models.Q(("merged_into", models.F("pk")), _negated=True),
                    _connector="OR",
                ),
                name="unit_merged_into_another",
                violation_error_message="不能并入自己。",
            ),
        ),
        migrations.AddField(
            model_name="unitmerge",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="谁",
            ),
        ),
        migrations.AddField(
            model_name="unitmerge",
            name="gone",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_away",
                to="members.memberunit",
                verbose_name="并入",
            ),
        ),
        migrations.AddField(
            model_name="unitmerge",
            name="kept",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merges",
                to="members.memberunit",
                verbose_name="保留",
            ),
        ),
        migrations.AddField(
            model_name="unitmerge",
            name="undone_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="谁撤销",
            ),
        ),
        migrations.AddIndex(
            model_name="body",
            index=models.Index(fields=["street_code", "kind", "position", "id"], name="body_street_kind"),
        ),
        migrations.AddConstraint(
            model_name="body",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on__isnull", True), ("ended_on__gte", models.F("set_up_on")), _connector="OR"
                ),
                name="body_dates_in_order",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="body",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on__isnull", True)),
                fields=("area", "kind", "name"),
                name="body_name_once",
                violation_error_message="这里已有同名的机构。",
            ),
        ),
        migrations.AddConstraint(
            model_name="bodyseat",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="body_seat_dates_in_order",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="bodyseat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("unit__isnull", False),
                    ("user__isnull", False),
                    models.Q(("name", ""), _negated=True),
                    _connector="OR",
                ),
                name="body_seat_of_somebody",
                violation_error_message="请选单位或账号，或者写姓名。",
            ),
        ),
        migrations.AddConstraint(
            model_name="bodyseat",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("is_single", True)),
                expressions=[
                    ("body", "="),
                    ("role", "="),
                    (
                        models.Func(
                            "starts_on",
                            "ends_on",
                            django.contrib.postgres.fields.ranges.RangeBoundary(),
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="body_seat_single_role",
                violation_error_message="这个角色这段时间已有人担任，请先给原来的填上结束日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="bodyseat",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("user__isnull", False)),
                expressions=[
                    ("body", "="),
                    ("user", "="),
                    (
                        models.Func(
                            "starts_on",
                            "ends_on",
                            django.contrib.postgres.fields.ranges.RangeBoundary(),
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="body_seat_person_once",
                violation_error_message="这个人这段时间已在这个机构任职。",
            ),
        ),
        migrations.AddConstraint(
            model_name="building",
            constraint=models.UniqueConstraint(
                fields=("area", "name"), name="building_once", violation_error_message="这里已有同名的楼宇。"
            ),
        ),
        migrations.AddConstraint(
            model_name="cultivation",
            constraint=models.UniqueConstraint(
                fields=("area", "name", "year"),
                name="cultivation_once_a_year",
                violation_error_message="这一年已有这个名单。",
            ),
        ),
        migrations.AddConstraint(
            model_name="cultivation",
            constraint=models.CheckConstraint(
                condition=models.Q(("year__gte", 1921), ("year__lte", 2100)),
                name="cultivation_year_plausible",
                violation_error_message="请核对年度。",
            ),
        ),
        migrations.AddConstraint(
            model_name="distinct",
            constraint=models.UniqueConstraint(fields=("first", "second"), name="distinct_once"),
        ),
        migrations.AddConstraint(
            model_name="distinct",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lt", models.F("second"))), name="distinct_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                fields=("alliance", "title"),
                name="document_title_once",
                violation_error_message="这个联盟已有同名的文件。",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["charter", "rules", "plan", "other"])), name="document_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.UniqueConstraint(fields=("document", "number"), name="version_number_once"),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("published_at__isnull", True)),
                fields=("document",),
                name="version_one_draft",
                violation_error_message="这个文件还有一份没有发布的草稿。",
            ),
        ),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.UniqueConstraint(
                fields=("alliance", "label"),
                name="figure_label_once",
                violation_error_message="这个联盟已有这一项数字。",
            ),
        ),
        migrations.AddIndex(
            model_name="partyorganisation",
            index=models.Index(fields=["street_code", "pinyin", "id"], name="party_street_pinyin"),
        ),
        migrations.AddConstraint(
            model_name="partyorganisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on__isnull", True), ("ended_on__gte", models.F("set_up_on")), _connector="OR"
                ),
                name="party_dates_in_order",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="partyorganisation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on__isnull", True)),
                fields=("area", "name"),
                name="party_name_once",
                violation_error_message="这里已有同名的党组织。",
            ),
        ),
        migrations.AddConstraint(
            model_name="partyorganisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["committee", "general", "branch"])),
                name="party_kind_known",
                violation_error_message="没有这个党组织类型。",
            ),
        ),
        migrations.AddConstraint(
            model_name="partyorganisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parent__isnull", True), models.Q(("parent", models.F("pk")), _negated=True), _connector="OR"
                ),
                name="party_not_below_itself",
                violation_error_message="上级不能是自己。",
            ),
        ),
        migrations.AddConstraint(
            model_name="listed",
            constraint=models.UniqueConstraint(
                fields=("cultivation", "organisation"),
                name="listed_once",
                violation_error_message="这个党组织已在名单上。",
            ),
        ),
        migrations.AddConstraint(
            model_name="listed",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["growing", "reached", "left"])), name="listed_outcome_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="listed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_on__isnull", True), ("outcome", "growing")),
                    models.Q(models.Q(("outcome", "growing"), _negated=True), ("decided_on__isnull", False)),
                    _connector="OR",
                ),
                name="listed_decided_has_date",
                violation_error_message="有了结果请填认定日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="placement",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="placement_dates_in_order",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="placement",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("membership", "="),
                    (
                        models.Func(
                            "starts_on",
                            "ends_on",
                            django.contrib.postgres.fields.ranges.RangeBoundary(),
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="placement_one_cell_at_a_time",
                violation_error_message="这个单位这段时间已有界别和片区。",
            ),
        ),
        migrations.AddConstraint(
            model_name="placement",
            constraint=models.CheckConstraint(
                condition=models.Q(("group__isnull", False), ("zone__isnull", False), _connector="OR"),
                name="placement_in_a_group_or_zone",
                violation_error_message="请至少选一个界别或片区。",
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(fields=("version", "unit"), name="receipt_once"),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("seen_at__isnull", True), ("seen_by__isnull", True)),
                    models.Q(("seen_at__isnull", False), ("seen_by__isnull", False)),
                    _connector="OR",
                ),
                name="receipt_seen_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="seatoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "taken", "declined", "withdrawn"])),
                name="seat_offer_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="seatoffer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("unit", "is_second"),
                name="seat_offer_one_open",
                violation_error_message="已经请了一位，正等答复。要换人请先撤回。",
            ),
        ),
        migrations.AddConstraint(
            model_name="seatoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("seat__isnull", False), ("state", "taken")),
                    models.Q(models.Q(("state", "taken"), _negated=True), ("seat__isnull", True)),
                    _connector="OR",
                ),
                name="seat_offer_taken_has_seat",
            ),
        ),
        migrations.AddConstraint(
            model_name="strength",
            constraint=models.UniqueConstraint(
                fields=("unit", "kind", "name"), name="strength_once", violation_error_message="已经写过这一项。"
            ),
        ),
        migrations.AddConstraint(
            model_name="strength",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["expertise", "service"])), name="strength_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.UniqueConstraint(
                fields=("area", "near", "name"), name="tag_once", violation_error_message="已有这个标签。"
            ),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.CheckConstraint(
                condition=models.Q(("near__in", ["place", "trade", "interest"])), name="tag_near_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Exact(django.db.models.functions.text.Length("area"), 9),
                name="tag_of_a_street",
                violation_error_message="标签设在街道一级，请选择街道。",
            ),
        ),
        migrations.AddField(
            model_name="alliance",
            name="street_code",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Left("area_id", 9),
                output_field=models.CharField(max_length=9),
            ),
        ),
        migrations.AddConstraint(
            model_name="unitmerge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at__isnull", True)), fields=("gone",), name="merge_of_a_unit_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="unitmerge",
            constraint=models.CheckConstraint(
                condition=models.Q(("kept", models.F("gone")), _negated=True), name="merge_of_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="unitmerge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("undone_at__isnull", True), ("undone_by__isnull", True)),
                    models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                    _connector="OR",
                ),
                name="merge_undone_by_somebody",
            ),
        ),
        migrations.RunPython(fill_name_keys, migrations.RunPython.noop),
    ]
