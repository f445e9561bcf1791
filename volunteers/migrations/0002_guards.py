"""What is written once, or stands once it is confirmed; and what belongs to a unit never comes to point to one that was merged away."""

from __future__ import annotations

from django.db import migrations

from alliance.lib.appendonly import guard
from members.merged import guard as guard_unit
from volunteers.guards import guard_confirmed


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0001_initial")]

    operations = [
        guard("volunteers_activityevent"),
        guard("volunteers_signupevent"),
        guard("volunteers_hours"),
        guard("volunteers_volunteerevent"),
        guard_confirmed(),
        guard_unit("volunteers_activity"),
        guard_unit("volunteers_team"),
    ]
