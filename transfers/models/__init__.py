"""Files that came in, row by row."""

from transfers.models.imports import ImportBatch, ImportRow

__all__ = ["ImportBatch", "ImportRow"]
