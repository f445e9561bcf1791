"""The yearly two lists of the member units; units as askers of needs; what of the needs stands in the public list."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from alliance.lib.appendonly import guard


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0012_suspended_why_shown"),
        ("needs", "0017_resources_proposed"),
        ("people", "0004_list_choices"),
        ("resources", "0002_waiting"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ListEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("open", "开始填报"),
                            ("change", "修改"),
                            ("close", "结束填报"),
                            ("reopen", "再开放"),
                            ("remind", "催一下"),
                            ("save", "存草稿"),
                            ("send", "提交"),
                            ("take_back", "收回"),
                            ("take", "采纳"),
                            ("leave", "不采纳"),
                        ],
                        max_length=12,
                        verbose_name="动作",
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=10)),
                ("target", models.CharField(max_length=10)),
                ("words", models.CharField(blank=True, max_length=200, verbose_name="内容")),
            ],
            options={
                "verbose_name": "两张清单的经过",
                "verbose_name_plural": "两张清单的经过",
                "ordering": ("at", "id"),
            },
        ),
        migrations.CreateModel(
            name="ListLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="版本")),
                (
                    "side",
                    models.CharField(
                        choices=[("give", "服务清单"), ("need", "需求清单")], max_length=4, verbose_name="哪张清单"
                    ),
                ),
                ("client_key", models.UUIDField(editable=False)),
                ("what", models.CharField(max_length=60, verbose_name="是什么")),
                (
                    "amount",
                    models.PositiveIntegerField(
                        blank=True, help_text="场地写坐得下几个人", null=True, verbose_name="多少"
                    ),
                ),
                ("whom", models.CharField(blank=True, max_length=60, verbose_name="给谁的")),
                ("on_when", models.CharField(blank=True, max_length=60, verbose_name="什么时候")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("sent", "已提交"),
                            ("taken", "已采纳"),
                            ("not_taken", "没有采纳"),
                            ("taken_back", "已收回"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="提交时间")),
                (
                    "left_why",
                    models.CharField(blank=True, editable=False, max_length=200, verbose_name="为什么没有采纳"),
                ),
            ],
            options={
                "verbose_name": "清单条目",
                "verbose_name_plural": "清单条目",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="ListRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="版本")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                ("title", models.CharField(max_length=60, verbose_name="名称")),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="对各单位说的话")),
                ("last_day", models.DateField(verbose_name="最晚哪天填")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "填报中"), ("closed", "已结束")],
                        default="open",
                        editable=False,
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                (
                    "opened_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="开始时间"),
                ),
                ("reminded_on", models.DateField(blank=True, editable=False, null=True, verbose_name="最近一次催")),
            ],
            options={
                "verbose_name": "两张清单",
                "verbose_name_plural": "两张清单",
            },
        ),
        migrations.CreateModel(
            name="UnitLists",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="版本")),
                (
                    "state",
                    models.CharField(
                        choices=[("empty", "还没填"), ("draft", "草稿"), ("sent", "已提交")],
                        default="empty",
                        editable=False,
                        max_length=8,
                        verbose_name="填到哪里",
                    ),
                ),
                ("saved_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="最近一次存")),
                ("sent_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="提交时间")),
            ],
            options={
                "verbose_name": "填报情况",
                "verbose_name_plural": "填报情况",
            },
        ),
        migrations.RemoveConstraint(
            model_name="need",
            name="need_channel_known",
        ),
        migrations.RemoveConstraint(
            model_name="needevent",
            name="needevent_verb_known",
        ),
        migrations.RemoveConstraint(
            model_name="needevent",
            name="needevent_notes_stay_inside",
        ),
        migrations.AddField(
            model_name="need",
            name="asker",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="members.memberunit",
                verbose_name="提出单位",
            ),
        ),
        migrations.AddField(
            model_name="need",
            name="listed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="列入时间"),
        ),
        migrations.AddField(
            model_name="need",
            name="listed_words",
            field=models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=60, verbose_name="公开的一句话"
            ),
        ),
        migrations.AlterField(
            model_name="need",
            name="channel",
            field=models.CharField(
                choices=[
                    ("web", "网页"),
                    ("qr", "扫楼道码"),
                    ("api", "接口"),
                    ("staff", "代填"),
                    ("lists", "两张清单"),
                ],
                default="web",
                max_length=8,
                verbose_name="渠道",
            ),
        ),
        migrations.AlterField(
            model_name="needevent",
            name="verb",
            field=models.CharField(
                choices=[
                    ("submit", "提交"),
                    ("accept", "受理"),
                    ("assign", "转给"),
                    ("escalate", "上报街道"),
                    ("send_back", "退回社区"),
                    ("return", "退回"),
                    ("decline", "不予受理"),
                    ("errand", "转跑腿"),
                    ("wish", "转心愿"),
                    ("reply", "回复居民"),
                    ("ask", "请补充"),
                    ("resume", "恢复计时"),
                    ("extend", "申请延期"),
                    ("grant", "同意延期"),
                    ("refuse", "不同意"),
                    ("finish", "办好了"),
                    ("will_help", "可以帮"),
                    ("report", "回复办理"),
                    ("hand_back", "帮不了"),
                    ("propose", "推荐资源"),
                    ("list", "列入需求清单"),
                    ("unlist", "移出需求清单"),
                    ("note", "内部备注"),
                    ("supplement", "补充"),
                    ("withdraw", "撤回"),
                    ("close", "办结"),
                    ("reopen", "重办"),
                    ("lapse", "未评价"),
                    ("call_back", "回访"),
                    ("settle", "回访办结"),
                    ("called", "打过电话"),
                    ("dial", "拨打"),
                    ("slip", "打印凭条"),
                    ("urge", "催一下"),
                    ("move", "改答复日期"),
                ],
                max_length=16,
                verbose_name="动作",
            ),
        ),
        migrations.AddIndex(
            model_name="need",
            index=models.Index(
                models.F("asker"),
                models.OrderBy(models.F("created_at"), descending=True),
                condition=models.Q(("asker__isnull", False)),
                name="need_asker_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="need",
            index=models.Index(
                models.F("street_code"),
                models.OrderBy(models.F("listed_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("listed", True)),
                name="need_listed",
            ),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("asker__isnull", False), ("origin", "unit")),
                    models.Q(models.Q(("origin", "unit"), _negated=True), ("asker__isnull", True)),
                    _connector="OR",
                ),
                name="need_asker_is_of_a_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("listed", True), ("listed_at__isnull", False), models.Q(("listed_words", ""), _negated=True)
                    ),
                    models.Q(("listed", False), ("listed_at__isnull", True), ("listed_words", "")),
                    _connector="OR",
                ),
                name="need_listed_has_its_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["web", "qr", "api", "staff", "lists"])), name="need_channel_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="needevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "verb__in",
                        [
                            "submit",
                            "accept",
                            "assign",
                            "escalate",
                            "send_back",
                            "return",
                            "decline",
                            "errand",
                            "wish",
                            "reply",
                            "ask",
                            "resume",
                            "extend",
                            "grant",
                            "refuse",
                            "finish",
                            "will_help",
                            "report",
                            "hand_back",
                            "propose",
                            "list",
                            "unlist",
                            "note",
                            "supplement",
                            "withdraw",
                            "close",
                            "reopen",
                            "lapse",
                            "call_back",
                            "settle",
                            "called",
                            "dial",
                            "slip",
                            "urge",
                            "move",
                        ],
                    )
                ),
                name="needevent_verb_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="needevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "verb__in",
                            (
                                "note",
                                "dial",
                                "slip",
                                "return",
                                "resume",
                                "extend",
                                "refuse",
                                "will_help",
                                "report",
                                "hand_back",
                                "call_back",
                                "propose",
                                "unlist",
                            ),
                        ),
                        _negated=True,
                    ),
                    ("audience", "staff"),
                    _connector="OR",
                ),
                name="needevent_notes_stay_inside",
            ),
        ),
        migrations.AddField(
            model_name="listevent",
            name="actor",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="经手人",
            ),
        ),
        migrations.AddField(
            model_name="listline",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="谁填的",
            ),
        ),
        migrations.AddField(
            model_name="listline",
            name="copied_from",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="needs.listline",
                verbose_name="照哪一条抄的",
            ),
        ),
        migrations.AddField(
            model_name="listline",
            name="decided_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="经手人",
            ),
        ),
        migrations.AddField(
            model_name="listline",
            name="kind",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="resources.resourcekind",
                verbose_name="种类",
            ),
        ),
        migrations.AddField(
            model_name="listline",
            name="need",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="list_line",
                to="needs.need",
                verbose_name="需求",
            ),
        ),
        migrations.AddField(
            model_name="listline",
            name="resource",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="resources.resource",
                verbose_name="资源",
            ),
        ),
        migrations.AddField(
            model_name="listevent",
            name="line",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="events", to="needs.listline"
            ),
        ),
        migrations.AddField(
            model_name="listround",
            name="alliance",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="members.alliance",
                verbose_name="党建联盟",
            ),
        ),
        migrations.AddField(
            model_name="listround",
            name="opened_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="经手人",
            ),
        ),
        migrations.AddField(
            model_name="listevent",
            name="round",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="events", to="needs.listround"
            ),
        ),
        migrations.AddField(
            model_name="unitlists",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lists",
                to="needs.listround",
                verbose_name="哪一轮",
            ),
        ),
        migrations.AddField(
            model_name="unitlists",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="members.memberunit",
                verbose_name="单位",
            ),
        ),
        migrations.AddField(
            model_name="listline",
            name="lists",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="needs.unitlists",
                verbose_name="填报",
            ),
        ),
        migrations.AddField(
            model_name="listevent",
            name="lists",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="needs.unitlists",
            ),
        ),
        migrations.AddIndex(
            model_name="listround",
            index=models.Index(
                models.OrderBy(models.F("last_day"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="listround_newest",
            ),
        ),
        migrations.AddConstraint(
            model_name="listround",
            constraint=models.UniqueConstraint(
                fields=("alliance", "year"),
                name="listround_once_a_year",
                violation_error_message="这个联盟这一年已经开始填报了。",
            ),
        ),
        migrations.AddConstraint(
            model_name="listround",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "closed"])), name="listround_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="listround",
            constraint=models.CheckConstraint(
                condition=models.Q(("year__gte", 2000), ("year__lte", 2100)), name="listround_year_sane"
            ),
        ),
        migrations.AddConstraint(
            model_name="listround",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="listround_has_title"
            ),
        ),
        migrations.AddConstraint(
            model_name="unitlists",
            constraint=models.UniqueConstraint(fields=("round", "unit"), name="unitlists_once"),
        ),
        migrations.AddConstraint(
            model_name="unitlists",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["empty", "draft", "sent"])), name="unitlists_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="unitlists",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at__isnull", False), ("state", "sent")),
                    models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", True)),
                    _connector="OR",
                ),
                name="unitlists_sent_has_its_time",
            ),
        ),
        migrations.AddIndex(
            model_name="listline",
            index=models.Index(
                models.OrderBy(models.F("sent_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("state", "draft"), _negated=True),
                name="listline_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="listline",
            index=models.Index(
                condition=models.Q(("side", "need"), ("state", "sent")), fields=["sent_at"], name="listline_waits"
            ),
        ),
        migrations.AddConstraint(
            model_name="listline",
            constraint=models.UniqueConstraint(fields=("client_key",), name="listline_client_key_once"),
        ),
        migrations.AddConstraint(
            model_name="listline",
            constraint=models.UniqueConstraint(fields=("lists", "copied_from"), name="listline_copied_once"),
        ),
        migrations.AddConstraint(
            model_name="listline",
            constraint=models.CheckConstraint(
                condition=models.Q(("side__in", ["give", "need"])), name="listline_side_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="listline",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "sent", "taken", "not_taken", "taken_back"])),
                name="listline_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="listline",
            constraint=models.CheckConstraint(
                condition=models.Q(("what", ""), _negated=True), name="listline_says_what"
            ),
        ),
        migrations.AddConstraint(
            model_name="listline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("need__isnull", True), ("side", "give"), ("state__in", ["draft", "sent"])),
                    models.Q(
                        ("amount__isnull", True), ("kind__isnull", True), ("resource__isnull", True), ("side", "need")
                    ),
                    _connector="OR",
                ),
                name="listline_side_fits",
            ),
        ),
        migrations.AddConstraint(
            model_name="listline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "draft"),
                    ("side", "need"),
                    models.Q(("kind__isnull", False), ("resource__isnull", False)),
                    _connector="OR",
                ),
                name="listline_given_is_offered",
            ),
        ),
        migrations.AddConstraint(
            model_name="listline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("need__isnull", False), ("state", "taken")),
                    models.Q(models.Q(("state", "taken"), _negated=True), ("need", None)),
                    _connector="OR",
                ),
                name="listline_taken_is_a_need",
            ),
        ),
        migrations.AddConstraint(
            model_name="listline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "not_taken"), models.Q(("left_why", ""), _negated=True)),
                    models.Q(models.Q(("state", "not_taken"), _negated=True), ("left_why", "")),
                    _connector="OR",
                ),
                name="listline_left_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="listline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at__isnull", True), ("state", "draft")),
                    models.Q(models.Q(("state", "draft"), _negated=True), ("sent_at__isnull", False)),
                    _connector="OR",
                ),
                name="listline_sent_has_its_time",
            ),
        ),
        migrations.AddIndex(
            model_name="listevent",
            index=models.Index(fields=["round", "at", "id"], name="listevent_round_at"),
        ),
        migrations.AddConstraint(
            model_name="listevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "verb__in",
                        ["open", "change", "close", "reopen", "remind", "save", "send", "take_back", "take", "leave"],
                    )
                ),
                name="listevent_verb_known",
            ),
        ),
        guard("needs_listevent"),
    ]
