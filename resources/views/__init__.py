"""Public pages of the warehouse."""
