"""Free words about a person leave the lines of history, which nobody may empty, for encrypted columns of the row."""

from __future__ import annotations

from typing import Any

import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models

import alliance.lib.privacy
from alliance.lib.privacy import decrypt, encrypt

PORTION = 500
REFUSED = "volunteer_refused_with_words"


def move_appeals(apps: Any, schema_editor: Any) -> None:
    """The newest words against 没有来, to the sign-up they are about."""
    del schema_editor
    said = apps.get_model("volunteers", "SignUpEvent").objects.filter(verb="appeal").exclude(words="")
    rows = apps.get_model("volunteers", "SignUp").objects.exclude(appeal="")
    for pk, words in said.order_by("pk").values_list("signup_id", "words").iterator(chunk_size=PORTION):
        rows.filter(pk=pk).update(appeal_words=words)


def move_back(apps: Any, schema_editor: Any) -> None:
    del schema_editor
    events = apps.get_model("volunteers", "SignUpEvent").objects.filter(verb="appeal")
    rows = apps.get_model("volunteers", "SignUp").objects.exclude(appeal_words="")
    for pk, words in rows.values_list("pk", "appeal_words").iterator(chunk_size=PORTION):
        events.filter(signup=pk).update(words=words)


def encrypt_refusals(apps: Any, schema_editor: Any) -> None:
    """While the column is a plain one still."""
    del schema_editor
    rows = apps.get_model("volunteers", "Volunteer").objects.exclude(refused_why="")
    for pk, words in rows.values_list("pk", "refused_why").iterator(chunk_size=PORTION):
        rows.filter(pk=pk).update(refused_why=encrypt(words))


def decrypt_refusals(apps: Any, schema_editor: Any) -> None:
    del schema_editor
    rows = apps.get_model("volunteers", "Volunteer").objects.exclude(refused_why="")
    for pk, words in rows.values_list("pk", "refused_why").iterator(chunk_size=PORTION):
        rows.filter(pk=pk).update(refused_why=decrypt(words))


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0003_grown_up")]

    operations = [
        migrations.AddField(
            model_name="signup",
            name="appeal_words",
            field=alliance.lib.privacy.EncryptedField(
                blank=True, db_default="", default="", editable=False, verbose_name="说明"
            ),
        ),
        migrations.RunPython(move_appeals, move_back),
        migrations.RemoveField(model_name="signupevent", name="words"),
        migrations.RemoveField(model_name="volunteerevent", name="words"),
        migrations.RemoveConstraint(model_name="volunteer", name=REFUSED),
        migrations.AlterField(
            model_name="volunteer",
            name="refused_why",
            field=models.TextField(blank=True, default="", editable=False, verbose_name="为什么没通过"),
        ),
        migrations.RunPython(encrypt_refusals, decrypt_refusals),
        migrations.AlterField(
            model_name="volunteer",
            name="refused_why",
            field=alliance.lib.privacy.EncryptedField(
                blank=True, default="", editable=False, verbose_name="为什么没通过"
            ),
        ),
        migrations.AddConstraint(
            model_name="volunteer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    django.db.models.lookups.GreaterThan(django.db.models.functions.text.Length("refused_why"), 0),
                    _connector="OR",
                ),
                name=REFUSED,
            ),
        ),
    ]
