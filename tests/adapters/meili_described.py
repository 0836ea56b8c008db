"""Requests held against a description of Meilisearch's API: the published one where MEILI_OPENAPI names the file, else
our own of the routes we use."""

import gzip
import json
import os
import re
from pathlib import Path
from typing import Any

import httpx2
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

_OWN = Path(__file__).parent / "meili_description.json"
_NAME = "urn:meilisearch"


class Described:
    def __init__(self, path: Path) -> None:
        self.document = json.loads(path.read_text("utf-8"))
        schemas = self.document["components"]["schemas"]
        if "AttributePatterns" in schemas:
            # the published text says an object; on the wire it is what the object would hold
            schemas["AttributePatterns"] = {"type": "array", "items": {"type": "string"}}
        self._registry: Any = Registry().with_resource(_NAME, Resource(self.document, DRAFT202012))

    @classmethod
    def chosen(cls) -> "Described":
        return cls(Path(os.environ.get("MEILI_OPENAPI") or _OWN))

    def check(self, request: httpx2.Request) -> int:
        """The status of its answer. Raises AssertionError for a request that the description does not know."""
        template, route = self._route(request)
        known = {one["name"] for one in route.get("parameters", ()) if one["in"] == "query"} | set(
            route.get("query", ())
        )
        unknown = set(request.url.params) - known
        assert not unknown, f"{request.method} {template} takes no {unknown}"
        schema = self._body_of(route)
        body = json.loads(content(request) or b"null")
        if schema is None:
            assert body is None, f"{request.method} {template} takes no body"
        else:
            problems = [f"{one.json_path}: {one.message[:300]}" for one in self._validator(schema).iter_errors(body)]
            assert not problems, f"{request.method} {template}: {problems}"
        return route.get("answer") or min(int(status) for status in route["responses"])

    def _route(self, request: httpx2.Request) -> tuple[str, Any]:
        path = request.url.path
        for template in sorted(self.document["paths"], key=lambda one: one.count("{")):
            if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path):
                found = self.document["paths"][template].get(request.method.lower())
                if found:
                    return template, found
        raise AssertionError(f"no route {request.method} {path}")

    def _body_of(self, route: Any) -> Any:
        said = route.get("requestBody")
        if not said:
            return None
        if "schema" in said:
            return {"$ref": f"#/components/schemas/{said['schema']}"}
        return said["content"]["application/json"]["schema"]

    def _validator(self, schema: Any) -> Draft202012Validator:
        absolute = json.loads(json.dumps(schema).replace('"#/', f'"{_NAME}#/'))
        return Draft202012Validator(absolute, registry=self._registry)


def content(request: httpx2.Request) -> bytes:
    said = request.content
    return gzip.decompress(said) if request.headers.get("content-encoding") == "gzip" else said
