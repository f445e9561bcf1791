"""Units with a short name are found by the initials of the whole one as well."""

from django.db import migrations
from pypinyin import Style, lazy_pinyin


def fill(apps, schema_editor):
    units = apps.get_model("members", "MemberUnit").objects
    changed = []
    for unit in units.exclude(short_name="").only("name", "short_name", "initials").iterator(500):
        if unit.short_name != unit.name:
            both = ("".join(lazy_pinyin(text, style=Style.FIRST_LETTER)) for text in (unit.short_name, unit.name))
            unit.initials = " ".join(both)[:80]
            changed.append(unit)
    units.bulk_update(changed, ["initials"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("members", "0008_declined")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
