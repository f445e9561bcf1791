"""Pages of the workbench: files in and out."""
