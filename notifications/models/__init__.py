"""Rows of notifications, by what they are about."""

from notifications.models.messages import CardLink, Message, MessageText
from notifications.models.preferences import Preference, QuietHours
from notifications.models.robots import Robot, RobotPost, RobotSending

__all__ = ["CardLink", "Message", "MessageText", "Preference", "QuietHours", "Robot", "RobotPost", "RobotSending"]
