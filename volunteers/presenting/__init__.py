"""How volunteering is shown."""
