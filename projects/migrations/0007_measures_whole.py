from django.db import migrations

from projects.weights import measures_make_a_hundred


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0006_same_words"),
    ]

    operations = [measures_make_a_hundred()]
