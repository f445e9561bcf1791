import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from points import guards


class Migration(migrations.Migration):
    dependencies = [
        ("points", "0005_handed_over_today"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="rule",
            name="rule_one_at_a_time",
        ),
        migrations.AddField(
            model_name="rule",
            name="withdrawn_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="撤回时间"),
        ),
        migrations.AddField(
            model_name="rule",
            name="withdrawn_by",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="谁撤回的",
            ),
        ),
        migrations.AddField(
            model_name="rule",
            name="withdrawn_why",
            field=models.CharField(
                blank=True, db_default="", editable=False, max_length=200, verbose_name="为什么撤回"
            ),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                expressions=[
                    (
                        models.Func(
                            "starts_on",
                            "ends_on",
                            django.contrib.postgres.fields.ranges.RangeBoundary(),
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    )
                ],
                name="rule_one_at_a_time",
                violation_error_message="这段时间已经有一版规则了。",
            ),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True), ("withdrawn_why", "")),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        ("withdrawn_by__isnull", False),
                        models.Q(("withdrawn_why", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="rule_withdrawn_says_why",
            ),
        ),
        guards.withdraw_rules(),
    ]
