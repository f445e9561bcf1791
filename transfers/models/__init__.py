"""Files that came in, row by row; files that went out."""

from transfers.models.exports import Export
from transfers.models.imports import ImportBatch, ImportRow

__all__ = ["Export", "ImportBatch", "ImportRow"]
