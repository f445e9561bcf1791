"""What volunteering hears from below."""
