"""``make prove``: what is promised about a bad day, held against a bad day."""
