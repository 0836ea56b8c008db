"""Further names of paths, resolved before anything looks at them: one handler, one set of rules, one metric."""

from collections.abc import Mapping
from typing import Any

App = Any
"""ASGI, as the server speaks it: Litestar's own types know no lifespan."""


class Aliases:
    """A path that begins with a key is served as if it began with the value."""

    def __init__(self, app: App, aliases: Mapping[str, str]) -> None:
        self._app, self._aliases = app, tuple(aliases.items())

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        for alias, real in self._aliases:
            if scope["type"] != "lifespan" and scope["path"].startswith(alias):
                renamed = {**scope, "path": real + scope["path"].removeprefix(alias)}
                raw = scope.get("raw_path")
                if raw and raw.startswith(alias.encode()):
                    renamed["raw_path"] = real.encode() + raw.removeprefix(alias.encode())
                scope = renamed
                break
        await self._app(scope, receive, send)
