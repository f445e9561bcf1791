from django.db import migrations

from projects.frozen import keep_words


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0005_stories"),
    ]

    operations = [keep_words()]
