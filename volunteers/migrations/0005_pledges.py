"""Signatures of pledges become rows of their own that nobody changes; those that stand are taken over."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from alliance.lib.appendonly import guard


def keep_what_stands(apps: Any, schema_editor: Any) -> None:
    """What members have signed and still is on their row; of closed accounts no words are left."""
    del schema_editor
    signed = apps.get_model("volunteers", "TeamMember").objects.exclude(pledge="").exclude(volunteer__name="")
    made = apps.get_model("volunteers", "PledgeSignature")
    made.objects.bulk_create(
        [
            made(member=row, words=row.pledge, signed_at=row.pledged_at, by_guardian=row.volunteer.born is not None)
            for row in signed.select_related("volunteer").order_by("pk")
        ],
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("volunteers", "0004_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="PledgeSignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.TextField(editable=False, verbose_name="签的责任保证书")),
                ("by_guardian", models.BooleanField(default=False, editable=False, verbose_name="监护人签的")),
                (
                    "signed_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="签的时间"),
                ),
                (
                    "member",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="volunteers.teammember",
                        verbose_name="队员",
                    ),
                ),
            ],
            options={
                "verbose_name": "责任保证书签字",
                "verbose_name_plural": "责任保证书签字",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True), name="pledgesignature_of_words"
                    )
                ],
            },
        ),
        guard("volunteers_pledgesignature"),
        migrations.RunPython(keep_what_stands, migrations.RunPython.noop),
    ]
