"""Patrol sections of the demo: 下沙's rivers, walked by 湾嫂, a neighbour and a unit; one waits for somebody."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from claims.models import Claim
from people.models import User
from portal.demo import cast
from volunteers.models import Section, SectionNote, Team
from volunteers.services.section_notes import answer_note, write_note
from volunteers.services.section_turns import take_section
from volunteers.services.sections import add_section
