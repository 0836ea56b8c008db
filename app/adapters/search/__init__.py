"""Search engines outside our own database, behind one port."""

import importlib
from collections.abc import Callable

from app.adapters.search.port import SearchIndex


def meilisearch(url: str, key: str | None, fold: Callable[[str], str], uid: str = "listings") -> SearchIndex:
    """Imported only where it is used: its client takes a second and 30 MB, and most desks have none."""
    meili = importlib.import_module("app.adapters.search.meili")
    server = importlib.import_module("app.adapters.search.meili_server")
    made: SearchIndex = meili.MeiliIndex(server.Server(url, key), fold=fold, uid=uid)
    return made
