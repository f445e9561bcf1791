"""The lists of projects in the workbench, each declared once: on its page, and again for a file."""
