"""A resource may be proposed for a wish."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("needs", "0019_requests_left"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="wishevent",
            name="wishevent_verb_known",
        ),
        migrations.AlterField(
            model_name="wishevent",
            name="verb",
            field=models.CharField(
                choices=[
                    ("raise", "登记"),
                    ("edit", "修改"),
                    ("verify", "核实"),
                    ("approve", "通过"),
                    ("reject", "不通过"),
                    ("withdraw", "撤回"),
                    ("reopen", "再发布"),
                    ("propose", "推荐资源"),
                    ("claimed", "认领"),
                    ("sent", "送达中"),
                    ("delivered", "送到了"),
                    ("not_there", "没收到"),
                    ("fulfilled", "圆梦"),
                    ("returned", "退回认领"),
                    ("lapsed", "到期"),
                ],
                max_length=16,
                verbose_name="动作",
            ),
        ),
        migrations.AddConstraint(
            model_name="wishevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "verb__in",
                        [
                            "raise",
                            "edit",
                            "verify",
                            "approve",
                            "reject",
                            "withdraw",
                            "reopen",
                            "propose",
                            "claimed",
                            "sent",
                            "delivered",
                            "not_there",
                            "fulfilled",
                            "returned",
                            "lapsed",
                        ],
                    )
                ),
                name="wishevent_verb_known",
            ),
        ),
    ]
