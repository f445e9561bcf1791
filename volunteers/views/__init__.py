"""Public pages of volunteering."""
