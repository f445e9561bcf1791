"""What is written once; and what belongs to a unit never comes to point to one that was merged away."""

from __future__ import annotations

from django.db import migrations

from alliance.lib.appendonly import guard
from members.merged import guard as guard_unit


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial")]

    operations = [
        guard("meetings_seriesevent"),
        guard("meetings_meetingevent"),
        guard("meetings_topicevent"),
        guard("meetings_actionevent"),
        guard("meetings_minutes"),
        guard_unit("meetings_series"),
        guard_unit("meetings_seriesinvitee"),
        guard_unit("meetings_meeting"),
        guard_unit("meetings_invitee"),
        guard_unit("meetings_topic"),
        guard_unit("meetings_actionitem"),
    ]
