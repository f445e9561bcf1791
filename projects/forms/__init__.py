"""What is typed about agreements and projects in the workbench."""
