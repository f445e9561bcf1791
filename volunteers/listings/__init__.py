"""Lists of volunteering."""
