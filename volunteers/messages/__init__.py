"""What is said about activities and volunteers."""
