"""Deliveries, wordings and robots in the workbench."""

from notifications.admin.messages import MessageAdmin, MessageTextAdmin
from notifications.admin.robots import RobotAdmin

__all__ = ["MessageAdmin", "MessageTextAdmin", "RobotAdmin"]
