"""What everybody may read of minutes."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0003_here_by_code"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Extract",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("street_code", models.CharField(editable=False, max_length=9)),
                ("words", models.TextField(blank=True, max_length=2000, verbose_name="公开摘要")),
                ("shown_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="公开时间")),
                ("hidden_at", models.DateTimeField(blank=True, null=True, verbose_name="撤下时间")),
            ],
            options={
                "verbose_name": "公开摘要",
                "verbose_name_plural": "公开摘要",
            },
        ),
        migrations.RemoveConstraint(
            model_name="meetingevent",
            name="meetingevent_verb_known",
        ),
        migrations.AlterField(
            model_name="meetingevent",
            name="verb",
            field=models.CharField(
                choices=[
                    ("plan", "排期"),
                    ("edit", "修改"),
                    ("move", "改期"),
                    ("invite", "参会名单"),
                    ("agenda", "议程"),
                    ("call", "发通知"),
                    ("answer", "答复"),
                    ("present", "签到"),
                    ("hold", "会已开"),
                    ("minute", "纪要"),
                    ("result", "决议"),
                    ("send", "归档"),
                    ("call_off", "取消"),
                    ("show", "公开摘要"),
                    ("hide", "撤下公开摘要"),
                ],
                max_length=12,
                verbose_name="动作",
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "verb__in",
                        [
                            "plan",
                            "edit",
                            "move",
                            "invite",
                            "agenda",
                            "call",
                            "answer",
                            "present",
                            "hold",
                            "minute",
                            "result",
                            "send",
                            "call_off",
                            "show",
                            "hide",
                        ],
                    )
                ),
                name="meetingevent_verb_known",
            ),
        ),
        migrations.AddField(
            model_name="extract",
            name="meeting",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="extract",
                to="meetings.meeting",
                verbose_name="会议",
            ),
        ),
        migrations.AddField(
            model_name="extract",
            name="shown_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="谁公开的",
            ),
        ),
        migrations.AddIndex(
            model_name="extract",
            index=models.Index(
                models.F("street_code"),
                models.OrderBy(models.F("shown_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("hidden_at__isnull", True)),
                name="extract_street_newest",
            ),
        ),
        migrations.AddConstraint(
            model_name="extract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("hidden_at__isnull", True), models.Q(("words", ""), _negated=True)),
                    models.Q(("hidden_at__isnull", False), ("words", "")),
                    _connector="OR",
                ),
                name="extract_shown_has_words",
            ),
        ),
    ]
