"""Files in and out in the workbench: own pages, no changelists."""
