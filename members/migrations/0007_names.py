"""Names are searched by pairs of characters: two columns that the database keeps, one of them under GIN."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations
from django.db.migrations.operations.base import Operation

from alliance.lib.search import Names, create_functions

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


def columns(model: str, names: Names) -> list[Operation]:
    return [
        migrations.AddField(model, "search_text", names.text_column()),
        migrations.AddField(model, "search", names.search_column()),
    ]


class Migration(migrations.Migration):
    dependencies = [("members", "0006_published_versions")]

    operations = [
        create_functions(),
        *(operation for model, names in FOUND_BY.items() for operation in columns(model, names)),
        *(
            migrations.AddIndex(model, GinIndex("search", name=name, fastupdate=False))
            for model, name in INDEXES.items()
        ),
    ]
