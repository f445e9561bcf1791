"""Names are searched by pairs of characters: two columns that the database keeps, one of them under GIN."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations
from django.db.migrations.operations.base import Operation

from alliance.lib.search import AddNames, Names, create_functions

FOUND_BY = {
    "alliance": Names(texts=("name",)),
    "bodykind": Names(texts=("name",)),
    "body": Names(texts=("name",)),
    "document": Names(texts=("title",)),
    "liaison": Names(texts=("name",)),
    "memberunit": Names(texts=("name", "short_name"), sounds=("pinyin", "initials"), tails=("uscc",)),
    "partyorganisation": Names(texts=("name",), sounds=("pinyin", "initials")),
}
INDEXES = {
    "body": "body_search",
    "document": "document_search",
    "liaison": "liaison_search",
    "memberunit": "unit_search",
    "partyorganisation": "party_search",
}


def indexed(model: str, name: str) -> list[Operation]:
    """Building waits for transactions that were open before, longer than others may wait for a lock; what a broken
    attempt has left is no index."""
    return [
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", migrations.RunSQL.noop),
        AddIndexConcurrently(model, GinIndex("search", name=name, fastupdate=False)),
    ]


class Migration(migrations.Migration):
    atomic = False  # one table at a time is locked, and none while its index is built
    dependencies = [("members", "0006_published_versions")]

    operations = [
        create_functions(),
        *(AddNames(model, names) for model, names in FOUND_BY.items()),
        migrations.RunSQL("SET lock_timeout = 0", migrations.RunSQL.noop),
        *(operation for model, name in INDEXES.items() for operation in indexed(model, name)),
        migrations.RunSQL("RESET lock_timeout", migrations.RunSQL.noop),
    ]
