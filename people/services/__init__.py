"""What can be done with areas, people, consents, numbers and limits."""
