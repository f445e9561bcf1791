from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0008_worded_on"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="deedrecord",
            name="deedrecord_verb_known",
        ),
        migrations.AlterField(
            model_name="deedrecord",
            name="verb",
            field=models.CharField(
                choices=[
                    ("propose", "提出"),
                    ("edit", "修改"),
                    ("screen", "初筛"),
                    ("argue", "论证"),
                    ("vote", "票决"),
                    ("publish", "公布"),
                    ("unpublish", "撤回公布"),
                    ("leave_out", "不入选"),
                    ("report", "月报"),
                    ("urge", "督促"),
                    ("accept", "验收"),
                    ("ask", "满意度"),
                    ("clear", "销号"),
                ],
                max_length=12,
                verbose_name="动作",
            ),
        ),
        migrations.AddConstraint(
            model_name="deedrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "verb__in",
                        [
                            "propose",
                            "edit",
                            "screen",
                            "argue",
                            "vote",
                            "publish",
                            "unpublish",
                            "leave_out",
                            "report",
                            "urge",
                            "accept",
                            "ask",
                            "clear",
                        ],
                    )
                ),
                name="deedrecord_verb_known",
            ),
        ),
        # Not of lines that were written before: history is not changed.
        AddConstraintNotValid(
            model_name="deedrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verb", "ask"), _negated=True),
                    models.Q(
                        ("params__asked__gte", 1),
                        ("params__asked__lte", 1000000),
                        ("params__satisfied__gte", 0),
                        ("params__satisfied__lte", models.F("params__asked")),
                    ),
                    _connector="OR",
                ),
                name="deedrecord_asked_in_bounds",
            ),
        ),
    ]
