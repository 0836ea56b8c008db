"""What others build against, kept as files: openapi.json, one JSON Schema an event, and api.md made from the first.

`desk openapi` calls `export(app)` and writes them; `desk openapi --check` calls `differences(app)` and fails on any.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from litestar import Litestar, Router
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from app.core import events
from app.core.events import Fact
from app.core.security import access_of
from app.core.telemetry import VERSION

ROOT = Path(__file__).resolve().parents[2] / "infra"
OPENAPI = Path("contracts/openapi.json")
EVENTS = Path("contracts/events")
API = Path("docs/api.md")


def openapi_config() -> OpenAPIConfig:
    """For `Litestar(openapi_config=…)`: the document at /schema/openapi.json, and no viewer from elsewhere."""
    return OpenAPIConfig(
        title="Autotrader.pk desk",
        version=VERSION.partition("+")[0],
        description="Errors are RFC 9457 problem documents with `code` and `errors[]`.",
        path="/schema",
        render_plugins=[JsonRenderPlugin()],
        openapi_router=Router("/schema", route_handlers=[], include_in_schema=False, opt={"access": "public"}),
        use_handler_docstrings=True,
    )


class ContractBroken(Exception):
    """An event changed in a way its readers would stumble over; its fact needs the next `version`."""


def export(app: Litestar, root: Path = ROOT) -> list[Path]:
    """Write every contract under `root` and return the files that changed. Raises ContractBroken, writing nothing.

    Schemas of earlier versions of an event stay: old rows and old subscribers still speak them.
    """
    files = _files(app)
    if broken := _broken(files, root):
        raise ContractBroken("\n".join(broken))
    changed = [path for path, text in files.items() if _read(root / path) != text]
    for path in changed:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(files[path], encoding="utf-8")
    return changed


def differences(app: Litestar, root: Path = ROOT) -> list[str]:
    """One line for each contract that is not what the code says, and each event that would break its readers."""
    files = _files(app)
    kept = {path: _read(root / path) for path in files}
    found = [f"{path}: is missing" for path, text in kept.items() if text is None]
    found += [
        f"{path}: is not what the code says; run `desk openapi`"
        for path, text in kept.items()
        if text not in (None, files[path])
    ]
    tags = events.fact_types()
    found += [
        f"{EVENTS / file.name}: no fact has this tag any more"
        for file in sorted((root / EVENTS).glob("*.json"))
        if file.name.rpartition(".v")[0] not in tags
    ]
    return found + _broken(files, root)


def _broken(files: Mapping[Path, str], root: Path) -> list[str]:
    found = []
    for path, text in files.items():
        kept = _read(root / path)
        if kept is not None and path.parent == EVENTS:
            found += [f"{path}: {line}" for line in breaks(msgspec.json.decode(kept), msgspec.json.decode(text))]
    return found


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _files(app: Litestar) -> dict[Path, str]:
    document = openapi(app)
    files = {OPENAPI: _pretty(document), API: api_page(app, document)}
    for tag, kind in sorted(events.fact_types().items()):
        files[EVENTS / f"{tag}.v{kind.version}.json"] = _pretty(event_schema(kind))
    return files


def openapi(app: Litestar) -> dict[str, Any]:
    return msgspec.json.decode(msgspec.json.encode(app.openapi_schema.to_schema()), type=dict[str, Any])


def event_schema(kind: type[Fact]) -> dict[str, Any]:
    """JSON Schema of the fact as it travels in rows, webhooks and sockets."""
    (reference,), components = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    definitions = {name: dict(found) for name, found in components.items()}
    name = reference["$ref"].rpartition("/")[2]
    body = definitions.pop(name)
    found: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **body,
        "title": events.tag_of(kind),
    }
    return {**found, "$defs": definitions} if definitions else found


def breaks(before: Mapping[str, Any], after: Mapping[str, Any], at: str = "") -> list[str]:
    """Why a reader or a stored row of `before` would stumble over `after`; empty when compatible.

    A field may be added with a default and a sentence may change; anything else needs a new `version` of the fact.
    """
    old, new = before.get("properties", {}), after.get("properties", {})
    required = set(after.get("required", ())) - set(before.get("required", ()))
    changed = [name for name in sorted(old.keys() & new.keys()) if _shape(old[name]) != _shape(new[name])]
    found = [f"field {at}{name} is gone" for name in sorted(old.keys() - new.keys())]
    found += [f"field {at}{name} is now required" for name in sorted(required)]
    found += [f"field {at}{name} has another type" for name in changed]
    removed = before.get("$defs", {}).keys() - after.get("$defs", {}).keys()
    found += [f"type {name} is gone" for name in sorted(removed)]
    for name in sorted(before.get("$defs", {}).keys() & after.get("$defs", {}).keys()):
        found += breaks(before["$defs"][name], after["$defs"][name], f"{name}.")
    return found


def _shape(schema: Any) -> Any:
    """A schema without the words and defaults that change nothing for a reader."""
    if isinstance(schema, Mapping):
        kept = {key: _shape(value) for key, value in schema.items() if key not in ("description", "title", "default")}
        return dict(sorted(kept.items()))
    return [_shape(item) for item in schema] if isinstance(schema, list) else schema


def api_page(app: Litestar, document: Mapping[str, Any]) -> str:
    """Every call on one page: method, path, who may, what it does."""
    access = dict(_access(app))
    lines = [
        "# API",
        "",
        "Made from `infra/contracts/openapi.json` by `desk openapi`; do not edit. Lists answer",
        "`{items[], next_cursor, position}`; errors are problem documents with `code` and `errors[]`.",
        "",
        "| call | who | does |",
        "|---|---|---|",
    ]
    for path, item in sorted(document.get("paths", {}).items()):
        for method, operation in sorted(item.items()):
            if "responses" in operation:
                who = access.get((path, method.upper()), "")
                lines.append(f"| `{method.upper()} {path}` | {who} | {_does(operation)} |")
    return "\n".join(lines) + "\n"


def _does(operation: Mapping[str, Any]) -> str:
    """The first line of its docstring, else its name in words."""
    said = str(operation.get("description", "")).strip().partition("\n")[0]
    return said or "".join(f" {c.lower()}" if c.isupper() else c for c in operation.get("summary", "")).strip()


def _access(app: Litestar) -> Iterator[tuple[tuple[str, str], str]]:
    for route in app.routes:
        for method, (handler, _) in getattr(route, "route_handler_map", {}).items():
            if "access" in handler.opt:
                declared = access_of(handler)
                yield (route.path_format, str(method)), declared.action or declared.kind


def _pretty(document: Mapping[str, Any]) -> str:
    return msgspec.json.format(msgspec.json.encode(document, order="sorted"), indent=2).decode() + "\n"
