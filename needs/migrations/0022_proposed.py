"""Whoever gives a resource reads for which open needs it was proposed."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("needs", "0021_done_by")]

    operations = [
        migrations.AddIndex(
            model_name="needevent",
            index=models.Index("need", name="needevent_proposed", condition=Q(verb="propose")),
        ),
    ]
