"""A unit says how it will help and when it comes: beside the unit, for staff alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("needs", "0009_present_units"),
    ]

    operations = [
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
            name="unit_comes_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="单位说哪天来"),
        ),
        migrations.AddField(
            model_name="need",
            name="unit_said",
            field=models.CharField(
                blank=True, db_default="", editable=False, max_length=200, verbose_name="单位说可以怎么帮"
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
                    ("note", "内部备注"),
                    ("supplement", "补充"),
                    ("withdraw", "撤回"),
                    ("close", "办结"),
                    ("reopen", "重办"),
                    ("lapse", "未评价"),
                    ("call_back", "回访"),
                    ("settle", "回访办结"),
                    ("dial", "拨打"),
                    ("slip", "打印凭条"),
                    ("urge", "催一下"),
                    ("move", "改答复日期"),
                ],
                max_length=16,
                verbose_name="动作",
            ),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("unit__isnull", False),
                    models.Q(("unit_comes_on__isnull", True), ("unit_said", "")),
                    _connector="OR",
                ),
                name="need_unit_said_has_unit",
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
                            "note",
                            "supplement",
                            "withdraw",
                            "close",
                            "reopen",
                            "lapse",
                            "call_back",
                            "settle",
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
    ]
