"""What files in and out add to the workbench."""

from __future__ import annotations

from alliance.lib.registry import contribute
from transfers.views import exports

contribute("workbench.urls", exports.urls, order=40)
contribute("list.tools", exports.export_tool, order=10)
