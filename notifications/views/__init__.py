"""Pages of notifications: the inbox in the workbench, and what the public site shows."""
