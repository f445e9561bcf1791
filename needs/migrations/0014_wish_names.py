"""Wishes are searched like names: by pairs of characters of number and words."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

from alliance.lib.search import Names

FOUND_BY = Names(texts=("number", "item"))


class Migration(migrations.Migration):
    dependencies = [("needs", "0013_answers_of_a_unit"), ("members", "0007_names")]

    operations = [
        migrations.AddField("wish", "search_text", FOUND_BY.text_column()),
        migrations.AddField("wish", "search", FOUND_BY.search_column()),
        migrations.AddIndex("wish", GinIndex("search", name="wish_search", fastupdate=False)),
    ]
