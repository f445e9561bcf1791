"""What names are sorted by, for the rows that were there before; lists read along indexes of it."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

from alliance.lib.ordering import sort_key

BATCH = 500


def fill(apps, schema_editor):
    for name in ("Building", "MemberUnit", "PartyOrganisation"):
        rows = apps.get_model("members", name).objects.filter(sorted_as="").order_by("pk")
        last = 0
        while batch := list(rows.filter(pk__gt=last)[:BATCH]):
            for row in batch:
                row.sorted_as = sort_key(getattr(row, "short_name", "") or row.name)
            rows.model.objects.bulk_update(batch, ["sorted_as"])
            last = batch[-1].pk


def indexed(model, old, new):
    return [
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {new}", migrations.RunSQL.noop),
        AddIndexConcurrently(model, models.Index(fields=["street_code", "sorted_as", "id"], name=new)),
        RemoveIndexConcurrently(model, old),
    ]


class Migration(migrations.Migration):
    atomic = False  # a portion of rows at a time, and no table is locked while its index is built
    dependencies = [("members", "0010_sorted_as")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.RunSQL("SET lock_timeout = 0", migrations.RunSQL.noop),
        *indexed("memberunit", "unit_street_pinyin", "unit_street_sorted"),
        *indexed("partyorganisation", "party_street_pinyin", "party_street_sorted"),
        migrations.RunSQL("RESET lock_timeout", migrations.RunSQL.noop),
    ]
