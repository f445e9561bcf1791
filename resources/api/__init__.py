"""The warehouse over the API."""
