"""What volunteering adds to the pages of the apps below."""
