"""Lists of meetings in the workbench."""
