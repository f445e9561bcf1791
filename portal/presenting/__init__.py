"""What the pages that belong to no one app show."""
