"""The resident reads what a meeting resolved about what they said.

What stands in the table is looked through in the next migration, so that nobody waits for it meanwhile.
"""

from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("needs", "0023_errands_of_the_street"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="needevent",
            name="needevent_words_have_a_reader",
        ),
        migrations.RemoveConstraint(
            model_name="needevent",
            name="needevent_verb_known",
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
                    ("talked", "会上议过"),
                ],
                max_length=16,
                verbose_name="动作",
            ),
        ),
        AddConstraintNotValid(
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
                            "talked",
                        ],
                    )
                ),
                name="needevent_verb_known",
            ),
        ),
        AddConstraintNotValid(
            model_name="needevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("words", ""),
                    ("audience", "staff"),
                    ("verb__in", ("reply", "ask", "finish", "decline", "talked", "supplement", "withdraw")),
                    _connector="OR",
                ),
                name="needevent_words_have_a_reader",
            ),
        ),
    ]
