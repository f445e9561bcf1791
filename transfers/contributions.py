"""What files in and out add to the workbench."""

from __future__ import annotations

from alliance.lib.registry import contribute
from transfers.views import exports, imports

contribute("workbench.urls", exports.urls, order=40)
contribute("list.tools", exports.export_tool, order=10)
contribute("workbench.urls", imports.urls, order=41)
contribute("workbench.nav", imports.nav, order=60)
