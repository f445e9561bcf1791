"""The verbs of meetings: plan and call them, fill and keep the agenda, write the minutes, see to what was resolved."""
