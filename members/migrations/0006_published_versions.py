"""A published version of a document is never changed, whoever asks; a draft tells who edited it in between."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0005_offers_expire_units_merge")]

    operations = [
        migrations.AddField(
            model_name="document",
            name="reminded_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="上次提醒"),
        ),
        migrations.AddField(
            model_name="documentversion",
            name="version",
            field=models.PositiveIntegerField(db_default=1, default=1, editable=False),
        ),
        migrations.RunSQL(
            """
            CREATE TRIGGER members_documentversion_published BEFORE UPDATE OR DELETE ON members_documentversion
                FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION tongxin_append_only();
            """,
            "DROP TRIGGER IF EXISTS members_documentversion_published ON members_documentversion;",
        ),
    ]
