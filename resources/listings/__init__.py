"""Lists of the warehouse in the workbench."""
